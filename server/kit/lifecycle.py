"""Lifecycles as data: which verb leads from which status to which, in one table per record."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.kit.errors import Conflict, Text


class StepNotAllowed(Conflict):
    """The verb is not in the lifecycle table for the record's status."""

    slug = "step-not-allowed"
    title = Text("当前状态不允许", "Not possible in this status")
    detail = Text(
        "状态为“{status}”时不能执行“{verb}”。",
        "“{verb}” is not possible while the status is “{status}”.",
    )


@dataclass(frozen=True)
class Lifecycle:
    """The procedure of one kind of record.

    `steps` are triples (from, verb, to). Where a record stands in its procedure is its status; how much is
    covered is never a status (rule zero).
    """

    kind: str
    initial: str
    steps: tuple[tuple[str, str, str], ...]
    _after: dict[tuple[str, str], str] = field(init=False, repr=False)
    _verbs: dict[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table: dict[tuple[str, str], str] = {}
        verbs: dict[str, tuple[str, ...]] = {}
        for start, verb, end in self.steps:
            if (start, verb) in table:
                raise ValueError(f"{self.kind}: {verb} from {start} stands twice in the table")
            table[start, verb] = end
            verbs[start] = (*verbs.get(start, ()), verb)
        object.__setattr__(self, "_after", table)
        object.__setattr__(self, "_verbs", verbs)

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status, in the order in which the table first names it."""
        named = [self.initial, *(status for start, _, end in self.steps for status in (start, end))]
        return tuple(dict.fromkeys(named))

    @property
    def final(self) -> frozenset[str]:
        """Statuses that no step leaves."""
        return frozenset(self.statuses) - {start for start, _, _ in self.steps}

    def after(self, status: str, verb: str) -> str:
        """The status that `verb` leads to; raises StepNotAllowed."""
        try:
            return self._after[status, verb]
        except KeyError:
            raise StepNotAllowed(record=self.kind, status=status, verb=verb) from None

    def verbs(self, status: str) -> tuple[str, ...]:
        """The verbs that the table allows from `status`."""
        return self._verbs.get(status, ())

    def sources(self, verb: str) -> tuple[str, ...]:
        """The statuses from which `verb` is possible."""
        return tuple(start for start, step, _ in self.steps if step == verb)


def lifecycle(kind: str, initial: str, steps: Iterable[tuple[str, str, str]]) -> Lifecycle:
    """A Lifecycle from any iterable of (from, verb, to)."""
    return Lifecycle(kind, initial, tuple(steps))
