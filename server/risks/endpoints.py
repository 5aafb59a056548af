"""Risk flags over HTTP."""

from server.contacts import service as contacts
from server.contacts.service import Circle
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.risks import service
from server.risks.policy import POLICY
from server.risks.schemas import RiskLift, RiskRead, RiskSet
from server.risks.service import Flagged

operations = Operations("risks", POLICY)

RISKS = "/participants/{participant_id:uuid}/risks"


@operations.get(RISKS, action="list", loads=contacts.load)
async def list_risks(call: Call, subject: Circle) -> Page[RiskRead]:
    """The risk flags of a participant; complete. Who only deals with it reads those that stand, without their evidence."""
    return Page(items=await service.listed(call, subject))


@operations.create(RISKS, action="flag", loads=contacts.load)
async def set_risk(call: Call, subject: Circle, body: RiskSet) -> Page[RiskRead]:
    """Set a risk flag, with its evidence: it warns, and stops nothing. Gives all flags of the participant."""
    return Page(items=await service.set_flag(call, subject, body))


@operations.post(RISKS + "/{flag_id:uuid}/lift", action="lift", loads=service.load)
async def lift_risk(call: Call, subject: Flagged, body: RiskLift) -> Page[RiskRead]:
    """Lift a risk flag, with the reason; who set it does not."""
    return Page(items=await service.lift(call, subject, body))
