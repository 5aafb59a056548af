"""What can be exported: each list with its columns, taken from the same service and the same rows as its screen."""

from server.catalogue.rules import HEAD_NAMES
from server.deliveries import service as deliveries
from server.deliveries.schemas import DeliveryQuery, DeliveryRow
from server.exports.agreements import AGREEMENTS
from server.exports.columns import TYPE, ExportList, column, day, figure, name, paged, status, unit
from server.exports.forms import FORMS
from server.exports.reports import REPORTS
from server.exports.words import VOICES
from server.exports.yearly import YEARLY
from server.kit.errors import Text
from server.needs import service as needs
from server.needs.schemas import NeedQuery, NeedRow
from server.offers import service as offers
from server.offers.schemas import OfferQuery, OfferRow
from server.pledges import service as pledges
from server.pledges.schemas import PledgeQuery, PledgeRow
from server.projects import service as projects
from server.projects.schemas import ProjectQuery, ProjectRow
from server.proposals import service as proposals
from server.proposals.schemas import ProposalQuery, ProposalRow

COVERED = (
    column("协商占用", "Held", lambda row: figure(row.coverage.held)),
    column("已承诺", "Pledged", lambda row: figure(row.coverage.pledged)),
    column("已验收", "Accepted", lambda row: figure(row.coverage.accepted)),
    column("尚缺", "Open", lambda row: figure(row.coverage.open)),
)
ID = column("系统编号", "Jiedui id", lambda row: str(row.id), 38)
WINDOW = (
    column("开始日期", "From", lambda row: row.window.from_, 12),
    column("截止日期", "To", lambda row: row.window.to, 12),
)
QUANTITY = (
    column("数量", "Quantity", lambda row: figure(row.quantity)),
    column("单位", "Unit", lambda row: unit(row.quantity), 8),
)
PARTIES = (
    column("受援方", "County", lambda row: name(row.county.name), 24),
    column("帮扶方", "Giver", lambda row: name(row.giver.name), 24),
    column("需求名称", "Need", lambda row: row.need.title, 34),
    TYPE,
)

NEEDS = (
    column("县（市、区）", "County", lambda row: name(row.place.name)),
    column("省份", "Province", lambda row: name(row.place.province.name) if row.place.province else None),
    column("帮扶领域", "Head", lambda row: HEAD_NAMES[row.resource_type.head], 10),
    TYPE,
    column("需求名称", "Title", lambda row: row.title, 34),
    *QUANTITY,
    *WINDOW,
    column("优先级", "Priority", lambda row: row.priority, 8),
    column("受益户数", "Households", lambda row: row.beneficiaries.households, 10),
    column("受益人数", "Persons", lambda row: row.beneficiaries.persons, 10),
    status("needs"),
    *COVERED,
    ID,
)
OFFERS = (
    column("帮扶方", "Giver", lambda row: name(row.participant.name), 24),
    column("帮扶领域", "Head", lambda row: HEAD_NAMES[row.resource_type.head], 10),
    TYPE,
    column("资源名称", "Title", lambda row: row.title, 34),
    *QUANTITY,
    *WINDOW,
    status("offers"),
    *COVERED,
    ID,
)
PROJECTS = (
    column("县（市、区）", "County", lambda row: name(row.place.name)),
    column("类别", "Category", lambda row: HEAD_NAMES[row.head], 10),
    column("项目名称", "Project", lambda row: row.title, 34),
    *WINDOW,
    column("总投资（元）", "Total investment (CNY)", lambda row: figure(row.funding.cost), 18),
    column("已落实来源（元）", "Sources (CNY)", lambda row: figure(row.funding.grants), 18),
    column("信贷资金（元）", "Loans (CNY)", lambda row: figure(row.funding.loans), 18),
    column("资金缺口（元）", "Gap (CNY)", lambda row: figure(row.funding.gap), 18),
    column("计划年度", "Plan", lambda row: row.plan_year, 10),
    column("受益户数", "Households", lambda row: row.beneficiaries.households, 10),
    column("受益人数", "Persons", lambda row: row.beneficiaries.persons, 10),
    status("projects"),
    ID,
)
PROPOSALS = (
    *PARTIES,
    *QUANTITY,
    *WINDOW,
    column("占用至", "Held until", lambda row: day(row.hold_until), 12),
    column("条件", "Terms", lambda row: row.terms, 34),
    status("proposals"),
    column("谢绝方", "Declined by", lambda row: row.decline and row.decline.by and VOICES[row.decline.by], 12),
    column("谢绝原因", "Reason", lambda row: row.decline and Text(row.decline.text.zh, row.decline.text.en), 20),
    ID,
)
PLEDGES = (
    *PARTIES,
    *QUANTITY,
    *WINDOW,
    column("到期日", "Due", lambda row: row.due, 12),
    column("逾期", "Overdue", lambda row: Text("是", "yes") if row.overdue else None, 8),
    column("生效日期", "Effective", lambda row: day(row.effective_at), 12),
    column("已验收", "Accepted", lambda row: figure(row.progress.accepted)),
    status("pledges"),
    ID,
)
DELIVERIES = (
    *PARTIES,
    column("申报数量", "Declared", lambda row: figure(row.declared)),
    column("验收数量", "Accepted", lambda row: figure(row.accepted)),
    column("单位", "Unit", lambda row: unit(row.declared), 8),
    column("发出日期", "Sent", lambda row: day(row.sent_at), 12),
    column("验收日期", "Decided", lambda row: day(row.decided_at), 12),
    status("deliveries"),
    ID,
)

LISTS: dict[str, ExportList] = {
    "projects": paged(Text("项目库", "Projects"), "/projects", ProjectQuery, projects.page, ProjectRow, PROJECTS),
    "needs": paged(Text("需求清单", "Needs"), "/needs", NeedQuery, needs.page, NeedRow, NEEDS),
    "offers": paged(Text("帮扶资源清单", "Offers"), "/offers", OfferQuery, offers.page, OfferRow, OFFERS),
    "proposals": paged(
        Text("对接方案清单", "Proposals"), "/proposals", ProposalQuery, proposals.page, ProposalRow, PROPOSALS
    ),
    "pledges": paged(Text("认捐协议清单", "Pledges"), "/pledges", PledgeQuery, pledges.page, PledgeRow, PLEDGES),
    "deliveries": paged(
        Text("落实验收清单", "Deliveries"), "/pledges", DeliveryQuery, deliveries.page, DeliveryRow, DELIVERIES
    ),
    **REPORTS,
    **AGREEMENTS,
    **FORMS,
    **YEARLY,
}
