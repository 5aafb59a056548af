"""What the interface shows of an account."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field

from server.books.rules import Bound, left_open
from server.kit.quantity import Amount, shown

NOTHING = Decimal(0)


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
    unit, quantity = row["unit"], row["account_quantity"]
    held, pledged, accepted = row["held"], row["pledged"], row["accepted"]
    if quantity is None:
        quantity, held, pledged, accepted = row["quantity"], NOTHING, NOTHING, NOTHING
    return {
        "held": shown(held, unit),
        "pledged": shown(pledged, unit),
        "accepted": shown(accepted, unit),
        "open": shown(left_open(quantity, held, pledged, accepted), unit),
        "bound": row["bound"],
    }
