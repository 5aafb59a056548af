"""Who may follow the stream: anyone signed in, and sees only what concerns them (rules.may_learn)."""

from server.kit.policy import Policy, rule

POLICY = Policy("notice", (rule("follow", "signed_in"),))
