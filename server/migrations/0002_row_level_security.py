"""Who may see and change which row, decided by the database as the second wall behind every query.

Each transaction says who asks: `jiedui.actor` (a user's id, or `system`), `jiedui.participants` (those that the user
is a member of) and `jiedui.oversight` (LIKE patterns over place codes, `%` national). Without them nobody asks and
nothing is visible. Policies call these through a scalar subquery, so that they are read once and not for each row.

A need or an offer that one may see may also be locked (FOR UPDATE), because a proposal of one side takes the other
side's record in the fixed order of locks. Writing it fails loudly: a policy's check looks at the new row alone, so a
trigger looks at the old one, or a stranger could write by making the record their own.
"""

from typing import NamedTuple

from tortoise import migrations
from tortoise.migrations import operations as ops

WHO_ASKS = """
CREATE FUNCTION jiedui_actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('jiedui.actor', true), '');

CREATE FUNCTION jiedui_signed_in() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN jiedui_actor() IS NOT NULL;

CREATE FUNCTION jiedui_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(jiedui_actor() = 'system', false);

CREATE FUNCTION jiedui_participants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN jiedui_signed_in()
    THEN COALESCE(NULLIF(current_setting('jiedui.participants', true), ''), '{}')::uuid[] ELSE '{}' END;

CREATE FUNCTION jiedui_oversight() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN jiedui_signed_in()
    THEN COALESCE(NULLIF(current_setting('jiedui.oversight', true), ''), '{}')::text[] ELSE '{}' END;

CREATE FUNCTION jiedui_member(participant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(participant = ANY (jiedui_participants()), false);

-- A row without a code belongs to national oversight alone.
CREATE FUNCTION jiedui_oversees(code text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(code, '') LIKE ANY (jiedui_oversight());

CREATE FUNCTION jiedui_oversees_place(place uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN jiedui_oversees((SELECT code FROM place WHERE place.id = $1));

CREATE FUNCTION jiedui_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'row of table % belongs to others', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
"""

NAMES = """
-- Names for a reader who may not see the record itself: who signed for the other side; a unit under its alias.
CREATE FUNCTION jiedui_user_names(wanted uuid[]) RETURNS TABLE (id uuid, name text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.name, u.name_en FROM account_user u WHERE u.id = ANY (wanted) AND jiedui_signed_in()
$$;

CREATE FUNCTION jiedui_participant_names(wanted uuid[]) RETURNS TABLE (id uuid, name_zh text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id,
        CASE WHEN masked THEN COALESCE(p.alias, '') ELSE p.name_zh END,
        CASE WHEN masked THEN COALESCE(p.alias, '') ELSE p.name_en END
    FROM participant p
    CROSS JOIN LATERAL (SELECT p.kind = 'armed_forces_unit'
        AND NOT (jiedui_is_system() OR jiedui_member(p.id) OR '%' = ANY (jiedui_oversight())) AS masked) AS m
    WHERE p.id = ANY (wanted) AND jiedui_signed_in()
$$;
"""

BIGRAMS = r"""
CREATE FUNCTION squeezed(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(value), '\s+', '', 'g');

-- Bodies are parsed here (BEGIN ATOMIC): an index is built with an empty search path.
-- Chinese words often have two characters, too short for trigrams.
CREATE FUNCTION bigrams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(array_agg(DISTINCT gram), '{}')
    FROM (
        SELECT one, one || lead(one) OVER (ORDER BY place) AS two
        FROM string_to_table(squeezed(value), NULL) WITH ORDINALITY AS letters (one, place)
    ) AS pairs
    CROSS JOIN LATERAL (VALUES (one), (two)) AS grams (gram)
    WHERE gram IS NOT NULL;
END;

-- The grams that a text must have to contain every word of a query; NULL for an empty query.
CREATE FUNCTION bigrams_of_words(query text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(DISTINCT gram)
    FROM regexp_split_to_table(query, '\s+') AS words (word), unnest(bigrams(word)) AS gram;
END;

CREATE FUNCTION contains_words(value text, query text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT bool_and(position(lower(word) IN squeezed(value)) > 0) FROM regexp_split_to_table(query, '\s+') AS words (word);
END;
"""

# Row-level security lets no index be used whose operator is not leakproof, and array operators are not. So a search runs
# as the owner and returns ids alone; the query around it still sees only what the actor may see.
SEARCH = """
CREATE INDEX idx_{table}_bigrams ON {table} USING gin (bigrams({text}));

CREATE FUNCTION search_{table}s(query text) RETURNS SETOF uuid ROWS 100
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM {table} WHERE bigrams({text}) @> bigrams_of_words(query) AND contains_words({text}, query)
$$;
"""

SEARCHED = {
    "need": "title || ' ' || description",
    "offer": "title || ' ' || description",
    "participant": "name_zh || ' ' || name_en",
    "place": "name_zh || ' ' || name_en || ' ' || initials",
}

DEFINER_FUNCTIONS = (
    "jiedui_user_names(uuid[])",
    "jiedui_participant_names(uuid[])",
    *(f"search_{table}s(text)" for table in SEARCHED),
)

SYSTEM = "(SELECT jiedui_is_system())"
SIGNED_IN = "(SELECT jiedui_signed_in())"
ACTOR = "(SELECT jiedui_actor())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
NATIONAL = f"'%' = ANY ({OVERSIGHT})"


def member(column: str) -> str:
    return f"COALESCE({column} = ANY ({PARTICIPANTS}), false)"


def oversees(column: str) -> str:
    return f"COALESCE({column}, '') LIKE ANY ({OVERSIGHT})"


def visible(table: str, column: str) -> str:
    """The row belongs to a row that the actor may see (whose own policy decides)."""
    return f"EXISTS (SELECT FROM {table} AS parent WHERE parent.id = {column})"


class Access(NamedTuple):
    """Conditions to read, add, change and remove rows; None is never.

    With `guard`, the condition on the old row that a change needs, it is enough to read a row to lock it.
    """

    read: str
    add: str | None = None
    change: str | None = None
    remove: str | None = None
    guard: str | None = None


SIDES = f"{SYSTEM} OR {member('county_id')} OR {member('giver_id')} OR {oversees('county_code')}"
OWN_USER = f"{SYSTEM} OR user_id::text = {ACTOR}"
AUDIENCE = (
    f"{SYSTEM} OR ({SIGNED_IN} AND (public OR audience_participants && {PARTICIPANTS}"
    f" OR EXISTS (SELECT FROM unnest(audience_codes) AS code WHERE code LIKE ANY ({OVERSIGHT}))))"
)
OPEN_TO_ALL = f"({SIGNED_IN} AND published_at IS NOT NULL AND status IN ('published', 'suspended', 'closed'))"

NEED_WRITER = f"{SYSTEM} OR {member('participant_id')} OR {oversees('county_code')}"
OFFER_WRITER = f"{SYSTEM} OR {member('participant_id')} OR (status <> 'draft' AND {oversees('giver_code')})"
PARTICIPANT_WRITER = (
    f"{SYSTEM} OR {member('id')} OR {NATIONAL} OR (kind <> 'armed_forces_unit' AND jiedui_oversees_place(place_id))"
)
PAIRING_WRITER = (
    f"{SYSTEM} OR {member('giver_id')} OR jiedui_oversees_place(place_id)"
    " OR (giver_place_id IS NOT NULL AND jiedui_oversees_place(giver_place_id))"
)
JOB_OWNER = f"{SYSTEM} OR created_by = {ACTOR}"
OWN_REPLY = f"{SYSTEM} OR principal = {ACTOR}"
GRANTER = f"{SYSTEM} OR {member('participant_id')}"
PROPOSAL, PLEDGE, DELIVERY = (visible(t, f"{t}_id") for t in ("proposal", "pledge", "delivery"))

ACCESS = {
    "event": Access(AUDIENCE, add=f"{SYSTEM} OR actor = {ACTOR}"),
    "dispatch": Access(SYSTEM, add=SIGNED_IN, change=SYSTEM, remove=SYSTEM),
    "stream_entry": Access(AUDIENCE, add=SYSTEM),
    "job": Access(JOB_OWNER, add=JOB_OWNER, change=JOB_OWNER),
    "stored_reply": Access(OWN_REPLY, add=OWN_REPLY, change=OWN_REPLY, remove=OWN_REPLY),
    "account_user": Access(
        f"{SYSTEM} OR id::text = {ACTOR} OR EXISTS (SELECT FROM role_grant AS held"
        f" WHERE held.user_id = account_user.id AND {member('held.participant_id')})",
        add=SYSTEM,
        change=f"{SYSTEM} OR id::text = {ACTOR}",
    ),
    "session": Access(OWN_USER, add=OWN_USER, change=OWN_USER, remove=OWN_USER),
    "api_key": Access(OWN_USER, add=OWN_USER, change=OWN_USER),
    "role_grant": Access(f"{OWN_USER} OR {member('participant_id')}", add=GRANTER, change=GRANTER),
    "sign_in_failure": Access(SYSTEM, add=SYSTEM, remove=SYSTEM),
    "participant": Access(
        # What holds of almost every row comes first: it is asked of each row that is joined.
        f"({SIGNED_IN} AND kind <> 'armed_forces_unit' AND status IN ('verified', 'suspended')) OR {PARTICIPANT_WRITER}",
        add=f"{SYSTEM} OR ({SIGNED_IN} AND status = 'applied')",
        change=PARTICIPANT_WRITER,
    ),
    "pairing": Access(
        f"({SIGNED_IN} AND kind <> 'armed_forces') OR {PAIRING_WRITER} OR EXISTS (SELECT FROM participant AS seated"
        f" WHERE seated.place_id = pairing.place_id AND {member('seated.id')})",
        add=PAIRING_WRITER,
        change=PAIRING_WRITER,
    ),
    "need": Access(
        f"{OPEN_TO_ALL} OR {NEED_WRITER}",
        add=NEED_WRITER,
        change=NEED_WRITER,
        guard="jiedui_is_system() OR jiedui_member(OLD.participant_id) OR jiedui_oversees(OLD.county_code)",
    ),
    "offer": Access(
        f"{OPEN_TO_ALL} OR {OFFER_WRITER}",
        add=OFFER_WRITER,
        change=OFFER_WRITER,
        guard="jiedui_is_system() OR jiedui_member(OLD.participant_id)"
        " OR (OLD.status <> 'draft' AND jiedui_oversees(OLD.giver_code))",
    ),
    "account": Access(SIGNED_IN, add=SIGNED_IN, change=SIGNED_IN),
    "ledger_entry": Access(
        f"{SYSTEM} OR EXISTS (SELECT FROM account AS moved WHERE moved.id IN (account_id, counter_account_id)"
        f" AND {member('moved.owner_id')}) OR EXISTS (SELECT FROM account AS moved JOIN participant AS owner"
        " ON owner.id = moved.owner_id WHERE moved.id IN (account_id, counter_account_id)"
        " AND jiedui_oversees_place(owner.place_id))",
        add=SIGNED_IN,
    ),
    "docking_run": Access(*[f"{SYSTEM} OR {OVERSIGHT} <> '{{}}'"] * 3),
    "suggestion": Access(SIDES, add=f"{SYSTEM} OR {oversees('county_code')}", change=SIDES),
    "unmet": Access(f"{SYSTEM} OR {member('owner_id')} OR {oversees('county_code')}", add=SYSTEM),
    "cool_down": Access(
        f"{SYSTEM} OR EXISTS (SELECT FROM need WHERE need.id = need_id"
        f" AND ({member('need.participant_id')} OR {oversees('need.county_code')}))"
        f" OR EXISTS (SELECT FROM offer WHERE offer.id = offer_id AND {member('offer.participant_id')})",
        add=f"{SYSTEM} OR ({visible('need', 'need_id')} AND {visible('offer', 'offer_id')})",
    ),
    "proposal": Access(SIDES, add=SIDES, change=SIDES),
    "proposal_turn": Access(PROPOSAL, add=PROPOSAL),
    "proposal_message": Access(PROPOSAL, add=PROPOSAL),
    "pledge": Access(SIDES, add=SIDES, change=SIDES),
    "pledge_signature": Access(PLEDGE, add=PLEDGE),
    "instalment": Access(PLEDGE, add=PLEDGE, change=PLEDGE, remove=PLEDGE),
    "delivery": Access(SIDES, add=SIDES, change=SIDES),
    "delivery_stage": Access(DELIVERY, add=DELIVERY),
}

REFERENCE = ("place", "place_code", "poverty_status", "fiscal_revenue", "published_record", "resource_type")


def wall(table: str, access: Access) -> str:
    """Force row-level security on a table and grant exactly what its policies allow."""
    lines = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        # FORCE binds the owner too, who migrates, loads and backs up.
        f"CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);",
        f"CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({access.read});",
        f"GRANT SELECT ON {table} TO jiedui_app;",
    ]
    if access.add:
        lines.append(f"CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({access.add});")
        lines.append(f"GRANT INSERT ON {table} TO jiedui_app;")
    if access.change:
        lines.append(
            f"CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app"
            f" USING ({access.read if access.guard else access.change}) WITH CHECK ({access.change});"
        )
        lines.append(f"GRANT UPDATE ON {table} TO jiedui_app;")
    if access.guard:
        lines.append(
            f"CREATE TRIGGER guard_change BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (current_user = 'jiedui_app' AND NOT ({access.guard})) EXECUTE FUNCTION jiedui_refuse();"
        )
    if access.remove:
        lines.append(f"CREATE POLICY app_remove ON {table} FOR DELETE TO jiedui_app USING ({access.remove});")
        lines.append(f"GRANT DELETE ON {table} TO jiedui_app;")
    return "\n".join(lines)


GRANTS = "\n".join(
    [
        *(f"GRANT SELECT ON {table} TO jiedui_app;" for table in (*REFERENCE, "tortoise_migrations")),
        "GRANT SELECT, INSERT, UPDATE ON setting TO jiedui_app;",
        *(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC;" for name in DEFINER_FUNCTIONS),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO jiedui_app;" for name in DEFINER_FUNCTIONS),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("models", "0001_tables")]

    operations = [
        ops.RunSQL(WHO_ASKS),
        ops.RunSQL(NAMES),
        ops.RunSQL(BIGRAMS),
        ops.RunSQL([SEARCH.format(table=table, text=text) for table, text in SEARCHED.items()]),
        ops.RunSQL([wall(table, access) for table, access in ACCESS.items()]),
        ops.RunSQL(GRANTS),
    ]
