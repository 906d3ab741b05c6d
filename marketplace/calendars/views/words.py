"""Days and months as the pages of calendars write them."""

from datetime import date

from marketplace.calendars.rules.words import day_words
from marketplace.calendars.views.blueprint import calendars


@calendars.app_template_filter("day_of_week")
def day_of_week(day: date) -> str:
    """Write Tuesday 4 March."""
    return day_words(day)


@calendars.app_template_filter("day_name")
def day_name(day: date) -> str:
    """Write Tuesday."""
    return f"{day:%A}"


@calendars.app_template_filter("month_name")
def month_name(day: date) -> str:
    """Write March."""
    return f"{day:%B}"


@calendars.app_template_filter("month_and_year")
def month_and_year(day: date) -> str:
    """Write March 2026."""
    return f"{day:%B %Y}"
