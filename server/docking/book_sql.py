"""What keeps the book: what has happened since a number of the stream, whom it concerns, and the prices that runs kept."""

LAST = "SELECT coalesce(max(seq), 0) AS seq, coalesce(min(seq), 0) AS first FROM stream_entry"

CHANGES = """
SELECT kind, subject_kind, subject_id FROM stream_entry WHERE seq > $1 AND seq <= $2
  AND subject_kind IN ('need', 'offer', 'proposal', 'pledge', 'delivery', 'participant', 'pairing', 'docking_run',
                       'docking_settings')
"""

CONCERNED = """
SELECT id, need_id, offer_id FROM proposal WHERE id = ANY($1::uuid[])
UNION ALL SELECT id, need_id, offer_id FROM pledge WHERE id = ANY($1::uuid[])
UNION ALL SELECT d.id, p.need_id, p.offer_id FROM delivery d JOIN pledge p ON p.id = d.pledge_id WHERE d.id = ANY($1::uuid[])
"""

# The last runs over everything and what came after; later ones speak for what they looked at.
PRICES = """
SELECT r.needs, r.offers FROM docking_result r JOIN docking_run d ON d.id = r.run_id
WHERE d.status = 'done' ORDER BY d.finished_at DESC, d.id DESC LIMIT $1
"""
PRICES_OF = "SELECT needs, offers FROM docking_result WHERE run_id = ANY($1::uuid[]) ORDER BY created_at"
