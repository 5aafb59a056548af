"""When somebody is told beside the inbox: at once, once a day, once a week or not at all, and not in hours of quiet. Pure.

The inbox itself always holds everything. Codes and what keeps an account safe are letters of their own (`server/mail`): no choice
concerns them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from server.kit.clock import BEIJING
from server.mail.rules import Channel
from server.notices.concerns import Topic

Rhythm = Literal["at_once", "daily", "weekly", "off"]
Choices = Mapping[str, Mapping[str, Rhythm]]

TOPICS: tuple[Topic, ...] = get_args(Topic)
CHANNELS: tuple[Channel, ...] = get_args(Channel)

USUAL: dict[Channel, dict[Topic, Rhythm]] = {
    "email": {
        "negotiation": "daily",
        "signing": "at_once",
        "urging": "at_once",
        "delivery": "daily",
        "publishing": "daily",
        "people": "daily",
    },
    "sms": {
        "negotiation": "off",
        "signing": "off",
        "urging": "at_once",
        "delivery": "off",
        "publishing": "off",
        "people": "off",
    },
}
"""What stands unless one chooses; nothing leaves before an address is proved."""


@dataclass(frozen=True)
class Quiet:
    """Hours in which nothing is sent, Beijing time: from the beginning of one to that of the other."""

    from_hour: int
    to_hour: int

    def end(self, moment: datetime) -> datetime | None:
        """When the quiet ends in which `moment` lies; None for none."""
        local = moment.astimezone(BEIJING)
        hours = (local.hour - self.from_hour) % 24
        length = (self.to_hour - self.from_hour) % 24
        if hours >= length:
            return None
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=length - hours)


@dataclass(frozen=True)
class Digest:
    """When a day's or a week's letter leaves: an hour of Beijing time, and a weekday from Monday = 1."""

    hour: int
    weekday: int

    def next(self, moment: datetime, rhythm: Rhythm) -> datetime:
        """The first such moment after this one."""
        local = moment.astimezone(BEIJING)
        then = local.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        if rhythm == "weekly":
            then += timedelta(days=(self.weekday - then.isoweekday()) % 7)
        return then if then > local else then + timedelta(days=7 if rhythm == "weekly" else 1)


def chosen(choices: Choices, topic: Topic, channel: Channel) -> Rhythm:
    """The rhythm of a topic in a channel."""
    return choices.get(topic, {}).get(channel) or USUAL[channel][topic]


def send_after(moment: datetime, rhythm: Rhythm, quiet: Quiet | None, digest: Digest, due: date | None) -> datetime:
    """From when on a notice of now may leave.

    Quiet hours are kept, but not by what must be done before they end: a notice at once whose last day is over by then.
    """
    then = moment if rhythm == "at_once" else digest.next(moment, rhythm)
    end = quiet.end(then) if quiet else None
    if end is None or (rhythm == "at_once" and due is not None and due < end.date()):
        return then
    return end
