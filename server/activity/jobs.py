"""The names of all jobs that the server may ask for; workers/registry.py maps each to a function."""

RUN_DOCKING = "run_docking"
LAPSE_PROPOSALS = "lapse_proposals"
EXPIRE_PLEDGES = "expire_pledges"
CLOSE_ABANDONED = "close_abandoned"
TIDY = "tidy"

NAMES = frozenset({RUN_DOCKING, LAPSE_PROPOSALS, EXPIRE_PLEDGES, CLOSE_ABANDONED, TIDY})


class JobCancelled(Exception):
    """Raised by a job that stops because somebody asked it to."""
