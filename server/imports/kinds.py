"""What can be imported."""

from server.imports.delivery_kind import DELIVERIES
from server.imports.kind import ImportKind
from server.imports.market_kinds import NEEDS, OFFERS
from server.imports.pledge_kind import PLEDGES
from server.imports.project_kind import PROJECTS

KINDS: dict[str, ImportKind] = {each.kind: each for each in (NEEDS, OFFERS, PROJECTS, PLEDGES, DELIVERIES)}
