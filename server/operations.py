"""Every operation of the interface, from every domain."""

from server.accounts import endpoints as accounts
from server.activity import endpoints as activity
from server.agreements import endpoints as agreements
from server.campaigns import endpoints as campaigns
from server.catalogue import endpoints as catalogue
from server.certificates import endpoints as certificates
from server.commitments import endpoints as commitments
from server.contacts import endpoints as contacts
from server.deliveries import endpoints as deliveries
from server.docking import endpoints as docking
from server.drafts import endpoints as drafts
from server.exports import endpoints as exports
from server.files import endpoints as files
from server.imports import endpoints as imports
from server.intents import endpoints as intents
from server.kit.endpoint import Operation
from server.meetings import endpoints as meetings
from server.needs import endpoints as needs
from server.notices import endpoints as notices
from server.offers import endpoints as offers
from server.pairings import endpoints as pairings
from server.participants import endpoints as participants
from server.people import endpoints as people
from server.places import endpoints as places
from server.pledges import endpoints as pledges
from server.projects import endpoints as projects
from server.proposals import endpoints as proposals
from server.reports import endpoints as reports
from server.risks import endpoints as risks
from server.secondments import endpoints as secondments
from server.summaries import endpoints as summaries
from server.tasks import endpoints as tasks

DOMAINS = (
    accounts,
    activity,
    drafts,
    files,
    places,
    catalogue,
    participants,
    people,
    pairings,
    agreements,
    meetings,
    secondments,
    projects,
    needs,
    offers,
    docking,
    proposals,
    intents,
    pledges,
    deliveries,
    contacts,
    tasks,
    campaigns,
    risks,
    certificates,
    commitments,
    imports,
    reports,
    summaries,
    exports,
    notices,
)


def all_operations() -> list[Operation]:
    """The operations of all domains, lowest floor first."""
    return [operation for domain in DOMAINS for operation in domain.operations.all]
