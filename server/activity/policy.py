"""Who may follow a job: whoever started it (row-level security shows no other)."""

from server.kit.policy import Policy, rule

POLICY = Policy("job", (rule("read cancel", "signed_in"),))
