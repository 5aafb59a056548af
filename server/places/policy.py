"""Who may read places and the public facts about them: everyone. `jiedui load` writes them."""

from server.kit.policy import Policy, rule

POLICY = Policy("place", (rule("read", "anyone"),))
