"""Text → structured findings: kind, cases, officials, places, dates, with the evidence behind each."""
