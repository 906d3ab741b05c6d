"""Numbered migrations of the database, and what they share."""
