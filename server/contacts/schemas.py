"""Contacts as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.kit.shapes import Clean, Input


class ContactCreate(Input):
    """Somebody to call; what is sealed is read with a purpose alone."""

    position: Annotated[str, Clean(80, 1), Field(description="what they look after; shown in the list")]
    name: Annotated[str, Clean(80, 1), Field(description="sealed")]
    phone: Annotated[str, Clean(40, 3), Field(description="sealed")]
    email: Annotated[str, Clean(120), Field(description="sealed")] = ""


class Purpose(Input):
    """Why a contact is read; it stands in the trail."""

    purpose: Annotated[str, Clean(200, 2)]


class ContactRow(BaseModel):
    """A contact in the list, without whom it is."""

    id: UUID
    position: str
    created_at: datetime
    can: list[str]


class ContactRevealed(BaseModel):
    """Whom to call."""

    name: str
    phone: str
    email: str
