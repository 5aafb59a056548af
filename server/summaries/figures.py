"""What the books and registers hold of a pairing's year: the figures of year-end material."""

from datetime import date
from typing import Any
from uuid import UUID

from server.kit import clock
from server.kit.quantity import Money
from server.kit.uow import UnitOfWork
from server.reports import chain, ledger_sums
from server.reports.chain_schemas import ChainQuery, MoneyChain, MoneyLine, TargetProgress
from server.reports.ledger_schemas import LedgerSumQuery, SignedMoney
from server.summaries import repository
from server.summaries.schemas import AcceptedOfYear, Met, MoneyOfYear, Sent, YearFigures

STEPS = ("allocated", "paid_out", "received", "spent")


async def read(uow: UnitOfWork, pairing_id: UUID, county_code: str, year: int) -> YearFigures:
    """The figures of a year, as of its end or of today, as far as the caller may see what stands behind them."""
    last = min(clock.today(), date(year, 12, 31))
    within: dict[str, Any] = {"pairing_id": pairing_id, "place": county_code}
    money = (await chain.money(uow, ChainQuery(year=year, as_of=last, **within))).rows
    sums = await ledger_sums.read(uow, LedgerSumQuery(by="pairing", year=year, as_of=last, **within))
    counted = await repository.registers(uow, pairing_id, county_code, date(year, 1, 1), last)
    return YearFigures(
        as_of=last,
        targets=await _targets(uow, within, year, last),
        before=await _targets(uow, within, year - 1, min(last, date(year - 1, 12, 31))),
        money=_money(money),
        accepted=[
            AcceptedOfYear(resource_type=row.resource_type, promised=row.promised, accepted=row.accepted)
            for row in sums.rows
        ],
        projects=len({line.project.id for line in money if line.project}),
        met=Met(**{name: counted[name] for name in Met.model_fields}),
        sent=Sent(**{name: counted[name] for name in Sent.model_fields}),
    )


async def _targets(uow: UnitOfWork, within: dict[str, Any], year: int, as_of: date) -> list[TargetProgress]:
    return (await chain.targets(uow, ChainQuery(year=year, as_of=as_of, **within))).rows


def _money(lines: list[MoneyLine]) -> list[MoneyOfYear]:
    """Added up for each resource type: grants and loans are never one sum."""
    by_type: dict[str, list[MoneyLine]] = {}
    for line in lines:
        if line.pledge_id:
            by_type.setdefault(line.resource_type.code, []).append(line)
    return [
        MoneyOfYear(
            resource_type=same[0].resource_type,
            promised=SignedMoney(amount_fen=sum(line.promised.amount_fen for line in same)),
            chain=MoneyChain(
                **{
                    step: Money(amount_fen=sum(getattr(line, step).amount.amount_fen for line in same))
                    for step in STEPS
                }
            ),
        )
        for same in by_type.values()
    ]
