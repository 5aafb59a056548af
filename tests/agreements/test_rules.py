"""Targets have units, days lie within the year, and the text says both in two languages."""

from datetime import date
from decimal import Decimal

import pytest

from server.agreements.rules import Target, Terms, check_targets, check_year
from server.agreements.text import Facts, write
from server.kit.errors import Invalid
from server.kit.shapes import Name

MONEY = Target("funds", "fiscal_assistance_funds", "", Decimal(3_000_000_00), "fen")
VISITS = Target("talent", None, "高层互访", Decimal(4), "session")


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ([Target("talent", None, "互访", Decimal(2), "furlong")], "unit"),
        ([Target("talent", None, "互访", Decimal(0), "session")], "positive"),
        ([MONEY, MONEY], "twice"),
        ([VISITS, VISITS], "twice"),
    ],
)
def test_a_target_has_a_known_unit_and_stands_once(targets: list[Target], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_targets(targets)
    assert [error.code for error in refused.value.errors] == [code]


def test_days_outside_the_year_are_refused() -> None:
    check_year(2019, date(2019, 1, 1), date(2019, 12, 31))
    for first, last in ((date(2018, 12, 31), date(2019, 6, 1)), (date(2019, 6, 1), date(2020, 1, 1))):
        with pytest.raises(Invalid):
            check_year(2019, first, last)


def test_the_text_says_sides_days_and_targets_in_both_languages() -> None:
    said = Terms(date(2019, 1, 1), date(2019, 12, 31), (MONEY, VISITS), "{资金}于六月底前到位")
    facts = Facts(
        2019,
        Name(zh="某区", en="A district"),
        Name(zh="某县人民政府", en=""),
        Name(zh="某县", en="A county"),
        {"fiscal_assistance_funds": Name(zh="财政援助资金", en="Fiscal assistance")},
        said,
        2,
    )
    zh, en = write(facts)
    assert "2019 年度协作协议（第 2 版）" in zh and "自 2019年1月1日 至 2019年12月31日" in zh
    assert "（1）资金——财政援助资金：300 万元" in zh and "（2）人才——高层互访：4 场" in zh
    assert "{资金}于六月底前到位" in zh and "{资金}于六月底前到位" in en
    assert "(1) Funds: Fiscal assistance, CNY 3,000,000" in en and "(2) Talent: 高层互访, 4 sessions" in en
    assert "Recipient: 某县人民政府 (A county)" in en
