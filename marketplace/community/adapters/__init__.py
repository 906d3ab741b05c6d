"""What speaks to the outside: calendars, news feeds and signed links."""
