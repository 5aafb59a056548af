"""Lists of pledges: compared with the books; what the sheet says otherwise of the terms is put forward as an amendment."""

from datetime import date
from uuid import UUID

from pydantic import Field

from server.accounts.actor import Actor
from server.imports.book_rows import read_pledge
from server.imports.drafting import Around
from server.imports.kind import BY_IMPORT, Difference, Facts, ImportKind, amount_text, no_rule, said, type_of
from server.imports.rules import Side
from server.kit.errors import Forbidden, NotFound, Text
from server.kit.quantity import Amount
from server.kit.shapes import Input
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.pledges import service as pledges
from server.pledges.policy import POLICY
from server.pledges.schemas import Amend, InstalmentsWrite, InstalmentWrite, PledgeHeld

TERMS = frozenset({"quantity", "window_from", "window_to", "instalments"})
"""What an amendment changes."""


class PledgeLine(Input):
    """What a row says of a pledge."""

    pledge_id: UUID
    quantity: Amount | None = None
    window_from: date | None = None
    window_to: date | None = None
    accepted: Amount | None = None
    instalments: list[InstalmentWrite] | None = Field(None, max_length=60)
    client_ref: str | None = None


def pledge_facts(record: PledgeLine | PledgeHeld, around: Around) -> Facts:
    """What a row, or the books, say of a pledge."""
    if isinstance(record, PledgeHeld):
        kind, first, last = type_of(record, around), record.window.from_, record.window.to
    else:
        pledge = around.pledges.by_id[str(record.pledge_id)]
        kind, first, last = type_of(pledge, around), record.window_from, record.window_to
    parts = [(part.due, amount_text(part.quantity, kind)) for part in record.instalments or ()]
    return {
        "quantity": amount_text(record.quantity, kind),
        "accepted": amount_text(record.accepted, kind),
        "window_from": said(first),
        "window_to": said(last),
        "instalments": Text(
            "；".join(f"{due} {text.zh}" for due, text in sorted(parts)),
            "; ".join(f"{due} {text.en}" for due, text in sorted(parts)),
        ),
    }


def _side(pledge: PledgeHeld, differ: frozenset[str]) -> Side | None:
    return None if _changes(pledge.status, differ) else "books"


def _changes(status: str, differ: frozenset[str]) -> bool:
    """Whether the sheet's side can be put forward: as an amendment, or before both have signed as other parts."""
    return (status == "effective" and differ <= TERMS) or (status == "awaiting_signature" and differ == {"instalments"})


async def _update(uow: UnitOfWork, actor: Actor, difference: Difference) -> bool:
    pledge, body, differ = difference.record, difference.body, difference.fields
    if not _changes(pledge.status, differ):
        return False
    if POLICY.grants(actor, "amend" if pledge.status == "effective" else "instalments", pledge) is None:
        raise Forbidden
    if pledge.status == "effective":
        window = difference.compared.window
        first, last = body.get("window_from", window.from_), body.get("window_to", window.to)
        days = {"window": {"from": first, "to": last}} if differ & {"window_from", "window_to"} else {}
        terms = {name: body[name] for name in ("quantity", "instalments") if name in differ}
        await pledges.amend(uow, actor, pledge, Amend.model_validate(terms | days | {"note": BY_IMPORT}))
    else:
        parts = InstalmentsWrite.model_validate({"instalments": body["instalments"]})
        await pledges.set_instalments(uow, actor, pledge, parts)
    return True


async def _never(uow: UnitOfWork, actor: Actor, participant: Participant, body: PledgeLine, complete: bool) -> UUID:
    """No sheet makes a pledge: the one that the row was about is gone."""
    raise NotFound


PLEDGES = ImportKind(
    kind="pledges",
    subject="pledge",
    read=read_pledge,
    create=PledgeLine,
    check=no_rule,
    existing=pledges.of_participant,
    key=lambda body: (str(body.get("pledge_id", "")),),
    names=lambda pledge: [(str(pledge.id),)],
    facts=pledge_facts,
    side=_side,
    write=_never,
    get=pledges.get,
    update=_update,
)
