"""What recurs by itself. Each is safe to run twice."""

from server.activity import jobs

SCHEDULE: dict[str, float] = {
    jobs.KEEP_BOOK: 2,
    jobs.WRITE_NOTICES: 2,
    jobs.SEND_NOTICES: 20,
    jobs.LAPSE_PROPOSALS: 60,
    jobs.EXPIRE_PLEDGES: 60,
    jobs.CLOSE_ABANDONED: 60,
    jobs.TIDY: 3600,
    jobs.ERASE_PEOPLE: 3600,
}
"""Jobs by name, and the seconds between two runs."""

DAILY = (
    jobs.EXPIRE_NEEDS,
    jobs.EXPIRE_OFFERS,
    jobs.URGE_PLEDGES,
    jobs.URGE_TASKS,
    jobs.URGE_VERIFICATION,
    jobs.CLOSE_CAMPAIGNS,
)
"""Jobs that are sent once a business day, at its start or when a worker is there again, with that `day`."""
