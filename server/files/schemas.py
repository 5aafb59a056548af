"""Files as the interface shows them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.files.rules import MediaType
from server.kit.shapes import Input


class FileRead(BaseModel):
    """A file that was taken in; `GET files/{id}` gives its contents."""

    id: UUID
    media_type: MediaType
    size: Annotated[int, Field(description="bytes, as it is kept")]
    width: Annotated[int | None, Field(description="points; null for a document")]
    height: int | None
    created_at: datetime


class FileQuery(Input):
    """Which form of a file is wanted."""

    form: Annotated[
        Literal["whole", "thumbnail"], Field(description="thumbnail: a small JPEG of a picture; 404 for a document")
    ] = "whole"
