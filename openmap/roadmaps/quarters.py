"""Quarters of a year as whole numbers: the year times four, plus 0 to 3."""

from datetime import date

HORIZON = 6  # quarters after the current one: 18 months and what is left of this quarter


def quarter_of(day: date) -> int:
    """The quarter in which `day` lies."""
    return day.year * 4 + (day.month - 1) // 3


def first_day(quarter: int) -> date:
    """The day on which a quarter begins."""
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def horizon(day: date) -> range:
    """The quarters a roadmap looks ahead from `day`, its own included."""
    first = quarter_of(day)
    return range(first, first + HORIZON + 1)


def quarter_code(quarter: int) -> str:
    """« 2027-T3 », as spreadsheets and addresses have it."""
    return f"{quarter // 4}-T{quarter % 4 + 1}"
