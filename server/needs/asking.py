"""What needs ask for in money, as SQL for whoever adds it up; goods and works are never added to it."""

ASK = "CASE WHEN n.status = 'closed' THEN coalesce(a.accepted, 0) ELSE n.quantity END"
"""Of a need `n` with its account `a`, in fen: of a closed one only what was accepted still takes of a project's gap."""
ASKING_MONEY = """need n JOIN resource_type t ON t.code = n.resource_type_id LEFT JOIN account a ON a.subject_id = n.id
    WHERE t.unit = 'fen' AND n.status <> 'rejected'"""
"""Needs of money with their accounts; conditions follow it with AND."""
