"""The business clock and the real clock.

Policies are dated, so the platform can live in another time than today's: the business clock runs on from a
start that is kept in the database. Sessions and security use real time; rows keep both.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass
class _Business:
    offset: timedelta = timedelta()


_business = _Business()


def real_now() -> datetime:
    """Wall-clock time, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time, UTC."""
    return real_now() + _business.offset


def today() -> date:
    """The business date, in Beijing time."""
    return now().astimezone(BEIJING).date()


def offset() -> timedelta:
    """How far business time is from real time in this process."""
    return _business.offset


def set_offset(offset: timedelta) -> None:
    """Set how far business time is from real time in this process."""
    _business.offset = offset


def offset_for(start: date) -> timedelta:
    """The offset that makes today's business date `start`, keeping the hour of the day."""
    beijing = real_now().astimezone(BEIJING)
    return datetime.combine(start, beijing.timetz()) - beijing
