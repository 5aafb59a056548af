"""The board: the work by stage, each column newest first, in one statement."""

from server.accounts.actor import Actor, code_pattern
from server.kit.uow import UnitOfWork
from server.pledges.lateness import TO_SEND, UNDER_WAY
from server.reports import rows
from server.reports.schemas import Board, BoardColumn, BoardQuery, Stage
from server.reports.today import DECIDE, item, who

# Every stage gives: verb, kind, id, title, due, since, quantity, unit, county_code, other_id. No verb: others act.
# $1 to $6 as in today.py, $7 the pattern of receiving counties, $8 a head or none.
COLUMNS = "verb, kind, id, title, due, since, quantity, unit, county_code, other_id"
WITHIN = "n.county_code LIKE $7 AND ($8::text IS NULL OR t.head = $8)"
TYPE = "JOIN resource_type t ON t.code = n.resource_type_id"

STAGES: dict[Stage, str] = {
    "review": f"""
    SELECT CASE WHEN n.participant_id = ANY ($2) AND n.written_by <> $5
            THEN CASE n.status WHEN 'submitted' THEN 'review' ELSE 'publish' END END AS verb,
        'need' AS kind, n.id, n.title, NULL::date AS due, n.submitted_at AS since, n.quantity, t.unit, n.county_code,
        n.participant_id AS other_id
    FROM need n {TYPE} WHERE n.status IN ('submitted', 'under_review') AND {WITHIN}""",
    "suggestions": f"""
    SELECT CASE WHEN s.county_code LIKE ANY ($6) OR s.county_id = ANY ($1::uuid[] || $3::uuid[]) OR s.giver_id = ANY ($1::uuid[] || $3::uuid[])
            THEN 'propose' END AS verb,
        'suggestion' AS kind, s.id, n.title, NULL::date AS due, s.created_at AS since, s.quantity, t.unit,
        s.county_code, s.giver_id AS other_id
    FROM suggestion s JOIN need n ON n.id = s.need_id {TYPE}
    WHERE s.status = 'open' AND s.run_id = (SELECT last.run_id FROM suggestion last ORDER BY last.id DESC LIMIT 1)
        AND {WITHIN}""",
    "proposals": f"""
    SELECT CASE WHEN (p.county_id = ANY ($4) AND 'county' <> ALL (p.agreed_by))
            OR (p.giver_id = ANY ($4) AND 'giver' <> ALL (p.agreed_by)) THEN 'agree' END AS verb,
        'proposal' AS kind, p.id, n.title, (p.hold_until AT TIME ZONE 'Asia/Shanghai')::date AS due,
        (SELECT max(turn.at) FROM proposal_turn turn WHERE turn.proposal_id = p.id AND turn.kind = 'terms') AS since, p.quantity, t.unit,
        p.county_code, p.giver_id AS other_id
    FROM proposal p JOIN need n ON n.id = p.need_id {TYPE}
    WHERE p.status IN ('proposed', 'countered') AND {WITHIN}""",
    "to_sign": f"""
    SELECT CASE WHEN (p.county_id = ANY ($3) AND 'county' <> ALL (signed.by))
            OR (p.giver_id = ANY ($3) AND 'giver' <> ALL (signed.by)) THEN 'sign' END AS verb,
        'pledge' AS kind, p.id, n.title, (p.sign_by AT TIME ZONE 'Asia/Shanghai')::date AS due,
        p.created_at AS since, p.quantity, t.unit, p.county_code, p.giver_id AS other_id
    FROM pledge p JOIN need n ON n.id = p.need_id {TYPE}
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT s.side::text FROM pledge_signature s
        WHERE s.pledge_id = p.id AND s.revision = p.revision) AS by) AS signed
    WHERE p.status = 'awaiting_signature' AND {WITHIN}""",
    "deliveries": f"""
    SELECT CASE WHEN d.status = 'planned' THEN CASE WHEN d.giver_id = ANY ($4) THEN 'send' END
            WHEN d.county_id = ANY ($2::uuid[] || $3::uuid[]) THEN {DECIDE} END AS verb,
        'delivery' AS kind, d.id, n.title, NULL::date AS due, d.sent_at AS since, d.declared AS quantity, t.unit,
        d.county_code, d.giver_id AS other_id
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN need n ON n.id = p.need_id {TYPE}
    WHERE d.status IN ('planned', 'sent', 'arrived', 'inspected', 'disputed') AND {WITHIN}
    UNION ALL
    SELECT CASE WHEN p.giver_id = ANY ($4) THEN 'send' END, 'pledge', p.id, n.title, p.due, p.effective_at,
        {TO_SEND}, t.unit, p.county_code, p.giver_id
    FROM pledge p JOIN need n ON n.id = p.need_id {TYPE} {UNDER_WAY}
    WHERE p.status = 'effective' AND {TO_SEND} > 0 AND {WITHIN}""",
    "accepted": f"""
    SELECT NULL AS verb, 'delivery' AS kind, d.id, n.title, NULL::date AS due, d.decided_at AS since,
        d.accepted AS quantity, t.unit, d.county_code, d.giver_id AS other_id
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN need n ON n.id = p.need_id {TYPE}
    WHERE d.status IN ('accepted', 'accepted_short') AND {WITHIN}""",
}  # no input in it


def _statement(limit: int) -> str:
    parts = [
        f"(SELECT '{stage}' AS stage, {COLUMNS}, count(*) OVER () AS total FROM ({part}) AS {stage}"  # no input in it
        f" ORDER BY since DESC NULLS LAST, id DESC LIMIT {limit})"
        for stage, part in STAGES.items()
    ]
    return f"""
    WITH cards AS ({" UNION ALL ".join(parts)})
    SELECT cards.*, {rows.PLACE}, other.name_zh AS other_zh, other.name_en AS other_en
    FROM cards {rows.place_joins("cards.county_code")}
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[other_id]) AS other ON other_id IS NOT NULL
    ORDER BY since DESC NULLS LAST, id DESC"""  # no input in it


async def read(uow: UnitOfWork, actor: Actor, query: BoardQuery) -> Board:
    """The columns of the board, with up to `limit` cards each."""
    pattern = code_pattern(query.place) if query.place else (query.province or "")[:2] + "%"
    found = await uow.fetch(_statement(query.limit), *who(actor), pattern, query.head)
    columns: dict[str, BoardColumn] = {stage: BoardColumn(stage=stage, total=0, items=[]) for stage in STAGES}
    for row in found:
        column = columns[row["stage"]]
        column.total = row["total"]
        column.items.append(item(row))
    return Board(columns=list(columns.values()))
