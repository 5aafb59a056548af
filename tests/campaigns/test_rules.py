"""The rules of campaigns."""

from datetime import date

import pytest

from server.campaigns import rules
from server.campaigns.rules import LIFECYCLE
from server.kit.lifecycle import StepNotAllowed


def test_a_campaign_goes_from_draft_to_report_step_by_step() -> None:
    status = LIFECYCLE.initial
    for verb in ("ask", "consent", "open", "join", "link", "close", "report"):
        status = LIFECYCLE.after(status, verb)
    assert status == "reported"


@pytest.mark.parametrize("verb", ["change", "consent", "withdraw", "join"])
def test_what_was_consented_to_is_not_changed_and_an_end_is_an_end(verb: str) -> None:
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after("reported", verb)
    if verb in ("change", "consent", "join"):
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.after("consented", verb)


@pytest.mark.parametrize("status", ["draft", "consent_asked", "refused"])
def test_no_consent_no_opening(status: str) -> None:
    with pytest.raises(rules.WithoutConsent):
        rules.check_consent(status)
    rules.check_consent("consented")


@pytest.mark.parametrize(
    ("kind", "status", "qualified", "passes"),
    [
        ("social_organisation", "verified", True, True),
        ("social_organisation", "verified", False, False),
        ("social_organisation", "suspended", True, False),
        ("enterprise", "verified", True, False),
        (None, None, False, False),
    ],
)
def test_only_a_qualified_charity_receives_money_from_the_public(
    kind: str | None, status: str | None, qualified: bool, passes: bool
) -> None:
    rules.check_charity(False, kind, status, qualified=qualified)
    if passes:
        rules.check_charity(True, kind, status, qualified=qualified)
        return
    with pytest.raises(rules.CharityNotQualified):
        rules.check_charity(True, kind, status, qualified=qualified)


@pytest.mark.parametrize(("day", "runs"), [(9, False), (10, True), (20, True), (21, False)])
def test_a_campaign_runs_from_its_first_to_its_last_day(day: int, runs: bool) -> None:
    days = (date(2019, 6, 10), date(2019, 6, 20), date(2019, 6, day))
    if runs:
        rules.check_days(*days)
        return
    with pytest.raises(rules.CampaignOver):
        rules.check_days(*days)


@pytest.mark.parametrize(
    ("county", "kind", "status"),
    [("b", "road", "effective"), ("a", "desks", "effective"), ("a", "road", "cancelled"), ("a", "road", "terminated")],
)
def test_a_pledge_elsewhere_of_another_type_or_ended_is_not_counted(county: str, kind: str, status: str) -> None:
    with pytest.raises(rules.NotOfCampaign):
        rules.check_pledge("a", county, kind, ["road"], status)
    rules.check_pledge("a", "a", "road", ["road"], "awaiting_verification")
