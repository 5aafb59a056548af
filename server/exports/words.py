"""The words of statuses and heads on exported sheets, as the screens say them. Pure."""

from server.kit.errors import Text

VOICES = {
    "county": Text("受援县", "County"),
    "giver": Text("帮扶方", "Giver"),
    "department": Text("行业部门", "Line department"),
}
"""For whom somebody answers a proposal."""

STATUS: dict[str, dict[str, Text]] = {
    "projects": {
        "proposal": Text("申报中", "Proposal"),
        "notice": Text("公示中", "Public notice"),
        "review": Text("审核中", "Under review"),
        "returned": Text("已退回", "Returned"),
        "rejected": Text("未通过", "Rejected"),
        "library": Text("已入库", "In the library"),
        "planned": Text("已列入计划", "In a year’s plan"),
        "implementing": Text("实施中", "Being carried out"),
        "completed": Text("已竣工验收", "Completed"),
        "handed_over": Text("已移交", "Handed over"),
        "left": Text("已退出", "Left the library"),
    },
    "needs": {
        "draft": Text("草稿", "Draft"),
        "submitted": Text("已提交", "Submitted"),
        "under_review": Text("审核中", "Under review"),
        "returned": Text("已退回", "Returned"),
        "rejected": Text("未通过", "Rejected"),
        "published": Text("已发布", "Published"),
        "suspended": Text("已暂停", "Suspended"),
        "closed": Text("已办结", "Closed"),
    },
    "offers": {
        "draft": Text("草稿", "Draft"),
        "published": Text("已发布", "Published"),
        "suspended": Text("已暂停", "Suspended"),
        "closed": Text("已办结", "Closed"),
    },
    "proposals": {
        "proposed": Text("已提出", "Proposed"),
        "countered": Text("已还提", "Countered"),
        "agreed": Text("一方已同意", "Agreed by one side"),
        "pledged": Text("已转为协议", "Became a pledge"),
        "declined": Text("已谢绝", "Declined"),
        "withdrawn": Text("已撤回", "Withdrawn"),
        "lapsed": Text("已失效", "Lapsed"),
        "superseded": Text("已被替代", "Superseded"),
    },
    "pledges": {
        "awaiting_verification": Text("待核验", "Awaiting verification"),
        "awaiting_signature": Text("待签署", "Awaiting signature"),
        "effective": Text("已生效", "Effective"),
        "fulfilled": Text("已履行", "Fulfilled"),
        "closed": Text("已办结", "Closed"),
        "suspended": Text("已暂停", "Suspended"),
        "cancelled": Text("已取消", "Cancelled"),
        "terminated": Text("已终止", "Terminated"),
        "written_off": Text("已核销", "Written off"),
    },
    "agreements": {
        "draft": Text("草案", "Draft"),
        "awaiting_signature": Text("待签署", "Awaiting signature"),
        "effective": Text("已生效", "In effect"),
        "withdrawn": Text("已撤回", "Withdrawn"),
    },
    "meetings": {
        "planned": Text("待召开", "Called"),
        "held": Text("纪要待确认", "Minutes to confirm"),
        "confirmed": Text("纪要已确认", "Minutes confirmed"),
        "cancelled": Text("已取消", "Called off"),
    },
    "deliveries": {
        "planned": Text("计划中", "Planned"),
        "sent": Text("已发出", "Sent"),
        "arrived": Text("已到达", "Arrived"),
        "inspected": Text("已查验", "Inspected"),
        "accepted": Text("已验收", "Accepted"),
        "accepted_short": Text("不足验收", "Accepted short"),
        "rejected": Text("已拒收", "Rejected"),
        "disputed": Text("有争议", "Disputed"),
        "lost": Text("已灭失", "Lost"),
    },
}

MOVEMENTS = {
    "open": Text("开户", "Opened"),
    "amend": Text("调整", "Amended"),
    "hold": Text("占用", "Held"),
    "release": Text("释放", "Released"),
    "pledge": Text("承诺", "Pledged"),
    "unpledge": Text("退回承诺", "Promise returned"),
    "raise": Text("增加承诺", "Promise raised"),
    "accept": Text("验收", "Accepted"),
    "reverse": Text("冲回验收", "Acceptance reversed"),
    "close": Text("办结", "Closed"),
    "reopen": Text("恢复", "Opened again"),
}
"""A movement that is not here is said by its code."""

OVERDUE: dict[str, Text] = {
    "late": Text("逾期未落实", "Late"),
    "unsigned": Text("待签署", "Unsigned"),
    "hold_ending": Text("占用即将到期", "Hold ends soon"),
    "unanswered": Text("未答复", "Unanswered"),
    "undecided": Text("待验收", "Not accepted yet"),
    "disputed": Text("有争议", "Disputed"),
    "short": Text("验收短少", "Accepted short"),
    "rejected": Text("验收不通过", "Rejected"),
    "unexplained": Text("差异未说明", "Not explained"),
    "review": Text("审核超时", "Long under review"),
    "term_over": Text("挂职任期已满", "Term is over"),
    "decision": Text("会议议定未办结", "Decision not carried out"),
}

ACTS: dict[str, Text] = {
    "giver": Text("帮扶方", "Giver"),
    "county": Text("受援县", "County"),
    "both": Text("双方", "Both sides"),
}
