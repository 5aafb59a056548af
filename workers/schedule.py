"""Jobs that recur: name and seconds between two runs. Each is safe to run twice."""

from server.activity import jobs

SCHEDULE: dict[str, float] = {
    jobs.LAPSE_PROPOSALS: 60,
    jobs.EXPIRE_PLEDGES: 60,
    jobs.CLOSE_ABANDONED: 60,
    jobs.TIDY: 3600,
}
