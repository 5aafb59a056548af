"""Days as texts that are signed say them."""

from datetime import date

from server.kit.errors import Text

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def in_words(day: date) -> Text:
    """`2019年6月3日`, `3 June 2019`."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")
