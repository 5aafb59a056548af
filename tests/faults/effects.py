"""What a job or a handler did: the tables it writes, counted without ids and times."""

from collections import Counter

from tests.support.database import Database

COUNTED = {
    "ledger_entry": "movement || ' ' || trim_scale(quantity) || ' ' || reference_kind",
    "account": "concat_ws(' ', subject_kind, trim_scale(held), trim_scale(pledged), trim_scale(accepted), entries, is_closed)",
    "intent": "status",
    "event": "kind",
    "dispatch": "target || ' ' || coalesce(job_name, '')",
    "stored_reply": "status::text",
    "export": "(made_at IS NOT NULL) || ' ' || coalesce(rows, 0)",
    "notice": "kind",
    "notice_sending": "channel || ' ' || state",
    "letter": "(started_at IS NOT NULL)::text",
    "account_user": "(erased_at IS NOT NULL)::text",
    **dict.fromkeys(("need", "offer", "proposal", "pledge", "delivery", "participant", "docking_run"), "status"),
    **dict.fromkeys(("suggestion", "job", "pledge_version", "sheet_import", "sheet_row"), "status"),
    **dict.fromkeys(("pledge_signature", "instalment", "delivery_stage", "unmet", "pledge_urge", "cool_down"), "'row'"),
    "task_entry": "kind",
    "campaign": "status",
    "task": "status",
}

PROGRESS = ("docking_run.begun", "docking_run.progressed", "stream ")
"""How far an attempt came is said by each attempt anew; the stream has an entry for each event."""


async def effects(database: Database) -> dict[str, Counter[str]]:
    """What stands in the tables, counted without ids and times; the chain of each account must be whole."""
    found = {}
    for table, said in COUNTED.items():
        rows = await database.fetch(f"SELECT {said} AS said FROM {table}")  # constants
        found[table] = Counter(str(row["said"]) for row in rows if row["said"] not in PROGRESS)
    return found
