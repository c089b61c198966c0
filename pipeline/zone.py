"""The zone in which this installation tells days and hours: nights, windows, deadlines, days on the command line.

Outlets have zones of their own: theirs is the day of an article, also of one that names none itself.
"""

from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")

# Minutes east of UTC of a source's zone, of which Indonesia has three that never change; WIB where none is known.
ZONE_MINUTES = """
CREATE OR REPLACE TEMP MACRO zone_minutes(zone) AS
    CASE zone WHEN 'Asia/Makassar' THEN 480 WHEN 'Asia/Jayapura' THEN 540 ELSE 420 END
"""
