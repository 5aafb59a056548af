"""The names of all jobs that the server may ask for; workers/registry.py maps each to a function."""

RUN_DOCKING = "run_docking"
KEEP_BOOK = "keep_book"
DOCK_TYPE = "dock_type"
LAPSE_PROPOSALS = "lapse_proposals"
EXPIRE_PLEDGES = "expire_pledges"
URGE_PLEDGES = "urge_pledges"
URGE_TASKS = "urge_tasks"
URGE_VERIFICATION = "urge_verification"
CLOSE_CAMPAIGNS = "close_campaigns"
EXPIRE_NEEDS = "expire_needs"
EXPIRE_OFFERS = "expire_offers"
CLOSE_ABANDONED = "close_abandoned"
TIDY = "tidy"
WRITE_NOTICES = "write_notices"
SEND_NOTICES = "send_notices"
CHECK_SHEET = "check_sheet"
WRITE_SHEET = "write_sheet"
MAKE_EXPORT = "make_export"
SEND_LETTER = "send_letter"
SEND_RESET = "send_reset"
ERASE_PEOPLE = "erase_people"

NAMES = frozenset(
    {
        RUN_DOCKING,
        KEEP_BOOK,
        DOCK_TYPE,
        LAPSE_PROPOSALS,
        EXPIRE_PLEDGES,
        URGE_PLEDGES,
        URGE_TASKS,
        URGE_VERIFICATION,
        CLOSE_CAMPAIGNS,
        EXPIRE_NEEDS,
        EXPIRE_OFFERS,
        CLOSE_ABANDONED,
        TIDY,
        WRITE_NOTICES,
        SEND_NOTICES,
        CHECK_SHEET,
        WRITE_SHEET,
        MAKE_EXPORT,
        SEND_LETTER,
        SEND_RESET,
        ERASE_PEOPLE,
    }
)


class JobCancelled(Exception):
    """Raised by a job that stops because somebody asked it to."""
