"""Notices on their way out, by e-mail and as short messages: each at most once a channel, in one letter with what is due with it.

The row of a notice and a channel is written with the notice itself. One transaction takes all that is due of one person and
channel, marks it, and writes the letter; the letter's own way (`server/mail`) sends it at most once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from server.kit import clock
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from server.mail.rules import Channel
from server.notices.concerns import Topic
from server.notices.models import NoticeSetting
from server.notices.rhythm import CHANNELS, Digest, Quiet, chosen, send_after
from server.notices.words import Reader, Told, letter, short
from server.settings import get_settings

LOCK = "SELECT pg_advisory_xact_lock(727_010)"
QUEUE = """
INSERT INTO notice_sending (notice_id, user_id, channel, after)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
ON CONFLICT (notice_id, channel) DO NOTHING"""
NEXT = """
SELECT user_id, channel FROM notice_sending WHERE state = 'waiting' AND after <= $1 ORDER BY after, id LIMIT 1"""
TAKE = """
UPDATE notice_sending SET state = 'written'
WHERE user_id = $1 AND channel = $2 AND state = 'waiting' AND after <= $3 RETURNING id, notice_id"""
DROP = "UPDATE notice_sending SET state = 'dropped' WHERE id = ANY ($1::uuid[])"
WAITING = """
SELECT s.id, s.channel, n.topic, n.due FROM notice_sending s JOIN notice n ON n.id = s.notice_id
WHERE s.user_id = $1 AND s.state = 'waiting'"""
PUT_OFF = "UPDATE notice_sending SET after = $2 WHERE id = $1 AND state = 'waiting'"

# Whoever is in the meantime no longer active, or has read it, needs no letter.
TOLD = """
SELECT n.id, n.kind, n.subject_kind, n.subject_id, n.title, n.due,
    concat_ws(' ', province.name_zh, place.name_zh) AS county_zh, concat_ws(', ', place.name_en, province.name_en) AS county_en
FROM notice n JOIN account_user u ON u.id = n.user_id AND u.is_active
LEFT JOIN place ON place.code = n.county_code
LEFT JOIN place province ON province.code = left(n.county_code, 2) || '0000' AND province.code <> n.county_code
WHERE n.id = ANY ($1::uuid[]) AND n.read_at IS NULL ORDER BY n.id DESC"""


async def queue(uow: UnitOfWork, written: Sequence[dict[str, Any]]) -> None:
    """Let notices that were just written leave by the channels that their readers chose, when they chose."""
    settings = {
        each.user_id: each for each in await NoticeSetting.filter(user_id__in={row["user_id"] for row in written})
    }
    now, rows = clock.now(), []
    for row in written:
        if (setting := settings.get(row["user_id"])) is None:
            continue
        for channel in CHANNELS:
            if (after := when(setting, channel, row["topic"], row["due"], now)) is not None:
                rows.append((row["id"], row["user_id"], channel, after))
    if rows:
        await uow.fetch(QUEUE, *map(list, zip(*rows, strict=True)))


def when(setting: NoticeSetting, channel: Channel, topic: Topic, due: date | None, now: datetime) -> datetime | None:
    """From when on a notice leaves by a channel; None where it does not."""
    rhythm = chosen(setting.choices, topic, channel)
    if not address_of(setting, channel) or rhythm == "off":
        return None
    return send_after(now, rhythm, quiet_of(setting), Digest(setting.digest_hour, setting.digest_weekday), due)


def address_of(setting: NoticeSetting, channel: Channel) -> str:
    """The proved address of a channel, empty for none."""
    return setting.email if channel == "email" else setting.sms


def quiet_of(setting: NoticeSetting) -> Quiet | None:
    """The hours of quiet, if there are any."""
    if setting.quiet_from is None or setting.quiet_to is None:
        return None
    return Quiet(setting.quiet_from, setting.quiet_to)


async def choose_again(uow: UnitOfWork, setting: NoticeSetting) -> None:
    """Let what waits follow a choice that was changed; what was switched off is dropped."""
    now = clock.now()
    for row in await uow.fetch(WAITING, setting.user_id):
        after = when(setting, row["channel"], row["topic"], row["due"], now)
        if after is None:
            await uow.fetch(DROP, [row["id"]])
        else:
            await uow.fetch(PUT_OFF, row["id"], after)


async def send_next(uow: UnitOfWork) -> bool:
    """Write the letter of one person and channel with all that is due; says whether there may be more."""
    await uow.fetch(LOCK)
    now = clock.now()
    next_one = await uow.fetch_one(NEXT, now)
    if next_one is None:
        return False
    user_id, channel = next_one["user_id"], next_one["channel"]
    taken = await uow.fetch(TAKE, user_id, channel, now)
    told = await uow.fetch(TOLD, [row["notice_id"] for row in taken])
    setting = await NoticeSetting.get_or_none(user_id=user_id).prefetch_related("user")
    address = address_of(setting, channel) if setting else ""
    needed = {row["id"] for row in told} if setting and address and mail.has_door(address) else set[UUID]()
    await uow.fetch(DROP, [row["id"] for row in taken if row["notice_id"] not in needed])
    if setting and needed:
        reader = Reader(setting.user.name, setting.user.language, get_settings().public_origin)
        subject, body = _worded(channel, reader, [_told(row, reader.language) for row in told])
        await mail.send(uow, _key(min(row["id"] for row in taken)), address, subject, body)
    return True


def _key(first: UUID) -> str:
    """What a letter is about: the first of the notices that it tells of."""
    return f"notices:{first}"


def _worded(channel: Channel, reader: Reader, told: list[Told]) -> tuple[str, str]:
    return letter(reader, told) if channel == "email" else ("", short(reader, told))


def _told(row: dict[str, Any], language: str) -> Told:
    county = row["county_en"] if language == "en" else row["county_zh"]
    title = " ".join(row["title"].split())  # a subject is one line
    return Told(row["kind"], row["subject_kind"], str(row["subject_id"]), title, county, row["due"])
