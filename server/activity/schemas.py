"""Jobs as the interface shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class JobRead(BaseModel):
    """Work that takes longer than a request."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    status: str
    progress: Annotated[float, Field(ge=0, le=1, description="0 to 1")]
    message: Annotated[dict[str, Any] | None, Field(description="what it is doing, if it says so")]
    result: Annotated[dict[str, Any] | None, Field(description="what came of it")]
    error: str
    created_at: datetime
    finished_at: datetime | None
