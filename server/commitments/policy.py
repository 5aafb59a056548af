"""Who may commit: anybody who proves an e-mail address; a platform's duty is to count their tries."""

from server.kit.policy import Policy, rule

POLICY = Policy("commitment", (rule("look enter ask_code commit", "anyone"),))
