"""The statements of the books. A movement is one guarded UPDATE that also links the hash chain and writes the entry.

The guard stands in the WHERE of the UPDATE, so that of any number of transactions that want the last unit one gets it
(decision 1 of docs/reliability.md): a sum-check beforehand over-commits. PostgreSQL re-evaluates guard and hash on
the row as the transaction before left it.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from server.books.rules import MOVEMENTS, Balance, Bound, Movement, Reference, Room, SubjectKind
from server.kit import clock
from server.kit.uow import UnitOfWork

COUNTERS = ("quantity", "held", "pledged", "accepted")
BALANCE = "quantity, held, pledged, accepted, unit, bound, is_closed"

ENTRY_COLUMNS = (
    "account_id, sequence, movement, quantity, quantity_delta, held_delta, pledged_delta, accepted_delta,"
    " counter_account_id, reference_kind, reference_id, business_at, recorded_at, recorded_by, previous_hash, hash, reverses"
)


def entry_hash(previous: str, entry: Mapping[str, str]) -> str:
    """The SQL of an entry's hash: SHA-256 over the previous hash and the entry's canonical text.

    `entry` maps each column to its SQL; the columns' order, the trimmed numbers and times in microseconds are the
    canonical form, the same for one movement, for bulk opening and for the auditor.
    """
    texts = [
        f"({entry['account_id']})::text",
        f"({entry['sequence']})::text",
        f"({entry['movement']})::text",
        *(f"trim_scale({entry[name]})::text" for name in ("quantity", *(f"{counter}_delta" for counter in COUNTERS))),
        f"coalesce(({entry['counter_account_id']})::text, '')",
        f"({entry['reference_kind']})::text",
        f"({entry['reference_id']})::text",
        *(f"(extract(epoch FROM {entry[name]}) * 1000000)::bigint::text" for name in ("business_at", "recorded_at")),
        f"({entry['recorded_by']})::text",
        f"coalesce(({entry['reverses']})::text, '')",
    ]
    return f"sha256({previous} || convert_to(concat_ws('|', {', '.join(texts)}), 'UTF8'))"


_GIVEN = {
    "account_id": "a.id",
    "sequence": "a.entries + 1",
    "movement": "$2::text",
    "quantity": "$3::numeric",
    "quantity_delta": "$4::numeric",
    "held_delta": "$5::numeric",
    "pledged_delta": "$6::numeric",
    "accepted_delta": "$7::numeric",
    "counter_account_id": "(SELECT c.id FROM account c WHERE c.subject_id = $8::uuid)",
    "reference_kind": "$9::text",
    "reference_id": "$10::uuid",
    "business_at": "$11::timestamptz",
    "recorded_at": "$12::timestamptz",
    "recorded_by": "$13::text",
    "reverses": "$14::uuid",
}

GUARD = """
      AND NOT (a.is_closed AND ($2::text = 'hold' OR ($2::text = 'raise' AND a.bound = 'cap')))
      AND a.quantity + $4::numeric >= 0 AND a.held + $5::numeric >= 0
      AND a.pledged + $6::numeric >= 0 AND a.accepted + $7::numeric >= 0
      AND (a.bound = 'floor' OR a.held + a.pledged + a.accepted + $5::numeric + $6::numeric + $7::numeric
           <= a.quantity + $4::numeric)"""


def _moved(subject: str, counter: str, guard: str) -> str:
    """The UPDATE of one side's account, which gives what its entry needs."""
    given = _GIVEN | {"counter_account_id": f"(SELECT c.id FROM account c WHERE c.subject_id = {counter}::uuid)"}
    return f"""
    UPDATE account a
    SET quantity = a.quantity + $4::numeric, held = a.held + $5::numeric, pledged = a.pledged + $6::numeric,
        accepted = a.accepted + $7::numeric, entries = a.entries + 1,
        is_closed = $2::text = 'close' OR (a.is_closed AND $2::text <> 'reopen'),
        head = {entry_hash("a.head", given)}
    WHERE a.subject_id = {subject}::uuid {guard}
    RETURNING new.*, old.head AS previous_head, {given["counter_account_id"]} AS counter_id"""  # no input in it


_ENTRY = f"""
    INSERT INTO ledger_entry ({ENTRY_COLUMNS})
    SELECT id, entries, $2, $3, $4, $5, $6, $7, counter_id, $9, $10, $11, $12, $13, previous_head, head, $14"""


def move_statement(guard: str = GUARD) -> str:
    """The statement of a movement; the control of the hammer test takes it without its guard."""
    moved = _moved("$1", "$8", guard)
    return f"WITH moved AS ({moved}), entry AS ({_ENTRY} FROM moved) SELECT {BALANCE} FROM moved"  # no input in it


def move_both_statement(guard: str = GUARD) -> str:
    """The same on the accounts of $1 and $8, in this order; the second stays where the first did."""
    first, second = _moved("$1", "$8", guard), _moved("$8", "$1", f"{guard} AND EXISTS (SELECT FROM first)")
    return f"""
WITH first AS ({first}), second AS ({second}),
entry AS ({_ENTRY} FROM (SELECT * FROM first UNION ALL SELECT * FROM second) AS moved)
SELECT subject_id FROM first UNION ALL SELECT subject_id FROM second"""  # no input in it


_MOVE = move_statement()
_MOVE_BOTH = move_both_statement()


async def move(
    uow: UnitOfWork,
    movement: Movement,
    subject_id: UUID,
    counter_subject_id: UUID | None,
    quantity: Decimal,
    reference: Reference,
    reverses: UUID | None = None,
) -> Balance | None:
    """Move a quantity on one account and write its entry: the new balance, or None where the guard stands against it.

    `reverses` is the entry that a reversal takes back.
    """
    given = _values(uow, movement, subject_id, counter_subject_id, quantity, reference, reverses)
    row = await uow.fetch_one(_MOVE, *given)
    return Balance(**row) if row else None


async def move_both(
    uow: UnitOfWork, movement: Movement, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference
) -> frozenset[UUID]:
    """Move a quantity on both accounts and write both entries; gives whose account moved: both, the offer's, none."""
    rows = await uow.fetch(_MOVE_BOTH, *_values(uow, movement, offer_id, need_id, quantity, reference, None))
    return frozenset(row["subject_id"] for row in rows)


def _values(
    uow: UnitOfWork,
    movement: Movement,
    subject_id: UUID,
    counter_subject_id: UUID | None,
    quantity: Decimal,
    reference: Reference,
    reverses: UUID | None,
) -> list[Any]:
    deltas = [each * quantity for each in MOVEMENTS[movement]]
    at = (clock.now(), clock.real_now())
    return [
        *(subject_id, movement, quantity, *deltas, counter_subject_id, reference.kind, reference.id),
        *(*at, uow.actor.principal, reverses),
    ]


ACCEPTANCE = """
SELECT e.id, e.quantity FROM ledger_entry e JOIN account a ON a.id = e.account_id
WHERE a.subject_id = $1 AND e.movement = 'accept' AND e.reference_kind = $2 AND e.reference_id = $3
    AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.account_id = e.account_id AND r.reverses = e.id)"""


async def acceptance(uow: UnitOfWork, subject_id: UUID, reference: Reference) -> tuple[UUID, Decimal] | None:
    """The entry by which a record was accepted on an account, and how much; None where there is none to take back."""
    row = await uow.fetch_one(ACCEPTANCE, subject_id, reference.kind, reference.id)
    return (row["id"], row["quantity"]) if row else None


async def room(uow: UnitOfWork, need_id: UUID, offer_id: UUID | None) -> Room | None:
    """What a need's account has open, and with how many others it and the offer deal; None without an account."""
    row = await uow.fetch_one(
        f"SELECT {BALANCE}, jiedui_partners($1) AS sources, jiedui_partners($2) AS receivers"  # no input in it
        " FROM account WHERE subject_id = $1",
        need_id,
        offer_id,
    )
    if row is None:
        return None
    sources, receivers = row.pop("sources"), row.pop("receivers")
    return Room(Balance(**row), sources, receivers)


async def balance(uow: UnitOfWork, subject_id: UUID) -> Balance | None:
    """The balance of one account as committed or changed by this transaction, or None."""
    row = await uow.fetch_one(
        f"SELECT {BALANCE} FROM account WHERE subject_id = $1",  # no input in it
        subject_id,
    )
    return Balance(**row) if row else None


_OPENED = {
    "account_id": "id",
    "sequence": "1",
    "movement": "'open'",
    "quantity": "quantity",
    "quantity_delta": "quantity",
    "held_delta": "0::numeric",
    "pledged_delta": "0::numeric",
    "accepted_delta": "0::numeric",
    "counter_account_id": "NULL::uuid",
    "reference_kind": "reference_kind",
    "reference_id": "reference_id",
    "business_at": "business_at",
    "recorded_at": "recorded_at",
    "recorded_by": "recorded_by",
    "reverses": "NULL::uuid",
}


def _open_statement(fresh: str) -> str:
    """Open an account for each row of the query `fresh`, with its opening entry; bounds and hashes are set here."""
    return f"""
WITH fresh AS MATERIALIZED ({fresh}), hashed AS MATERIALIZED (
    SELECT fresh.*, {entry_hash("''::bytea", _OPENED)} AS hash FROM fresh
), made AS (
    INSERT INTO account (id, subject_kind, subject_id, owner_id, unit, bound, quantity, entries, head)
    SELECT id, subject_kind, subject_id, owner_id, unit, bound, quantity, 1, hash FROM hashed
)
INSERT INTO ledger_entry ({ENTRY_COLUMNS})
SELECT id, 1, 'open', quantity, quantity, 0, 0, 0, NULL, reference_kind, reference_id, business_at, recorded_at,
       recorded_by, ''::bytea, hash, NULL
FROM hashed"""  # no input in it


_OPEN = _open_statement(
    "SELECT uuidv7() AS id, $1::text AS subject_kind, $2::uuid AS subject_id, $3::uuid AS owner_id, $4::text AS unit,"
    " $5::text AS bound, $6::numeric(20, 3) AS quantity, $7::text AS reference_kind, $8::uuid AS reference_id,"
    " $9::timestamptz AS business_at, $10::timestamptz AS recorded_at, $11::text AS recorded_by"
)

_OPEN_MANY = _open_statement(
    "SELECT uuidv7() AS id, '{kind}'::text AS subject_kind, s.id AS subject_id, s.participant_id AS owner_id, t.unit,"
    " t.bound, s.quantity, '{kind}'::text AS reference_kind, s.id AS reference_id, s.published_at AS business_at,"
    " now() AS recorded_at, 'system'::text AS recorded_by"
    " FROM {kind} s JOIN resource_type t ON t.code = s.resource_type_id"
    " WHERE s.status = 'published' AND NOT EXISTS (SELECT FROM account a WHERE a.subject_id = s.id)"
)


async def open_one(
    uow: UnitOfWork,
    kind: SubjectKind,
    subject_id: UUID,
    owner_id: UUID,
    unit: str,
    bound: Bound,
    quantity: Decimal,
    reference: Reference,
) -> None:
    """Open one account with its opening entry."""
    times: tuple[datetime, datetime] = (clock.now(), clock.real_now())
    await uow.fetch(
        _OPEN,
        kind,
        subject_id,
        owner_id,
        unit,
        bound,
        quantity,
        reference.kind,
        reference.id,
        *times,
        uow.actor.principal,
    )


class Executes(Protocol):
    """A bare database connection, such as asyncpg's."""

    async def execute(self, query: str, /) -> Any: ...


async def open_many(connection: Executes) -> None:
    """Open an account, with its opening entry, for every published need and offer that has none; one statement a kind.

    For bulk loading as the owner, in the transaction of the connection.
    """
    for kind in ("offer", "need"):
        await connection.execute(_OPEN_MANY.replace("{kind}", kind))
