"""Who may export: whoever is signed in, what they may see; the file is theirs alone (row-level security says the same)."""

from server.kit.policy import READER, Policy, rule

POLICY = Policy("exports", (rule("list create read", READER),))
