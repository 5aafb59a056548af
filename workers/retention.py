"""How long what is kept of people's work with the platform is kept, from when, and why: the job that tidies goes by it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

from server.accounts import rules as account_rules
from server.accounts import service as accounts
from server.activity import repository as activity_repository
from server.activity import service as activity
from server.drafts import service as drafts
from server.exports import service as exports
from server.files import rules as file_rules
from server.files import service as files
from server.imports import service as imports
from server.kit.uow import UnitOfWork
from server.mail import rules as mail_rules
from server.mail import service as mail
from server.notices import inbox
from server.notices import rules as notice_rules
from server.people import invitations
from server.people import rules as people_rules
from server.secondments import rules as secondment_rules
from server.secondments import service as secondments


class Kept(NamedTuple):
    """One kind of thing: how long it is kept from when on, why so long, and who drops it."""

    what: str
    days: timedelta
    since: str
    why: str
    drop: Callable[[UnitOfWork], Awaitable[None]]


WEEK = timedelta(days=7)

RETENTION = (
    Kept(
        "sessions",
        account_rules.ENDED_SESSIONS_KEPT,
        "their end",
        "a sign-in that one did not make is found",
        accounts.tidy,
    ),
    Kept("failed tries to sign in", account_rules.FAILURES_KEPT, "the try", "they count for an hour", accounts.tidy),
    Kept(
        "API keys", account_rules.ENDED_KEYS_KEPT, "their end", "a year's use of a machine is explained", accounts.tidy
    ),
    Kept(
        "second factors not confirmed",
        account_rules.OFFERED_FACTORS_KEPT,
        "the offer",
        "they hold for nothing",
        accounts.tidy,
    ),
    Kept(
        "codes for an address",
        timedelta(days=1),
        "the end of their quarter of an hour",
        "five an hour are counted",
        mail.tidy,
    ),
    Kept(
        "letters, without their words",
        mail_rules.LETTERS_KEPT,
        "the letter",
        "whether one came is asked within weeks",
        mail.tidy,
    ),
    Kept(
        "replies by idempotency key", WEEK, "the request", "a client repeats within a week (decision 5)", activity.tidy
    ),
    Kept("delivered dispatch rows", WEEK, "the event", "what went wrong is looked for within a week", activity.tidy),
    Kept("jobs", activity_repository.JOBS_KEPT, "their end", "their outcome is read within days", activity.tidy),
    Kept("drafts", drafts.UNTOUCHED_KEPT, "the last change", "a form waits for a season's plan", drafts.tidy),
    Kept(
        "sheets that were taken in",
        imports.KEPT,
        "the upload",
        "a sheet is reconciled within half a year",
        imports.tidy,
    ),
    Kept(
        "exported files", exports.KEPT, "the request", "a file is fetched at once; the books make it anew", exports.tidy
    ),
    Kept(
        "uploads that stand with no record",
        file_rules.UNATTACHED_KEPT,
        "the upload",
        "a form is finished within weeks",
        files.tidy,
    ),
    Kept(
        "invitations",
        people_rules.INVITATIONS_KEPT,
        "their end",
        "who let whom in stays in the trail",
        invitations.tidy,
    ),
    Kept(
        "names of seconded people",
        secondment_rules.NAME_KEPT,
        "the end of the term",
        "the assessment of the last year is closed",
        secondments.tidy,
    ),
    Kept(
        "notices that were read",
        notice_rules.READ_NOTICES_KEPT,
        "the reading",
        "the record itself tells the rest",
        inbox.tidy,
    ),
    Kept("notices", notice_rules.NOTICES_KEPT, "the event", "nobody works through older ones", inbox.tidy),
)


def table() -> str:
    """The same as docs/security.md shows it."""
    rows = [f"| {kept.what} | {_days(kept.days)} | {kept.since} | {kept.why} |" for kept in RETENTION]
    return "\n".join(["| what | kept for | from | why |", "|---|---|---|---|", *rows])


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
