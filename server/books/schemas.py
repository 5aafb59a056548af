"""What the interface shows of an account."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from server.books.rules import Balance, Bound
from server.kit.quantity import Amount, shown


class Coverage(BaseModel):
    """How much of a need or an offer is covered, in its type's unit; derived from the books, never a status."""

    held: Annotated[Amount, Field(description="held by proposals under negotiation and by pledges not yet signed")]
    pledged: Annotated[Amount, Field(description="promised by both sides' signatures and not yet accepted")]
    accepted: Annotated[Amount, Field(description="accepted by the county")]
    open: Annotated[Amount, Field(description="what is left; zero where a floor was passed")]
    bound: Annotated[Bound, Field(description="cap: never beyond the quantity; floor: a target that may be passed")]


def shown_coverage(row: Mapping[str, Any]) -> dict[str, Any]:
    """Coverage of a need or an offer in the form of the reply, from its row with the account's columns where it has one.

    What was never published has no account: all of it is open.
    """
    unit, bound = row["unit"], row["bound"]
    if row["account_quantity"] is None:
        balance = Balance(quantity=row["quantity"], unit=unit, bound=bound)
    else:
        balance = Balance(row["account_quantity"], row["held"], row["pledged"], row["accepted"], unit, bound)
    counted = {name: shown(getattr(balance, name), unit) for name in ("held", "pledged", "accepted", "open")}
    return {**counted, "bound": bound}
