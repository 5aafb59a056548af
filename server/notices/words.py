"""The words of notices that leave the platform, by e-mail and as short messages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from server.kit.errors import Text

EVENTS: dict[str, Text] = {
    "proposal.proposed": Text("对方提出对接方案", "A proposal was made to you"),
    "proposal.side_agreed": Text("对接方案待行业部门会签", "A proposal waits for the line department"),
    "proposal.endorsed": Text("行业部门已会签对接方案", "The line department endorsed the proposal"),
    "proposal.countered": Text("对方还提对接方案", "The other side countered the proposal"),
    "proposal.agreed": Text("对方同意对接方案", "The other side agreed to the proposal"),
    "proposal.declined": Text("对方谢绝对接方案", "The other side declined the proposal"),
    "proposal.withdrawn": Text("对方撤回对接方案", "The other side withdrew the proposal"),
    "proposal.lapsed": Text("对接方案已失效", "The proposal lapsed"),
    "pledge.made": Text("认捐协议待签署", "A pledge waits for signatures"),
    "pledge.signed": Text("对方已签署认捐协议", "The other side signed the pledge"),
    "pledge.amendment_proposed": Text("对方提出变更认捐协议", "The other side proposed to amend the pledge"),
    "pledge.urged": Text("催办：认捐逾期未办", "Reminder: the pledge is late"),
    "delivery.sent": Text("帮扶方已发出交付", "A delivery was sent"),
    "delivery.accepted": Text("受援县已验收交付", "The county accepted the delivery"),
    "delivery.accepted_short": Text("受援县已按实际数量验收", "The county accepted less than was declared"),
    "delivery.rejected": Text("受援县拒收交付", "The county rejected the delivery"),
    "delivery.disputed": Text("交付存在争议", "The delivery is disputed"),
    "need.returned": Text("需求被退回修改", "The need was returned"),
    "need.published": Text("需求已发布", "The need was published"),
    "offer.published": Text("资源已发布", "The offer was published"),
    "agreement.submitted": Text("年度协议待签署", "A yearly agreement waits for signatures"),
    "agreement.signed": Text("对方已签署年度协议", "The other side signed the yearly agreement"),
    "agreement.amendment_proposed": Text(
        "对方提出变更年度协议", "The other side proposed to amend the yearly agreement"
    ),
    "project.agreed": Text("另一县已同意项目", "The other county agreed to the project"),
    "project.returned": Text("项目被退回修改", "The project was returned"),
    "project.rejected": Text("项目未通过审核", "The project was rejected"),
    "project.entered": Text("项目已入库", "The project entered the library"),
    "project.planned": Text("项目已列入年度计划", "The project was put into the year’s plan"),
    "project.unplanned": Text("项目已移出年度计划", "The project was taken out of the year’s plan"),
    "task.assigned": Text("布置了任务，请答复", "A task was assigned: please answer"),
    "task.changed": Text("任务已修改，请重新答复", "The task was changed: please answer anew"),
    "task.taken_on": Text("单位已承接任务", "The unit took the task on"),
    "task.returned": Text("单位退回了任务", "The unit returned the task"),
    "task.finished": Text("单位报告完成，请验收", "Reported as done: please accept"),
    "task.sent_back": Text("任务退回整改", "The task was sent back to be mended"),
    "task.accepted": Text("任务已验收", "The task was accepted"),
    "task.withdrawn": Text("任务已撤回", "The task was withdrawn"),
    "task.urged": Text("任务催办", "A reminder of a task"),
    "participant.reverification_urged": Text("请按期重新核验", "To be verified again by its day"),
    "participant.verification_lapsed": Text("核验到期，已暂停新增承诺", "Verification ran out: no new promises"),
    "participant.handed_over": Text("工作已移交给您", "Work was handed over to you"),
    "member.substitute_named": Text("您被指定为替岗人", "You stand in for somebody"),
    "need.taken_over": Text("由您继续编写需求", "You go on with this need"),
    "offer.taken_over": Text("由您继续编写资源", "You go on with this offer"),
    "project.taken_over": Text("由您继续编写项目", "You go on with this project"),
    "agreement.taken_over": Text("由您继续起草年度协议", "You go on with this yearly agreement"),
    "campaign.consent_asked": Text("行动征求本县同意", "A campaign asks for the county's consent"),
    "campaign.consented": Text("受援县已同意行动", "The county consented to the campaign"),
    "campaign.refused": Text("受援县未同意行动", "The county refused the campaign"),
    "campaign.closed": Text("行动已结束，请填写总结", "The campaign is over: write the closing report"),
    "campaign.taken_over": Text("由您继续编写活动", "You go on with this campaign"),
}
"""What happened, one sentence for each kind of `concerns.CONCERNS`."""

FOLDERS = {"proposal": "proposals", "pledge": "pledges", "delivery": "deliveries", "need": "needs", "offer": "offers"}
FOLDERS |= {"agreement": "agreements", "project": "projects", "participant": "participants", "campaign": "campaigns"}
FOLDERS |= {"task": "tasks"}
"""Where the pages of records are."""

SUBJECT = Text("【结对】{what}：{title}", "Jiedui: {what}: {title}")
SUBJECT_OF_MANY = Text("【结对】{n} 件事项有新动态", "Jiedui: news on {n} records")
HELLO = Text("{name}，您好：", "Dear {name},")
DUE = Text("最后期限：{day}", "Last day: {day}")
CLOSING = Text(
    "全部通知：{inbox}\n调整接收方式、频次和免打扰时段：{choice}",
    "All notices: {inbox}\nChoose what you are sent, how often, and hours of quiet: {choice}",
)
SHORT = Text("【结对】{what}：{title}{county}{due}。{link}", "Jiedui: {what}: {title}{county}{due}. {link}")
SHORT_OF_MANY = Text(
    "【结对】{n} 件事项有新动态，如：{title}{county}{due}。{link}",
    "Jiedui: news on {n} records, such as {title}{county}{due}. {link}",
)
SHORT_DUE = Text("，期限 {day}", ", due {day}")
TITLE_IN_SHORT = 30
"""Letters of a title that a short message shows."""
RECORDS_IN_LETTER = 50
"""So many records a letter names; of the rest it says how many."""
MORE = Text("另有 {n} 件，请在通知页查看。", "And {n} more, in your inbox.")


@dataclass(frozen=True)
class Told:
    """One notice as a letter tells it; `county` is its province and name in the reader's language."""

    kind: str
    record_kind: str
    record_id: str
    title: str
    county: str
    due: date | None


@dataclass(frozen=True)
class Reader:
    """To whom it is told, and where the platform is (scheme, host and port)."""

    name: str
    language: str
    origin: str


def grouped(notices: Sequence[Told]) -> list[list[Told]]:
    """Notices by record, the record with the nearest last day first; within one the newest first, as they are given."""
    by: dict[str, list[Told]] = {}
    for notice in notices:
        by.setdefault(notice.record_id, []).append(notice)
    return sorted(by.values(), key=lambda group: _due(group) or date.max)


def letter(reader: Reader, notices: Sequence[Told]) -> tuple[str, str]:
    """Subject and body of an e-mail."""
    groups = grouped(notices)
    parts = [HELLO.say(reader.language, name=reader.name)]
    parts += [_paragraph(reader, group) for group in groups[:RECORDS_IN_LETTER]]
    if left := len(groups) - RECORDS_IN_LETTER:
        parts += [MORE.say(reader.language, n=left)] if left > 0 else []
    closing = {"inbox": f"{reader.origin}/inbox", "choice": f"{reader.origin}/me#notices"}
    return _subject(reader, groups), "\n\n".join([*parts, CLOSING.say(reader.language, **closing)]) + "\n"


def short(reader: Reader, notices: Sequence[Told]) -> str:
    """The words of a short message."""
    groups = grouped(notices)
    first, due = groups[0][0], _due(groups[0])
    title = first.title if len(first.title) <= TITLE_IN_SHORT else first.title[: TITLE_IN_SHORT - 1] + "…"
    facts = {
        "title": title,
        "county": f"（{first.county}）" if first.county and reader.language != "en" else _in_brackets(first.county),
        "due": SHORT_DUE.say(reader.language, day=due.isoformat()) if due else "",
    }
    if len(groups) > 1:
        return SHORT_OF_MANY.say(reader.language, n=len(groups), link=f"{reader.origin}/inbox", **facts)
    return SHORT.say(reader.language, what=EVENTS[first.kind], link=_link(reader, first), **facts)


def _in_brackets(county: str) -> str:
    return f" ({county})" if county else ""


def _subject(reader: Reader, groups: list[list[Told]]) -> str:
    if len(groups) > 1:
        return SUBJECT_OF_MANY.say(reader.language, n=len(groups))
    first = groups[0][0]
    return SUBJECT.say(reader.language, what=EVENTS[first.kind], title=first.title)[:200]


def _paragraph(reader: Reader, group: list[Told]) -> str:
    first, due = group[0], _due(group)
    lines = [first.title + _in_brackets(first.county)]
    lines += dict.fromkeys(f"- {EVENTS[notice.kind].say(reader.language)}" for notice in group)
    lines += [DUE.say(reader.language, day=due.isoformat())] if due else []
    return "\n".join([*lines, _link(reader, first)])


def _due(group: list[Told]) -> date | None:
    return min((notice.due for notice in group if notice.due), default=None)


def _link(reader: Reader, notice: Told) -> str:
    return f"{reader.origin}/{FOLDERS[notice.record_kind]}/{notice.record_id}"
