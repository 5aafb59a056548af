"""Who may learn of a change."""

from uuid import UUID

import pytest

from server.accounts.actor import ANONYMOUS, Actor, Grant
from server.kit.schema import new_id
from server.notices.hub import QUEUE, Subscriber
from server.notices.rules import Entry, may_learn

OURS, THEIRS = new_id(), new_id()


def entry(
    seq: int = 1, *, participants: set[UUID] | None = None, codes: tuple[str, ...] = (), public: bool = False
) -> Entry:
    return Entry(seq, "pledge.signed", "pledge", new_id(), frozenset(participants or ()), codes, public)


def someone(*grants: Grant) -> Actor:
    return Actor("user", new_id(), grants)


MEMBER = someone(Grant("viewer", OURS))
NATIONAL, PROVINCIAL = (someone(Grant("supervisor", None, code)) for code in (None, "610000"))
PREFECTURAL = someone(Grant("coordinator", None, "610900"))


@pytest.mark.parametrize(
    ("who", "what", "learns"),
    [
        (ANONYMOUS, entry(public=True), False),
        (someone(), entry(public=True), True),
        (someone(Grant("platform_administrator")), entry(public=True), False),
        (someone(Grant("platform_administrator"), Grant("viewer", OURS)), entry(public=True), True),
        (someone(), entry(participants={OURS}, codes=("610925",)), False),
        (MEMBER, entry(participants={OURS, THEIRS}), True),
        (MEMBER, entry(participants={THEIRS}), False),
        (NATIONAL, entry(codes=("610925",)), True),
        (NATIONAL, entry(participants={THEIRS}), False),
        (PROVINCIAL, entry(codes=("610925",)), True),
        (PROVINCIAL, entry(codes=("532324", "610925")), True),
        (PROVINCIAL, entry(codes=("532324",)), False),
        (PREFECTURAL, entry(codes=("610925",)), True),
        (PREFECTURAL, entry(codes=("610125",)), False),
        (someone(Grant("platform_administrator")), entry(codes=("610925",)), False),
    ],
)
def test_members_overseers_and_for_public_changes_everyone_signed_in(who: Actor, what: Entry, learns: bool) -> None:
    assert may_learn(who, what) is learns


def test_a_slow_reader_is_told_to_fetch_again_and_holds_no_more_than_its_queue() -> None:
    reader = Subscriber()
    for seq in range(QUEUE + 50):
        reader.offer(entry(seq))
    assert reader.overflowed
    assert reader.queue.qsize() == QUEUE
    reader.empty()
    assert (reader.overflowed, reader.queue.qsize()) == (False, 0)
