"""Weeks and months, what stands in them, whose they are, and when a reminder is due. Pure."""
