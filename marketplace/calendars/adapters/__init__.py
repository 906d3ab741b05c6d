"""Calendars as other programs read them, and signed links."""
