"""In which order the stages of a delivery are recorded, by whom, with what; the table of them stands in rules.py. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from server.catalogue.rules import OTHER_EVIDENCE
from server.deliveries.rules import (
    ACCEPTED,
    CHAINS,
    CHAINS_OF_TYPES,
    LIFECYCLE,
    PLACED_AT,
    PLACES,
    SENT,
    Chain,
    Figure,
    StageRule,
)
from server.kit.clock import BEIJING
from server.kit.errors import Conflict, Forbidden, Invalid, Text, invalid_field
from server.kit.lifecycle import StepNotAllowed
from server.kit.quantity import plain


class Done(NamedTuple):
    """The stages that stand recorded, each with its last time."""

    at: Mapping[str, datetime]

    def reached(self, chain: Chain) -> int:
        """The place in the chain of the furthest stage; -1 before the first. What stands before it is settled."""
        return max((place for place, rule in enumerate(chain) if rule.kind in self.at), default=-1)

    def last(self, chain: Chain) -> datetime | None:
        """When the furthest stage was."""
        reached = self.reached(chain)
        return None if reached < 0 else self.at[chain[reached].kind]


def placed(chain: Chain, done: Done) -> bool:
    """Whether the people of a delivery are split over the places where they work."""
    return any(rule.figures == PLACES and rule.kind in done.at for rule in chain)


class StageOutOfOrder(Conflict):
    """A stage comes before it is its turn, or after a later one."""

    slug = "stage-out-of-order"
    title = Text("环节顺序不对", "Not this stage's turn")
    detail = Text("现在不能登记“{stage}”，应先登记：{next}。", "“{stage}” cannot be recorded now; next comes: {next}.")


class StageTooEarly(Conflict):
    """What has to last has not lasted long enough."""

    slug = "stage-too-early"
    title = Text("时间未满", "Too early")
    detail = Text(
        "“{stage}”须在上一环节满 {days} 天后登记，最早 {earliest}。",
        "“{stage}” comes {days} days after the stage before: not before {earliest}.",
    )


class StagesMissing(Conflict):
    """Acceptance needs stages that nobody has recorded."""

    slug = "stages-missing"
    title = Text("验收前还有环节未登记", "Stages are missing")
    detail = Text("验收前还须登记：{missing}。", "Before it is accepted, this is to be recorded: {missing}.")


class StageOfOtherSide(Forbidden):
    """Each side records what happens at its end."""

    slug = "stage-of-other-side"
    title = Text("应由对方登记", "The other side records this")
    detail = Text("“{stage}”由另一方登记。", "“{stage}” is recorded by the other side.")


def chain_of(head: str, type_code: str) -> Chain:
    """The stages of a resource type, in their order."""
    return CHAINS_OF_TYPES.get(type_code) or CHAINS[head]


def stage_of(chain: Chain, kind: str) -> StageRule:
    """The stage of a kind; raises Invalid for one that this delivery does not have."""
    for rule in chain:
        if rule.kind == kind:
            return rule
    kinds = ", ".join(rule.kind for rule in chain)
    raise invalid_field(
        "kind", "unknown", f"该类落实的环节为：{kinds}", f"a delivery of this kind has the stages {kinds}"
    )


def stage_by_verb(chain: Chain, verb: str, status: str) -> StageRule:
    """The stage that a verb of the lifecycle records; raises StepNotAllowed where the kind has none."""
    for rule in chain:
        if rule.verb == verb:
            return rule
    raise StepNotAllowed(record=LIFECYCLE.kind, status=status, verb=verb)


def on_sending(chain: Chain) -> Chain:
    """What is recorded at once for a part that is not planned first: everything up to its sending."""
    return chain[: 1 + next(place for place, rule in enumerate(chain) if rule.verb == "send")]


def may_record(chain: Chain, rule: StageRule, done: Done, status: str) -> bool:
    """Whether it is a stage's turn."""
    place, reached = chain.index(rule), done.reached(chain)
    if place < reached or (place == reached and not rule.repeats):
        return False
    between = chain[reached + 1 : place]
    if status in ACCEPTED:
        return rule.when == "after" and not any(each.when == "after" for each in between)
    if any(each.when in ("before", "with") for each in between) or (rule.when == "after" and not rule.verb):
        return False
    return status in SENT if place >= len(on_sending(chain)) else status == LIFECYCLE.initial


def waiting(chain: Chain, done: Done, status: str) -> list[StageRule]:
    """The stages whose turn it is."""
    return [rule for rule in chain if may_record(chain, rule, done, status)]


def check_turn(chain: Chain, rule: StageRule, done: Done, status: str) -> None:
    """Raise StageOutOfOrder unless it is the stage's turn."""
    if not may_record(chain, rule, done, status):
        names = [each.name for each in waiting(chain, done, status)] or [Text("无", "nothing")]
        raise StageOutOfOrder(stage=rule.name, kind=rule.kind, next=listed(names))


def missing(chain: Chain, done: Done) -> list[StageRule]:
    """What must be recorded before the delivery can be accepted."""
    return [rule for rule in chain[done.reached(chain) + 1 :] if rule.when == "before"]


def said_with_acceptance(chain: Chain, done: Done) -> list[StageRule]:
    """What whoever accepts says at once, because nobody has recorded it."""
    return [rule for rule in chain[done.reached(chain) + 1 :] if rule.when == "with"]


def check_acceptable(chain: Chain, done: Done) -> None:
    """Raise StagesMissing where acceptance needs more."""
    if lacking := missing(chain, done):
        names = listed([rule.name for rule in lacking])
        raise StagesMissing(missing=names, stages=[rule.kind for rule in lacking])


class EvidenceMissing(Conflict):
    """The type asks for evidence that nobody has shown."""

    slug = "evidence-missing"
    title = Text("缺少佐证材料", "Evidence is missing")
    detail = Text("验收前还须上传：{missing}。", "Before it is accepted, this is to be shown: {missing}.")


def check_evidence(wanted: Sequence[Mapping[str, Any]], shown: Collection[str]) -> None:
    """Raise EvidenceMissing where a kind that the type needs is not among those shown."""
    if lacking := [each for each in wanted if each.get("needed") and each["code"] not in shown]:
        names = listed([Text(each["zh"], each["en"]) for each in lacking])
        raise EvidenceMissing(missing=names, evidence=[each["code"] for each in lacking])


def check_evidence_kind(wanted: Sequence[Mapping[str, Any]], kind: str) -> None:
    """Raise Invalid for a kind of evidence that the type does not have."""
    kinds = [*(each["code"] for each in wanted), OTHER_EVIDENCE]
    if kind not in kinds:
        names = ", ".join(kinds)
        raise invalid_field("kind", "unknown", f"材料种类为：{names}", f"evidence of this type is one of {names}")


def check_voucher(rule: StageRule, voucher: str | None) -> None:
    """Raise Invalid where a stage needs the number of its voucher and has none."""
    if rule.voucher and not voucher:
        raise invalid_field(
            "voucher", "missing", f"“{rule.zh}”须填凭证号", f"“{rule.en}” needs the number of its voucher"
        )


def moment(rule: StageRule, given: datetime | None, now: datetime, last: datetime | None) -> datetime:
    """When a stage was: `now` unless given; a day without an hour is never before the stage of the same day.

    Raises Invalid for the future and for what lies before the stage before, StageTooEarly where that has to last.
    """
    at = now if given is None or given.astimezone(BEIJING).date() == now.astimezone(BEIJING).date() else given
    if at > now:
        raise invalid_field("at", "future", f"“{rule.zh}”的日期不能晚于今天", f"“{rule.en}” cannot be in the future")
    if last is None:
        return at
    if at < last and at.astimezone(BEIJING).date() != last.astimezone(BEIJING).date():
        raise invalid_field("at", "before", "不能早于上一环节", "cannot be before the stage before it")
    earliest = (last + timedelta(days=rule.days)).astimezone(BEIJING).date()
    if rule.days and at.astimezone(BEIJING).date() < earliest:
        raise StageTooEarly(stage=rule.name, days=rule.days, earliest=earliest.isoformat())
    return max(at, last)


def figures_of(
    rule: StageRule, given: Mapping[Figure, Decimal], type_code: str, upper: Decimal
) -> dict[Figure, Decimal]:
    """The figures of a stage; raises Invalid for one that it does not have, and for more than `upper` together.

    People who are placed are split over the places where they work, and add up to what was declared.
    """
    if unknown := sorted(set(given) - set(rule.figures)):
        raise _bad_figures("unknown", f"没有这些数字：{unknown}", f"this stage has no figure {', '.join(unknown)}")
    found: dict[Figure, Decimal] = {name: given[name] for name in rule.figures if name in given}
    if rule.figures != PLACES:
        if sum(found.values(), Decimal(0)) > upper:
            raise _bad_figures("too_many", f"不能超过 {plain(upper)}", f"cannot be more than {plain(upper)}")
        return found
    if not found and type_code in PLACED_AT:
        return {PLACED_AT[type_code]: upper}
    if sum(found.values(), Decimal(0)) != upper:
        raise _bad_figures("split", f"各去向之和须等于 {plain(upper)}", f"the places must add up to {plain(upper)}")
    return found


class Checked(NamedTuple):
    """One item of the checklist as it was found."""

    item: int
    ok: bool
    remark: str


def check_items(given: Sequence[Checked], length: int) -> None:
    """Raise Invalid unless every item of a checklist is ticked or remarked, once."""
    if sorted(each.item for each in given) != list(range(length)):
        raise invalid_field("checks", "items", f"须逐项填写全部 {length} 项", f"answer each of the {length} items once")
    if any(not each.ok and not each.remark for each in given):
        raise invalid_field("checks", "remark", "不符合的项目须说明", "an item that is not in order needs a remark")


def listed(names: Sequence[Text]) -> Text:
    """Names one after the other."""
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _bad_figures(code: str, zh: str, en: str) -> Invalid:
    return invalid_field("figures", code, zh, en)
