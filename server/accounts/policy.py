"""Who may do what with accounts: everyone with their own.

A machine's key acts for its user in the field, but never touches how that user signs in.
"""

from server.accounts.actor import Actor
from server.kit.policy import Policy, rule


def _person(actor: Actor, _subject: object) -> frozenset[str]:
    return frozenset({"person"} if actor.kind == "user" else ())


POLICY = Policy(
    "account",
    (
        rule("sign_in read_session", "anyone"),
        rule("sign_out reset_password", "anyone"),
        rule("read", "signed_in"),
        rule("change secure", "person", "self"),
    ),
    {"self": _person},
)
