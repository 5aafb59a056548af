"""Job name -> function. The server names jobs (server/activity/jobs.py); a test holds the two sets equal."""

from collections.abc import Callable, Coroutine
from typing import Any

from server.activity import jobs
from workers import docking, exports, imports, mail, notices, upkeep

Job = Callable[..., Coroutine[Any, Any, Any]]

JOBS: dict[str, Job] = {
    jobs.RUN_DOCKING: docking.run_docking,
    jobs.KEEP_BOOK: docking.keep_book,
    jobs.DOCK_TYPE: docking.dock_type,
    jobs.LAPSE_PROPOSALS: upkeep.lapse_proposals,
    jobs.EXPIRE_PLEDGES: upkeep.expire_pledges,
    jobs.URGE_PLEDGES: upkeep.urge_pledges,
    jobs.URGE_TASKS: upkeep.urge_tasks,
    jobs.URGE_VERIFICATION: upkeep.urge_verification,
    jobs.CLOSE_CAMPAIGNS: upkeep.close_campaigns,
    jobs.EXPIRE_NEEDS: upkeep.expire_needs,
    jobs.EXPIRE_OFFERS: upkeep.expire_offers,
    jobs.CLOSE_ABANDONED: upkeep.close_abandoned,
    jobs.TIDY: upkeep.tidy,
    jobs.WRITE_NOTICES: notices.write_notices,
    jobs.SEND_NOTICES: notices.send_notices,
    jobs.CHECK_SHEET: imports.check_sheet,
    jobs.WRITE_SHEET: imports.write_sheet,
    jobs.MAKE_EXPORT: exports.make_export,
    jobs.SEND_LETTER: mail.send_letter,
    jobs.SEND_RESET: mail.send_reset,
    jobs.ERASE_PEOPLE: upkeep.erase_people,
}
