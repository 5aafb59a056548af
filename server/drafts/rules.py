"""What a draft may be, and what is refused. Pure."""

from typing import Any

from server.kit.errors import Conflict, Text

MOST_DRAFTS = 200
"""Drafts that one person may have."""

LARGEST = 64_000
"""Bytes of a draft's payload as JSON."""

KEY = r"^[a-z]{1,20}(\.[A-Za-z0-9-]{1,40}){1,2}$"
"""As `need.new.3f2a` or `need.<id>`: the kind of record, and which form."""


class DraftChanged(Conflict):
    """The draft was changed elsewhere since this device last had it; `draft` is how it stands there."""

    slug = "draft-changed"
    title = Text("草稿已在别处修改", "The draft was changed elsewhere")
    detail = Text(
        "这份草稿已在另一台设备或另一个窗口中修改，请选择保留哪一份。",
        "This draft was changed on another device or in another window: choose which one to keep.",
    )

    def __init__(self, draft: dict[str, Any]) -> None:
        super().__init__(draft=draft)


class TooManyDrafts(Conflict):
    """One person can have so many drafts and no more."""

    slug = "too-many-drafts"
    title = Text("草稿过多", "Too many drafts")
    detail = Text("最多保存 {most} 份草稿，请先删除不用的。", "At most {most} drafts are kept: discard some first.")
