"""Pure rules of participants."""

import pytest

from server.kit.lifecycle import StepNotAllowed
from server.participants.rules import LIFECYCLE, is_credit_code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_a_credit_code_with_its_check_character_is_taken(code: str):
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "9135010OM000100Y43"]
)
def test_a_mistyped_credit_code_is_refused(code: str):
    assert not is_credit_code(code)


def test_a_rejected_application_is_final():
    assert LIFECYCLE.final == {"rejected"}
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after("rejected", "verify")


def test_a_suspended_participant_can_be_verified_again():
    assert LIFECYCLE.after("suspended", "verify") == "verified"
