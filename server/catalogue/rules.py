"""What a resource type can be: heads, bounds and reaches, and the rule that a type must exist."""

from collections.abc import Sequence
from typing import Literal, get_args

from server.kit.errors import FieldError, Invalid, Text, fault, invalid_field

Head = Literal[
    "funds", "industry", "labour", "talent", "training", "goods", "works", "consumption", "education", "health"
]
HEADS: tuple[str, ...] = get_args(Head)
HEAD_NAMES: dict[str, Text] = {
    "funds": Text("资金", "Funds"),
    "industry": Text("产业", "Industry"),
    "labour": Text("劳务", "Labour"),
    "talent": Text("人才", "Talent"),
    "training": Text("培训", "Training"),
    "goods": Text("物资", "Goods"),
    "works": Text("工程", "Works"),
    "consumption": Text("消费帮扶", "Consumption"),
    "education": Text("教育", "Education"),
    "health": Text("医疗", "Health"),
}

Bound = Literal["cap", "floor"]
"""A cap is never passed; a floor is a target that may be (yearly funds, sales, jobs, investment)."""

Reach = Literal["pairing", "open"]
"""How far a type may go: `pairing` stays inside the pairing, `open` may be widened step by step."""


KEPT_DAYS = 90
"""How long a job is kept before it is accepted: the three months of the jobs' checklists (2016 policy)."""

OTHER_EVIDENCE = "other"
"""Evidence of a kind that the type does not name; it is never asked for."""


def evidence_code(name_en: str) -> str:
    """The code of a kind of evidence, from its English name: `delivery_note`."""
    return name_en.strip().lower().replace(" ", "_")


TALENT: Head = "talent"


def check_skills(head: str, skills: Sequence[str]) -> list[FieldError]:
    """Skills describe people: only talent types have them."""
    if not skills or head == TALENT:
        return []
    return [fault("skills", "not_talent", "只有人才类资源才填写专业要求", "only talent types have skills")]


def unknown_type(code: str, field: str = "resource_type") -> Invalid:
    """A 422 for a code that the catalogue does not have."""
    return invalid_field(
        field, "unknown", f"资源目录中没有“{code}”", f"the catalogue has no type “{code}”: see resource-types"
    )
