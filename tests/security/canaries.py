"""Words that stand in what not everybody may see; whoever reads one where it should not be has found a leak."""

import io
import zipfile

import httpx2

from tests.security.people import Person
from tests.security.subjects import OVER

CREDIT_CODE = "11610925CANARY0001"
REMARKS = "金丝雀核验意见"
UNIT_ZH, UNIT_EN = "金丝雀番号部队", "Canary unit"
UNIT_PERSON = "金丝雀军官"
UNIT_PLACE_CODE, UNIT_PLACE = "640122", "贺兰县"
"""The seat of the unit; nobody else in the world has anything to do with it."""
ACCOUNT = "canary.account@unit.example"
"""With this an officer of the unit signs in."""
CONTACT_NAME, CONTACT_PHONE, CONTACT_EMAIL = "金丝雀联系人", "13800138999", "canary@county.example"
"""Sealed; told by the reveal alone."""

OF_THE_UNIT = (UNIT_ZH, UNIT_EN, UNIT_PERSON, UNIT_PLACE, UNIT_PLACE_CODE)
OF_THE_COUNTY = (CREDIT_CODE, REMARKS)
SEALED = (CONTACT_NAME, CONTACT_PHONE, CONTACT_EMAIL)
EVERY = (*OF_THE_UNIT, *OF_THE_COUNTY, ACCOUNT, *SEALED)


def may_read(person: Person, canary: str) -> bool:
    """Who may: the unit's own people and national offices; of the county's file, its members and who oversees it."""
    if canary in SEALED:
        return False
    if canary == ACCOUNT:
        return person.sees(("U", "platform"))
    return person.sees(("U", "over:") if canary in OF_THE_UNIT else ("A", OVER))


def told(person: Person, text: str) -> list[str]:
    """The canaries in a text that this person may not read."""
    return [canary for canary in EVERY if canary in text and not may_read(person, canary)]


def text_of(reply: httpx2.Response) -> str:
    """What a reply says: its text, and of an archive, as a workbook is one, the names and texts of what is in it."""
    if not reply.content.startswith(b"PK"):
        return reply.text
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        return "\n".join(name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
