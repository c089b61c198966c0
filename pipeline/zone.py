"""The zone in which this installation tells days and hours: nights, windows, deadlines, days on the command line."""

from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
