"""What the interface shows of an account."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from server.books.rules import Balance, Bound
from server.kit.quantity import Amount, amount


class Coverage(BaseModel):
    """How much of a need or an offer is covered, in its type's unit; derived from the books, never a status."""

    held: Annotated[Amount, Field(description="held by proposals under negotiation and by pledges not yet signed")]
    pledged: Annotated[Amount, Field(description="promised by both sides' signatures and not yet accepted")]
    accepted: Annotated[Amount, Field(description="accepted by the county")]
    open: Annotated[Amount, Field(description="what is left; zero where a floor was passed")]
    bound: Annotated[Bound, Field(description="cap: never beyond the quantity; floor: a target that may be passed")]


def coverage(row: Mapping[str, Any]) -> Coverage:
    """Coverage from a row with an account's quantity, held, pledged, accepted, unit and bound."""
    names = ("quantity", "held", "pledged", "accepted", "unit", "bound")
    return covered(Balance(**{name: row[name] for name in names}))


def coverage_of(row: Mapping[str, Any]) -> Coverage:
    """Coverage of a need or an offer from its list's row, with the account's columns where it has one.

    What was never published has no account: all of it is open.
    """
    if row["account_quantity"] is None:
        return covered(Balance(quantity=row["quantity"], unit=row["unit"], bound=row["bound"]))
    return coverage({**row, "quantity": row["account_quantity"]})


def covered(balance: Balance) -> Coverage:
    """Coverage from a balance."""
    return Coverage(
        held=amount(balance.held, balance.unit),
        pledged=amount(balance.pledged, balance.unit),
        accepted=amount(balance.accepted, balance.unit),
        open=amount(balance.open, balance.unit),
        bound=balance.bound,
    )
