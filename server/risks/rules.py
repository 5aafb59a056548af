"""When a risk flag is lifted."""

from uuid import UUID

from server.kit.errors import Conflict, Text


class OwnFlag(Conflict):
    """Who set a flag does not lift it."""

    slug = "own-risk-flag"
    title = Text("须由他人解除", "Somebody else lifts it")
    detail = Text(
        "风险提示由您提出，请由另一名经办人核实后解除。", "You set this flag: a colleague looks at it and lifts it."
    )


class FlagLifted(Conflict):
    """It was lifted already."""

    slug = "risk-flag-lifted"
    title = Text("风险提示已解除", "It is lifted already")
    detail = Text("该风险提示已解除。", "This flag has been lifted already.")


def check_lift(set_by: UUID, person: UUID | None, lifted: bool) -> None:
    """Raise FlagLifted, or OwnFlag for who set it."""
    if lifted:
        raise FlagLifted
    if set_by == person:
        raise OwnFlag
