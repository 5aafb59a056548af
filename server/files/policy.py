"""Who may do what with files: everybody who is signed in uploads; who reads is asked of the record that a file belongs to."""

from server.kit.policy import SIGNED_IN, Policy, rule

POLICY = Policy("files", (rule("upload read", SIGNED_IN),))
