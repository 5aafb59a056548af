"""The rules of pledges, pure."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from server.kit.errors import Invalid
from server.kit.shapes import Name
from server.kit.signing import AlreadySigned, SamePerson, TextChanged, check_signature, signing_side, text_hash
from server.pledges import text
from server.pledges.rules import (
    LIFECYCLE,
    AlreadyAccepted,
    check_cancel,
    check_instalments,
    is_overdue,
    overdue_parts,
)

PARTS = [(date(2019, 6, 30), Decimal(4)), (date(2019, 9, 30), Decimal(6))]
LAST = date(2019, 12, 31)


def test_the_hash_covers_both_languages_and_their_boundary():
    assert text_hash("甲乙", "ab") != text_hash("甲", "乙ab")
    assert text_hash("甲乙", "ab") != text_hash("甲乙", "abc")
    assert len(text_hash("", "")) == 64


def test_only_the_very_text_can_be_signed():
    with pytest.raises(TextChanged):
        check_signature("0" * 64, "1" * 64, {}, frozenset())
    check_signature("1" * 64, "1" * 64, {}, frozenset())


def test_nobody_signs_for_both_sides():
    person = uuid4()
    with pytest.raises(SamePerson):
        check_signature("1", "1", {"giver": frozenset({person})}, frozenset({person}))


def test_a_side_signs_once():
    assert signing_side([], ["giver"]) == "giver"
    assert signing_side(["county"], ["county", "giver"]) == "giver"
    with pytest.raises(AlreadySigned):
        signing_side(["giver"], ["giver"])


def test_a_pledge_is_cancelled_only_while_nothing_is_accepted():
    check_cancel(Decimal(0))
    with pytest.raises(AlreadyAccepted):
        check_cancel(Decimal("0.001"))
    assert "cancel" not in LIFECYCLE.verbs("fulfilled")


def test_a_pledge_is_overdue_when_less_was_accepted_than_was_due():
    assert not is_overdue(PARTS, Decimal(0), date(2019, 6, 30))
    assert is_overdue(PARTS, Decimal(3), date(2019, 7, 1))
    assert not is_overdue(PARTS, Decimal(4), date(2019, 7, 1))


def test_what_was_accepted_fills_the_earliest_part_first():
    assert overdue_parts(PARTS, Decimal(4), date(2019, 10, 1)) == [False, True]
    assert overdue_parts(PARTS, Decimal(10), date(2019, 10, 1)) == [False, False]


def test_parts_add_up_on_different_days_within_the_window():
    check_instalments(PARTS, Decimal(10), LAST)
    for parts, quantity in ((PARTS, 11), ([PARTS[0], PARTS[0]], 8), ([(date(2020, 1, 1), Decimal(10))], 10)):
        with pytest.raises(Invalid):
            check_instalments(parts, Decimal(quantity), LAST)


def test_the_text_says_the_same_facts_in_both_languages():
    facts = text.Facts(
        giver=Name(zh="江苏省南京市", en="Nanjing"),
        county=Name(zh="岚皋县人民政府", en="Langao"),
        place=Name(zh="岚皋县", en="Langao County"),
        offer="帮扶资金",
        need="易地搬迁后续产业",
        kind=Name(zh="财政帮扶资金", en="Fiscal aid"),
        quantity=Decimal(125_000_000),
        unit="fen",
        first=date(2019, 6, 3),
        last=date(2019, 12, 31),
        terms="",
        parts=[(date(2019, 9, 30), Decimal(125_000_000))],
        revision=1,
    )
    zh, en = text.write(facts)
    for said in (
        "江苏省南京市",
        "岚皋县人民政府",
        "125 万元",
        "自 2019年6月3日 至 2019年12月31日",
        "1. 2019年9月30日前：125 万元",
        "无其他约定",
    ):
        assert said in zh
    for said in (
        "Nanjing",
        "Langao County",
        "CNY 1,250,000",
        "From 3 June 2019 to 31 December 2019",
        "1. By 30 September 2019:",
        "None.",
    ):
        assert said in en


def test_braces_in_a_title_or_in_the_terms_stay_as_they_are():
    facts = text.Facts(
        giver=Name(zh="甲", en=""),
        county=Name(zh="乙", en=""),
        place=Name(zh="丙", en=""),
        offer="{quantity}",
        need="{0}",
        kind=Name(zh="丁", en=""),
        quantity=Decimal(1),
        unit="km",
        first=LAST,
        last=LAST,
        terms="{terms!r}",
        parts=[(LAST, Decimal(1))],
        revision=1,
    )
    assert "{quantity}" in text.write(facts).zh
