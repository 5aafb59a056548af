"""Codes of the time against RFC 6238's own, and how recovery codes are typed."""

from datetime import UTC, datetime, timedelta

import pytest

from server.accounts import totp
from server.accounts.actor import Grant
from server.accounts.rules import requires_second_factor
from server.kit.schema import new_id

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_appendix_b_of_rfc_6238(seconds: int, code: str):
    assert totp.code_at(SECRET, seconds // totp.STEP) == code
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // totp.STEP


def test_a_code_holds_one_step_before_and_after_and_no_longer():
    now = datetime.fromtimestamp(1234567890, UTC)
    code = totp.code_at(SECRET, 1234567890 // 30)
    assert totp.step_of(SECRET, code, now + timedelta(seconds=30)) == totp.step_of(SECRET, code, now)
    assert totp.step_of(SECRET, code, now - timedelta(seconds=30)) is not None
    assert totp.step_of(SECRET, code, now + timedelta(seconds=61)) is None
    assert totp.step_of(SECRET, "００５９２４", now) is None
    assert totp.step_of(SECRET, "", now) is None


def test_recovery_codes_differ_have_120_bits_and_are_read_however_they_are_typed():
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert all(len(totp.plain(code)) * 5 == 120 for code in codes)
    typed = codes[0].lower().replace("-", " ")
    assert totp.recovery_hash(typed) == totp.recovery_hash(codes[0]) != totp.recovery_hash(codes[1])


def test_whose_office_asks_for_a_second_factor():
    clerk, coordinator = (Grant("editor", participant_id=new_id()),), (Grant("coordinator"),)
    assert not requires_second_factor("nobody", coordinator)
    assert requires_second_factor("offices", coordinator)
    assert not requires_second_factor("offices", clerk)
    assert not requires_second_factor("offices", ())
    assert requires_second_factor("everybody", clerk)
