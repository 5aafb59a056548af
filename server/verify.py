"""The auditor: re-sums every account from its ledger, checks chains and invariants, and names each wrong row.

Counters are a cache; the ledger is the truth, and its hash chain shows an edited, deleted or reordered entry. Every
check is one statement over whole tables, read in one snapshot, so that a million entries take seconds.
"""

from dataclasses import dataclass

import asyncpg

from server.books.repository import entry_hash
from server.books.rules import MOVEMENTS


@dataclass(frozen=True)
class Finding:
    """One wrong row: which check found it, in which table, its id, and what is wrong with it."""

    check: str
    table: str
    id: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.table} {self.id}: {self.detail}"


@dataclass(frozen=True)
class Check:
    """One statement whose rows (id, detail) are what is wrong."""

    name: str
    table: str
    sql: str


AS_STORED = {
    name: name
    for name in (
        "account_id",
        "sequence",
        "movement",
        "quantity",
        "quantity_delta",
        "held_delta",
        "pledged_delta",
        "accepted_delta",
        "counter_account_id",
        "reference_kind",
        "reference_id",
        "business_at",
        "recorded_at",
        "recorded_by",
        "reverses",
    )
}

_EXPECTED_DELTAS = ", ".join(
    f"('{movement}', {deltas.quantity}, {deltas.held}, {deltas.pledged}, {deltas.accepted})"
    for movement, deltas in MOVEMENTS.items()
)

_LIVE_HOLDS = """
    SELECT need_id, offer_id, quantity FROM proposal WHERE status IN ('proposed', 'countered', 'agreed')
        AND NOT awaits_verification
    UNION ALL SELECT CASE WHEN part_of_id IS NULL THEN need_id END, offer_id, quantity
    FROM pledge WHERE status = 'awaiting_signature'"""

_PROMISES = """
    SELECT CASE WHEN part_of_id IS NULL THEN need_id END AS need_id, offer_id, CASE WHEN status IN ('effective', 'suspended', 'fulfilled', 'closed')
        THEN greatest(quantity - accepted, 0) ELSE 0 END AS pledged, accepted
    FROM pledge"""

_SUMMED_PER_SUBJECT = """
    SELECT a.id, a.{counter} AS kept, coalesce(sum(s.{value}), 0) AS found
    FROM account a LEFT JOIN ({source}) s ON a.subject_id = CASE a.subject_kind WHEN 'need' THEN s.need_id ELSE s.offer_id END
    GROUP BY a.id, a.{counter}"""


TEXT_HASH = (
    "encode(sha256(int8send(octet_length(convert_to(text_zh, 'UTF8'))::bigint) || convert_to(text_zh, 'UTF8')"
    " || int8send(octet_length(convert_to(text_en, 'UTF8'))::bigint) || convert_to(text_en, 'UTF8')), 'hex')"
)


def _agrees(counter: str, value: str, source: str, of: str) -> str:
    summed = _SUMMED_PER_SUBJECT.format(counter=counter, value=value, source=source)
    return (
        f"SELECT id, format('{counter} is %s, but {of} add up to %s', trim_scale(kept), trim_scale(found)) AS detail"  # noqa: S608  # constants
        f" FROM ({summed}) x WHERE kept <> found"
    )


CHECKS = (
    Check(
        "entry edited",
        "ledger_entry",
        "SELECT id, format('entry %s of account %s does not match its hash', sequence, account_id) AS detail"  # noqa: S608  # constants
        f" FROM ledger_entry WHERE hash <> {entry_hash('previous_hash', AS_STORED)}",
    ),
    Check(
        "chain broken",
        "ledger_entry",
        "SELECT id, format('entry %s of account %s does not follow the entry before it', sequence, account_id) AS detail"
        " FROM (SELECT id, sequence, account_id, previous_hash, coalesce(lag(hash) OVER w, ''::bytea) AS before"
        " FROM ledger_entry WINDOW w AS (PARTITION BY account_id ORDER BY sequence)) x WHERE previous_hash <> before",
    ),
    Check(
        "entry missing",
        "ledger_entry",
        "SELECT id, format('entry %s of account %s stands where entry %s should', sequence, account_id, place) AS detail"
        " FROM (SELECT id, sequence, account_id, row_number() OVER (PARTITION BY account_id ORDER BY sequence) AS place"
        " FROM ledger_entry) x WHERE sequence <> place",
    ),
    Check(
        "head differs",
        "account",
        "SELECT a.id, format('%s entries and their last hash do not match the account, which counts %s',"
        " coalesce(l.entries, 0), a.entries) AS detail"
        " FROM account a LEFT JOIN (SELECT DISTINCT ON (account_id) account_id, hash,"
        " count(*) OVER (PARTITION BY account_id) AS entries FROM ledger_entry ORDER BY account_id, sequence DESC) l"
        " ON l.account_id = a.id"
        " WHERE a.entries <> coalesce(l.entries, 0) OR a.head <> coalesce(l.hash, ''::bytea)",
    ),
    Check(
        "movement wrong",
        "ledger_entry",
        "SELECT e.id, format('a %s of %s moves the counters otherwise', e.movement, trim_scale(e.quantity)) AS detail"  # noqa: S608  # constants
        f" FROM ledger_entry e JOIN (VALUES {_EXPECTED_DELTAS}) AS m (movement, q, h, p, a) ON m.movement = e.movement"
        " WHERE (e.quantity_delta, e.held_delta, e.pledged_delta, e.accepted_delta)"
        " IS DISTINCT FROM (m.q * e.quantity, m.h * e.quantity, m.p * e.quantity, m.a * e.quantity)",
    ),
    Check(
        "other side missing",
        "ledger_entry",
        "SELECT (array_agg(id))[1] AS id, format('%s for %s %s stands on one account only, or with another quantity',"
        " movement, reference_kind, reference_id) AS detail"
        # What is, or was, part of a larger pledge stands on its offer's account alone.
        " FROM ledger_entry WHERE counter_account_id IS NOT NULL AND reference_id NOT IN"
        " (SELECT subject_id FROM event WHERE kind = 'pledge.put_into' UNION ALL SELECT d.id FROM delivery d"
        " JOIN event e ON e.subject_id = d.pledge_id WHERE e.kind = 'pledge.put_into')"
        " GROUP BY movement, reference_kind, reference_id, least(account_id, counter_account_id),"
        " greatest(account_id, counter_account_id)"
        " HAVING sum(CASE WHEN account_id < counter_account_id THEN quantity ELSE -quantity END) <> 0"
        " OR count(*) FILTER (WHERE account_id < counter_account_id) <> count(*) FILTER (WHERE account_id > counter_account_id)",
    ),
    Check(
        "counters differ",
        "account",
        "SELECT a.id, format('kept (quantity %s, held %s, pledged %s, accepted %s), summed (%s, %s, %s, %s)',"
        " trim_scale(a.quantity), trim_scale(a.held), trim_scale(a.pledged), trim_scale(a.accepted),"
        " trim_scale(s.quantity), trim_scale(s.held), trim_scale(s.pledged), trim_scale(s.accepted)) AS detail"
        " FROM account a JOIN (SELECT account_id, sum(quantity_delta) AS quantity, sum(held_delta) AS held,"
        " sum(pledged_delta) AS pledged, sum(accepted_delta) AS accepted FROM ledger_entry GROUP BY account_id) s"
        " ON s.account_id = a.id WHERE (a.quantity, a.held, a.pledged, a.accepted)"
        " IS DISTINCT FROM (s.quantity, s.held, s.pledged, s.accepted)",
    ),
    Check(
        "bound passed",
        "ledger_entry",
        "SELECT x.id, format('after entry %s, %s of %s are covered', sequence, trim_scale(covered), trim_scale(had)) AS detail"
        " FROM (SELECT e.id, e.account_id, e.sequence, sum(e.quantity_delta) OVER w AS had,"
        " sum(e.held_delta + e.pledged_delta + e.accepted_delta) OVER w AS covered, sum(e.held_delta) OVER w AS held,"
        " sum(e.pledged_delta) OVER w AS pledged, sum(e.accepted_delta) OVER w AS accepted"
        " FROM ledger_entry e WINDOW w AS (PARTITION BY e.account_id ORDER BY e.sequence)) x"
        " JOIN account a ON a.id = x.account_id"
        " WHERE (a.bound = 'cap' AND x.covered > x.had) OR least(x.had, x.held, x.pledged, x.accepted) < 0",
    ),
    Check(
        "holds differ",
        "account",
        _agrees("held", "quantity", _LIVE_HOLDS, "live proposals and unsigned pledges"),
    ),
    Check("pledges differ", "account", _agrees("pledged", "pledged", _PROMISES, "what pledges still promise")),
    Check(
        "acceptances differ", "account", _agrees("accepted", "accepted", _PROMISES, "what pledges count as accepted")
    ),
    Check(
        "acceptance differs",
        "pledge",
        "SELECT p.id, format('counts %s as accepted, but its deliveries add up to %s', trim_scale(p.accepted),"
        " trim_scale(coalesce(sum(d.accepted), 0))) AS detail"
        " FROM pledge p LEFT JOIN delivery d ON d.pledge_id = p.id AND d.status IN ('accepted', 'accepted_short')"
        " GROUP BY p.id HAVING p.accepted <> coalesce(sum(d.accepted), 0)",
    ),
    Check(
        "declaration differs",
        "pledge",
        "SELECT p.id, format('counts %s as declared, but its decided deliveries add up to %s', trim_scale(p.declared),"
        " trim_scale(coalesce(sum(d.declared), 0))) AS detail FROM pledge p LEFT JOIN delivery d ON d.pledge_id = p.id"
        " AND d.status IN ('accepted', 'accepted_short', 'rejected', 'lost')"
        " GROUP BY p.id HAVING p.declared <> coalesce(sum(d.declared), 0)",
    ),
    Check(
        "declared too much",
        "pledge",
        "SELECT p.id, format('promises %s, of which %s were accepted and %s are on their way', trim_scale(p.quantity),"
        " trim_scale(p.accepted), trim_scale(sum(d.declared))) AS detail"
        " FROM pledge p JOIN resource_type t ON t.code = p.resource_type_id AND t.bound = 'cap'"
        " JOIN delivery d ON d.pledge_id = p.id AND d.status IN ('planned', 'sent', 'arrived', 'inspected', 'disputed')"
        " GROUP BY p.id HAVING p.accepted + sum(d.declared) > p.quantity",
    ),
    Check(
        "accepted more than declared",
        "delivery",
        "SELECT id, format('%s declared, %s accepted', trim_scale(declared), trim_scale(accepted)) AS detail"
        " FROM delivery WHERE accepted > declared OR (status = 'accepted' AND accepted <> declared)",
    ),
    Check(
        "account missing",
        "need",
        "SELECT id, 'is published and has no account' AS detail FROM need n"
        " WHERE status = 'published' AND NOT EXISTS (SELECT FROM account a WHERE a.subject_id = n.id)",
    ),
    Check(
        "account missing",
        "offer",
        "SELECT id, 'is published and has no account' AS detail FROM offer o"
        " WHERE status = 'published' AND NOT EXISTS (SELECT FROM account a WHERE a.subject_id = o.id)",
    ),
    Check(
        "quantity differs",
        "account",
        "SELECT a.id, format('keeps a quantity of %s, its %s asks or offers %s', trim_scale(a.quantity), a.subject_kind,"
        " trim_scale(s.quantity)) AS detail"
        " FROM account a JOIN (SELECT id, quantity FROM need UNION ALL SELECT id, quantity FROM offer) s"
        " ON s.id = a.subject_id WHERE a.quantity <> s.quantity",
    ),
    Check(
        "type differs",
        "account",
        "SELECT a.id, format('is a %s in %s, its %s is of type %s', a.bound, a.unit, a.subject_kind, t.code) AS detail"
        " FROM account a JOIN (SELECT id, resource_type_id FROM need UNION ALL SELECT id, resource_type_id FROM offer) s"
        " ON s.id = a.subject_id JOIN resource_type t ON t.code = s.resource_type_id"
        " WHERE (a.bound, a.unit) <> (t.bound, t.unit)",
    ),
    Check(
        "closing differs",
        "account",
        "SELECT a.id, format('is %s, its %s is %s, and its ledger says %s', CASE WHEN a.is_closed THEN 'closed' ELSE"
        " 'open' END, a.subject_kind, s.status, CASE WHEN l.closed THEN 'closed' ELSE 'open' END) AS detail"
        " FROM account a JOIN (SELECT id, status FROM need UNION ALL SELECT id, status FROM offer) s ON s.id = a.subject_id"
        " LEFT JOIN (SELECT account_id, count(*) FILTER (WHERE movement = 'close') > count(*) FILTER (WHERE movement ="
        " 'reopen') AS closed FROM ledger_entry WHERE movement IN ('close', 'reopen') GROUP BY account_id) l"
        " ON l.account_id = a.id"
        " WHERE a.is_closed <> (s.status = 'closed') OR a.is_closed <> coalesce(l.closed, false)",
    ),
    Check(
        "promised after closing",
        "account",
        "SELECT id, format('is closed, and %s is held, %s pledged', trim_scale(held), trim_scale(pledged)) AS detail"
        " FROM account WHERE is_closed AND held + pledged > 0",
    ),
    Check(
        "text edited",
        "pledge",
        "SELECT id, 'its text does not match the hash that was signed' AS detail FROM pledge"  # noqa: S608  # constants
        f" WHERE text_hash <> {TEXT_HASH}",
    ),
    Check(
        "accepted too much",
        "pledge",
        "SELECT p.id, format('promises %s, of which %s were accepted', trim_scale(p.quantity), trim_scale(p.accepted))"
        " AS detail FROM pledge p JOIN resource_type t ON t.code = p.resource_type_id"
        " WHERE t.bound = 'cap' AND p.accepted > p.quantity",
    ),
    Check(
        "version differs",
        "pledge",
        "SELECT p.id, format('version %s of its text does not say what the pledge says', p.revision) AS detail"
        " FROM pledge p JOIN pledge_version v ON v.pledge_id = p.id AND v.revision = p.revision"
        " WHERE v.status <> 'standing' OR (v.quantity, v.text_zh, v.text_en, v.text_hash)"
        " IS DISTINCT FROM (p.quantity, p.text_zh, p.text_en, p.text_hash)",
    ),
    Check(
        "version edited",
        "pledge_version",
        f"SELECT id, format('version %s does not match its hash', revision) AS detail FROM pledge_version"  # noqa: S608  # constants
        f" WHERE text_hash <> {TEXT_HASH}",
    ),
    Check(
        "amendment unsigned",
        "pledge_version",
        # Version 1 and what was changed before signing need no signatures of their own; an amendment does.
        "SELECT v.id, format('version %s took effect without both sides'' signatures', v.revision) AS detail"
        " FROM pledge_version v JOIN pledge p ON p.id = v.pledge_id"
        " WHERE v.status IN ('standing', 'replaced') AND p.effective_at < v.at"
        " AND (SELECT count(DISTINCT s.side) FROM pledge_signature s WHERE s.pledge_id = v.pledge_id"
        " AND s.revision = v.revision AND s.text_hash = v.text_hash) < 2",
    ),
    Check(
        "part differs",
        "pledge",
        "SELECT w.id, format('contains parts of %s, more than it promises, or for another need, or parts of parts',"
        " trim_scale(sum(p.quantity))) AS detail FROM pledge p JOIN pledge w ON w.id = p.part_of_id"
        " WHERE p.status NOT IN ('cancelled', 'terminated', 'written_off') GROUP BY w.id"
        " HAVING sum(p.quantity) > w.quantity OR w.part_of_id IS NOT NULL"
        " OR bool_or(p.need_id <> w.need_id)",
    ),
    Check(
        "signature missing",
        "pledge",
        "SELECT p.id, format('is %s without both sides'' signatures under its text', p.status) AS detail FROM pledge p"
        " WHERE p.effective_at IS NOT NULL AND (SELECT count(DISTINCT s.side) FROM pledge_signature s"
        " WHERE s.pledge_id = p.id AND s.revision = p.revision AND s.text_hash = p.text_hash) < 2",
    ),
)


async def verify(owner_url: str) -> list[Finding]:
    """Run every check in one snapshot, as the owner; what is wrong, or nothing."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [
                Finding(check.name, check.table, str(row["id"]), row["detail"])
                for check in CHECKS
                for row in await connection.fetch(check.sql)
            ]
    finally:
        await connection.close()
