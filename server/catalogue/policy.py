"""Who may read the catalogue: everyone. It is reference data; `jiedui load` writes it."""

from server.kit.policy import Policy, rule

POLICY = Policy("resource_type", (rule("read", "anyone"),))
