"""One row in every tenant table, all belonging to one county, one giver and one user: what others must not see."""

from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from server.kit.schema import new_id

COUNTY_CODE = "610927"
"""A county in province 61."""


@dataclass(frozen=True)
class Ids:
    """The ids that the rows are told apart by."""

    place: UUID = field(default_factory=new_id)
    county: UUID = field(default_factory=new_id)
    giver: UUID = field(default_factory=new_id)
    unit: UUID = field(default_factory=new_id)
    stranger: UUID = field(default_factory=new_id)
    user: UUID = field(default_factory=new_id)
    other: UUID = field(default_factory=new_id)
    need: UUID = field(default_factory=new_id)
    offer: UUID = field(default_factory=new_id)
    need_account: UUID = field(default_factory=new_id)
    run: UUID = field(default_factory=new_id)
    proposal: UUID = field(default_factory=new_id)
    pledge: UUID = field(default_factory=new_id)
    delivery: UUID = field(default_factory=new_id)
    file: UUID = field(default_factory=new_id)
    sheet: UUID = field(default_factory=new_id)
    project: UUID = field(default_factory=new_id)
    campaign: UUID = field(default_factory=new_id)
    pairing: UUID = field(default_factory=new_id)
    agreement: UUID = field(default_factory=new_id)
    meeting: UUID = field(default_factory=new_id)
    condition: UUID = field(default_factory=new_id)
    task: UUID = field(default_factory=new_id)


ROWS = """
INSERT INTO place (id, level, code, name_zh) VALUES ('{place}', 'county', '{code}', '镇坪县');
INSERT INTO resource_type (code, head, name_zh, unit, bound, reach) VALUES ('road', 'works', '道路', 'km', 'cap', 'open');
INSERT INTO account_user (id, identifier, name) VALUES ('{user}', 'clerk@county.example', '王芳');
INSERT INTO session (user_id, token_hash, csrf_token, last_seen_at, expires_at) VALUES ('{user}', 'x', 'x', now(), now());
INSERT INTO second_factor (user_id, sealed, key_id) VALUES ('{user}', 'x', 'x');
INSERT INTO openid_identity (user_id, issuer, subject) VALUES ('{user}', 'https://id.example', 'x');
INSERT INTO api_key (user_id, name, key_hash) VALUES ('{user}', 'x', 'x');
INSERT INTO client_reference (owner_id, kind, client_ref, record_id, body_hash) VALUES ('{giver}', 'offer', 'x', '{offer}', 'x');
INSERT INTO draft (user_id, key, payload, revision, changed_at) VALUES ('{user}', 'need.new.1', '{{}}', 1, now());
INSERT INTO role_grant (user_id, role, participant_id) VALUES ('{user}', 'editor', '{county}');
INSERT INTO sign_in_failure (identifier, at) VALUES ('clerk@county.example', now());
INSERT INTO participant (id, kind, name_zh, status, place_id, alias) VALUES
    ('{county}', 'western_government', '镇坪县人民政府', 'applied', '{place}', NULL),
    ('{giver}', 'eastern_partner', '某区', 'applied', NULL, NULL),
    ('{stranger}', 'enterprise', '某企业', 'applied', NULL, NULL),
    ('{unit}', 'armed_forces_unit', '真实番号', 'applied', '{place}', '某部队');
INSERT INTO risk_flag (participant_id, reason, set_by, set_at) VALUES ('{giver}', 'x', '{user}', now());
INSERT INTO invitation (identifier, participant_id, roles, token_hash, expires_at, invited_by_id) VALUES
    ('li@county.example', '{county}', '{{editor}}', 'x', now(), '{user}');
INSERT INTO account_user (id, identifier, name) VALUES ('{other}', 'wang@county.example', '王');
INSERT INTO substitution (participant_id, person_id, substitute_id, from_day, until_day, named_by) VALUES
    ('{county}', '{user}', '{other}', '2019-06-01', '2019-06-30', '{user}');
INSERT INTO pairing (id, kind, giver_id, place_id, policy, valid_from, status) VALUES
    ('{pairing}', 'armed_forces', '{unit}', '{place}', '2016', '2016-01-01', 'active');
INSERT INTO agreement (id, pairing_id, county_id, giver_id, county_code, year, status, written_by) VALUES
    ('{agreement}', '{pairing}', '{county}', '{giver}', '{code}', 2019, 'draft', '{user}');
INSERT INTO agreement_version (agreement_id, revision, status, window_from, window_to, text_zh, text_en, text_hash, user_id, at)
    VALUES ('{agreement}', 1, 'standing', '2019-01-01', '2019-12-31', '', '', '', '{user}', now());
INSERT INTO agreement_signature (agreement_id, revision, side, user_id, text_hash, at) VALUES
    ('{agreement}', 1, 'giver', '{user}', '', now());
INSERT INTO meeting (id, pairing_id, county_id, giver_id, county_code, held_on, level, chair, status, written_by) VALUES
    ('{meeting}', '{pairing}', '{county}', '{giver}', '{code}', '2019-05-20', 'county', 'county', 'planned', '{user}');
INSERT INTO meeting_decision (meeting_id, position, responsible, due, status) VALUES
    ('{meeting}', 1, 'giver', '2019-05-31', 'open');
INSERT INTO secondment (pairing_id, county_id, giver_id, county_code, direction, kind, term_from, term_to, status, written_by)
    VALUES ('{pairing}', '{county}', '{giver}', '{code}', 'to_county', 'cadre', '2019-01-01', '2020-12-31', 'selected', '{user}');
INSERT INTO year_summary (pairing_id, county_id, giver_id, county_code, year, side, status, written_by, asked_at) VALUES
    ('{pairing}', '{county}', '{giver}', '{code}', 2019, 'giver', 'consulted', '{user}', now());
INSERT INTO unit_condition (id, pairing_id, giver_id, county_code, head, words, status, written_by) VALUES
    ('{condition}', '{pairing}', '{unit}', '{code}', 'works', '工程机械', 'recorded', '{user}');
INSERT INTO task (id, pairing_id, condition_id, county_id, giver_id, county_code, title, answer_by, due, status, written_by)
    VALUES ('{task}', '{pairing}', '{condition}', '{county}', '{giver}', '{code}', '修路', '2019-06-10', '2019-07-10',
            'assigned', '{user}');
INSERT INTO task_entry (task_id, kind, at, user_id) VALUES ('{task}', 'assigned', now(), '{user}');
INSERT INTO sheet_import (id, kind, participant_id, created_by, header_hash, status) VALUES
    ('{sheet}', 'needs', '{county}', '{user}', 'x', 'uploaded');
INSERT INTO export (created_by, list_name, format, language) VALUES ('{user}', 'needs', 'xlsx', 'en');
INSERT INTO sheet_row (sheet_id, participant_id, number, status) VALUES ('{sheet}', '{county}', 1, 'waiting');
INSERT INTO project (id, place_id, county_code, county_codes, participant_id, title, head, nature, window_from, window_to,
                     cost_fen, status, written_by) VALUES
    ('{project}', '{place}', '{code}', ARRAY['{code}'], '{county}', '道路硬化', 'works', 'new', '2019-01-01', '2019-12-31',
     1000, 'proposal', '{user}');
INSERT INTO project_source (project_id, kind, amount_fen) VALUES ('{project}', 'county', 400);
INSERT INTO need (id, place_id, county_code, participant_id, resource_type_id, title, quantity, declared_value,
                  declared_unit, window_from, window_to, status, written_by) VALUES
    ('{need}', '{place}', '{code}', '{county}', 'road', '道路硬化', 5, 5, 'km', '2019-01-01', '2019-12-31', 'draft', '{user}');
INSERT INTO offer (id, participant_id, giver_code, resource_type_id, title, quantity, declared_value, declared_unit,
                   window_from, window_to, restriction, status, written_by) VALUES
    ('{offer}', '{giver}', '320000', 'road', '道路', 5, 5, 'km', '2019-01-01', '2019-12-31', 'none', 'draft', '{user}');
INSERT INTO account (id, subject_kind, subject_id, owner_id, unit, bound, quantity) VALUES
    ('{need_account}', 'need', '{need}', '{county}', 'km', 'cap', 5);
INSERT INTO ledger_entry (account_id, sequence, movement, quantity, reference_kind, reference_id, business_at,
                          recorded_at, recorded_by, previous_hash, hash) VALUES
    ('{need_account}', 1, 'open', 5, 'need', '{need}', now(), now(), '{user}', '', 'x');
INSERT INTO docking_run (id, status, started_by) VALUES ('{run}', 'done', '{user}');
INSERT INTO docking_result (run_id, needs, offers) VALUES ('{run}', '', '');
INSERT INTO docking_settings (version, set_by, set_at) VALUES (1, '{user}', now());
INSERT INTO decline_list (version, set_by, set_at) VALUES (1, '{user}', now());
INSERT INTO pledge_calendar (version, set_by, set_at) VALUES (1, '{user}', now());
INSERT INTO suggestion (run_id, need_id, offer_id, county_id, giver_id, county_code, quantity, score, status) VALUES
    ('{run}', '{need}', '{offer}', '{county}', '{giver}', '{code}', 5, 1, 'open');
INSERT INTO unmet (run_id, need_id, county_code, owner_id, open) VALUES ('{run}', '{need}', '{code}', '{county}', 5);
INSERT INTO cool_down (need_id, offer_id, until) VALUES ('{need}', '{offer}', now());
INSERT INTO proposal (id, need_id, offer_id, county_id, giver_id, county_code, quantity, window_from, window_to,
                      hold_until, status, proposed_by_side) VALUES
    ('{proposal}', '{need}', '{offer}', '{county}', '{giver}', '{code}', 5, '2019-01-01', '2019-12-31', now(),
     'proposed', 'giver');
INSERT INTO intent (need_id, county_id, giver_id, county_code, quantity, by_day, status, written_by) VALUES
    ('{need}', '{county}', '{giver}', '{code}', 5, '2019-12-31', 'stated', '{user}');
INSERT INTO proposal_turn (proposal_id, sequence, by_side, user_id, quantity, window_from, window_to, at) VALUES
    ('{proposal}', 1, 'giver', '{user}', 5, '2019-01-01', '2019-12-31', now());
INSERT INTO proposal_message (proposal_id, user_id, side, body, at) VALUES ('{proposal}', '{user}', 'giver', '请', now());
INSERT INTO proposal_reading (proposal_id, user_id, side, read_at) VALUES ('{proposal}', '{user}', 'giver', now());
INSERT INTO pledge (id, proposal_id, need_id, offer_id, county_id, giver_id, county_code, resource_type_id, quantity,
                    status, sign_by, due, text_zh, text_en, text_hash, paid_by_id) VALUES
    ('{pledge}', '{proposal}', '{need}', '{offer}', '{county}', '{giver}', '{code}', 'road', 5, 'awaiting_signature',
     now(), '2019-12-31', '', '', '', '{giver}');
INSERT INTO pledge_urge (pledge_id, about, key, step, addressee, deadline, at)
    VALUES ('{pledge}', 'hand', 'x', 0, 'giver', '2019-12-31', now());
INSERT INTO pledge_version (pledge_id, revision, status, quantity, window_from, window_to, text_zh, text_en, text_hash, at)
    VALUES ('{pledge}', 1, 'standing', 5, '2019-01-01', '2019-12-31', '', '', '', now());
INSERT INTO pledge_signature (pledge_id, revision, side, user_id, text_hash, at) VALUES
    ('{pledge}', 1, 'giver', '{user}', '', now());
INSERT INTO instalment (pledge_id, due, quantity) VALUES ('{pledge}', '2019-12-31', 5);
INSERT INTO delivery (id, pledge_id, county_id, giver_id, county_code, declared, status, participant_id) VALUES
    ('{delivery}', '{pledge}', '{county}', '{giver}', '{code}', 5, 'sent', '{giver}');
INSERT INTO delivery_stage (delivery_id, kind, at, user_id) VALUES ('{delivery}', 'sent', now(), '{user}');
INSERT INTO event (kind, subject_kind, subject_id, actor, business_at, audience_participants, audience_codes) VALUES
    ('need.submitted', 'need', '{need}', '{user}', now(), ARRAY['{county}']::uuid[], ARRAY['{code}']);
INSERT INTO dispatch (target, payload) VALUES ('stream', '{{}}');
INSERT INTO stream_entry (seq, kind, subject_kind, subject_id, audience_participants, audience_codes) VALUES
    (1, 'need.submitted', 'need', '{need}', ARRAY['{county}']::uuid[], ARRAY['{code}']);
INSERT INTO notice (id, user_id, event_id, topic, kind, subject_kind, subject_id, title, at) VALUES
    ('{need}', '{user}', '{need}', 'publishing', 'need.published', 'need', '{need}', '道路硬化', now());
INSERT INTO notice_setting (user_id) VALUES ('{user}');
INSERT INTO notice_sending (notice_id, user_id, channel, after) VALUES ('{need}', '{user}', 'email', now());
INSERT INTO notice_mark (seq) VALUES (1);
INSERT INTO job (name, created_by) VALUES ('dock', '{user}');
INSERT INTO file (id, uploaded_by, media_type, content_hash, size, record_kind, record_id, county_id, giver_id, county_code)
    VALUES ('{file}', '{stranger}', 'image/jpeg', 'x', 1, 'delivery', '{delivery}', '{county}', '{giver}', '{code}');
INSERT INTO delivery_evidence (delivery_id, file_id, kind, side, user_id, at) VALUES
    ('{delivery}', '{file}', 'photograph', 'giver', '{user}', now());
INSERT INTO campaign (id, organiser_id, host_id, county_code, title, window_from, window_to, status, written_by) VALUES
    ('{campaign}', '{giver}', '{county}', '{code}', '扶贫日', '2019-10-01', '2019-10-31', 'draft', '{user}');
INSERT INTO campaign_aim (campaign_id, resource_type_id, quantity) VALUES ('{campaign}', 'road', 5);
INSERT INTO campaign_entry (campaign_id, participant_id) VALUES ('{campaign}', '{giver}');
INSERT INTO campaign_pledge (campaign_id, pledge_id, giver_id) VALUES ('{campaign}', '{pledge}', '{giver}');
INSERT INTO certificate (delivery_id, county_id, giver_id, county_code, kind, number, quantity, text_zh, text_en, text_hash, nonce,
                         issued_on, issued_by) VALUES
    ('{delivery}', '{county}', '{giver}', '{code}', 'aid', 'JD2019-0000-0000-0000', 5, 'x', 'x', 'x', 'x', '2019-06-03', '{user}');
INSERT INTO donation_receipt (delivery_id, county_id, giver_id, county_code, recorded_by) VALUES
    ('{delivery}', '{county}', '{giver}', '{code}', '{user}');
INSERT INTO letter (channel, key, address, subject, body) VALUES ('email', 'x', 'li@county.example', 'x', 'x');
INSERT INTO address_code (address, purpose, code_hash, expires_at) VALUES ('li@county.example', 'commit', 'x', now());
INSERT INTO contact (participant_id, position, sealed, key_id) VALUES ('{county}', '项目办', 'x', 'x');
INSERT INTO stored_reply (principal, route, key, body_hash, status) VALUES ('{user}', 'x', 'x', 'x', 201);
"""


async def insert_rows(connection: asyncpg.Connection) -> Ids:
    """Insert them all as the connection's role, and say their ids."""
    ids = Ids()
    await connection.execute(ROWS.format(code=COUNTY_CODE, **vars(ids)))
    return ids
