"""When a notice leaves: at once, in a day's or a week's letter, not in hours of quiet unless it would be too late."""

from datetime import date, datetime

import pytest

from server.kit.clock import BEIJING
from server.mail.rules import Channel
from server.notices.concerns import CONCERNS
from server.notices.rhythm import CHANNELS, TOPICS, USUAL, Digest, Quiet, Rhythm, chosen, send_after
from server.notices.words import EVENTS, FOLDERS, Reader, Told, letter, short

NIGHT, NOON_REST = Quiet(22, 7), Quiet(12, 14)
DIGEST = Digest(8, 1)
READER = Reader("王芳", "zh-CN", "https://jiedui.example")
MONDAY = date(2019, 6, 3)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2019, 6, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("quiet", "moment", "end"),
    [
        (NIGHT, at(21, 59), None),
        (NIGHT, at(22), at(7, day=4)),
        (NIGHT, at(6, 59), at(7)),
        (NIGHT, at(7), None),
        (NOON_REST, at(13, 30), at(14)),
        (NOON_REST, at(14), None),
    ],
)
def test_quiet_lasts_from_the_beginning_of_one_hour_to_that_of_the_other(
    quiet: Quiet, moment: datetime, end: datetime | None
) -> None:
    assert quiet.end(moment) == end


@pytest.mark.parametrize(
    ("moment", "rhythm", "due", "after"),
    [
        (at(10), "at_once", None, at(10)),
        (at(23), "at_once", None, at(7, day=4)),
        (at(23), "at_once", date(2019, 6, 4), at(7, day=4)),
        (at(23), "at_once", MONDAY, at(23)),
        (at(3), "at_once", MONDAY, at(7)),
        (at(3), "at_once", date(2019, 6, 2), at(3)),
        (at(7), "daily", MONDAY, at(8)),
        (at(8), "daily", None, at(8, day=4)),
        (at(7), "weekly", None, at(8)),
        (at(9), "weekly", None, at(8, day=10)),
        (at(9, day=6), "weekly", None, at(8, day=10)),
    ],
)
def test_a_notice_leaves_in_its_rhythm_outside_quiet_hours_unless_its_last_day_would_be_over(
    moment: datetime, rhythm: Rhythm, due: date | None, after: datetime
) -> None:
    assert send_after(moment, rhythm, NIGHT, DIGEST, due) == after


def test_a_digest_in_quiet_hours_leaves_when_they_end() -> None:
    assert send_after(at(9), "daily", NIGHT, Digest(6, 1), MONDAY) == at(7, day=4)
    assert send_after(at(23), "at_once", None, DIGEST, None) == at(23)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_topic_has_a_usual_rhythm_and_a_choice_goes_before_it(channel: Channel) -> None:
    assert tuple(USUAL[channel]) == TOPICS
    assert chosen({"urging": {channel: "off"}}, "urging", channel) == "off"
    assert chosen({"signing": {channel: "off"}}, "urging", channel) == USUAL[channel]["urging"]


def test_every_event_of_an_inbox_has_its_words_and_its_page() -> None:
    assert set(EVENTS) == set(CONCERNS)
    told_of_participant = {"member.substitute_named": "participant"}
    assert {told_of_participant.get(kind, kind.partition(".")[0]) for kind in CONCERNS} == set(FOLDERS)


def told(kind: str = "pledge.urged", record: str = "1", title: str = "通村公路硬化", due: date | None = None) -> Told:
    return Told(kind, "pledge", record, title, "陕西省 镇坪县", due)


def test_a_letter_is_grouped_by_record_with_county_deadline_and_link() -> None:
    subject, body = letter(
        READER, [told(), told("pledge.made", due=date(2019, 6, 20)), told(record="2", title="茶园", due=MONDAY)]
    )
    assert subject == "【结对】2 件事项有新动态"
    tea, road = body.index("茶园 (陕西省 镇坪县)"), body.index("通村公路硬化 (陕西省 镇坪县)")
    assert tea < road, "the nearest last day first"
    assert body.count("通村公路硬化") == 1
    assert "催办：认捐逾期未办\n- 认捐协议待签署\n最后期限：2019-06-20\nhttps://jiedui.example/pledges/1" in body
    assert "https://jiedui.example/me#notices" in body


def test_a_letter_on_one_record_says_in_its_subject_what_happened() -> None:
    reader = Reader("Wang", "en", READER.origin)
    assert letter(reader, [told(title="{Road}")])[0] == "Jiedui: Reminder: the pledge is late: {Road}"


def test_a_short_message_is_short_and_ends_in_a_link() -> None:
    text = short(READER, [told(title="路" * 200, due=MONDAY)])
    assert text.endswith("…（陕西省 镇坪县），期限 2019-06-03。https://jiedui.example/pledges/1")
    many = short(READER, [told(record=str(n)) for n in range(30)])
    assert many == "【结对】30 件事项有新动态，如：通村公路硬化（陕西省 镇坪县）。https://jiedui.example/inbox"
    assert len(text) < 140
