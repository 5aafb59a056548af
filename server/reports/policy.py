"""Who may read reports: anyone who is signed in, and row-level security decides what stands in them."""

from server.kit.policy import SIGNED_IN, Policy, rule

POLICY = Policy("reports", (rule("today board timeline coverage flows ledger", SIGNED_IN),))
