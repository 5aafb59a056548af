"""What a made-up unit of the armed forces does for the demo county: its conditions, and a task in each hand."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from server.seed.demo import Stage
from server.seed.world.atlas import Atlas
from server.seed.world.cast import Cast, NewPair
from server.seed.world.chance import Chance, at_work

CONDITIONS = (
    ("works", "工程机械和人员，可抢修通村道路、桥涵。演示数据。"),
    ("health", "军医巡诊，每季度一次。演示数据。"),
)
CONDITION_COLUMNS = (
    *("id", "created_at", "pairing_id", "giver_id", "county_code", "head", "words", "status", "written_by"),
)
COLUMNS = (
    *("id", "created_at", "pairing_id", "condition_id", "county_id", "giver_id", "county_code", "title", "villages"),
    *("answer_by", "due", "status", "percent", "finished_on", "written_by"),
)
ENTRY_COLUMNS = ("id", "task_id", "kind", "at", "user_id", "words", "percent")


class _Task(NamedTuple):
    title: str
    village: str
    condition: int
    days_ago: int
    due_in: int
    way: tuple[tuple[str, str, int | None], ...]
    status: str


TASKS = (
    _Task("青泉沟村便桥抢修", "青泉沟", 0, 2, 40, (), "assigned"),
    _Task(
        "梨泉沟村通组路抢修",
        "梨泉沟",
        0,
        45,
        -4,
        (("taken_on", "", None), ("reported", "路基平整完成，正在铺设涵管。", 60)),
        "under_way",
    ),
    _Task(
        "金石坎村巡诊义诊",
        "金石坎",
        1,
        30,
        6,
        (("taken_on", "", None), ("finished", "巡诊两天，常见病随诊随治。", 100)),
        "finished",
    ),
)


class Tasks(NamedTuple):
    """Rows of three tables."""

    conditions: list[tuple[Any, ...]]
    tasks: list[tuple[Any, ...]]
    entries: list[tuple[Any, ...]]


def pair_unit(atlas: Atlas, cast: Cast, stage: Stage, chance: Chance) -> NewPair | None:
    """Pair the demo county with a unit, where the cast has one."""
    unit = next(iter(cast.of_kind("armed_forces_unit")), None)
    if unit is None:
        return None
    (own,) = chance.ids([at_work(atlas.today - timedelta(days=120), 0)])
    pair = NewPair(own, "armed_forces", unit, stage.county, "scenario/armed_forces/demo")
    cast.pairs.append(pair)
    return pair


def demo_tasks(atlas: Atlas, stage: Stage, pair: NewPair, chance: Chance) -> Tasks:
    """The unit's conditions and tasks, in the columns of the three tables."""
    made = Tasks([], [], [])
    officer, clerk = pair.giver.people[0].id, stage.people["clerk"].id
    since = at_work(atlas.today - timedelta(days=90), 30)
    conditions = chance.ids([since] * len(CONDITIONS))
    for own, (head, words) in zip(conditions, CONDITIONS, strict=True):
        made.conditions.append(
            (own, since, pair.id, pair.giver.id, stage.county.code, head, words, "recorded", officer)
        )
    for task in TASKS:
        _assign(made, atlas, stage, pair, task, conditions[task.condition], (clerk, officer), chance)
    return made


def _assign(
    made: Tasks,
    atlas: Atlas,
    stage: Stage,
    pair: NewPair,
    task: _Task,
    condition: UUID,
    people: tuple[UUID, UUID],
    chance: Chance,
) -> None:
    clerk, officer = people
    begun = atlas.today - timedelta(days=task.days_ago)
    at = at_work(begun, 60)
    own, first, *ids = chance.ids([at] * (2 + len(task.way)))
    percent = max((each or 0 for _, _, each in task.way), default=0)
    finished = atlas.today - timedelta(days=1) if task.status == "finished" else None
    days = (begun + timedelta(days=7), atlas.today + timedelta(days=task.due_in))
    parties = (pair.id, condition, stage.government.id, pair.giver.id, stage.county.code)
    made.tasks.append((own, at, *parties, task.title, [task.village], *days, task.status, percent, finished, clerk))
    made.entries.append((first, own, "assigned", at, clerk, "", None))
    for number, (entry, (kind, words, share)) in enumerate(zip(ids, task.way, strict=True), 1):
        made.entries.append((entry, own, kind, at + timedelta(days=number), officer, words, share))
