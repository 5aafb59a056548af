"""What a file may be: four kinds, told by their first bytes, at most 10 MB (decision 21 of docs/reliability.md). Pure."""

from datetime import timedelta
from typing import Literal

from server.kit.errors import Conflict, Invalid, Problem, Text, UnsupportedMedia

MOST_BYTES = 10 * 1024 * 1024
UNATTACHED_KEPT = timedelta(days=30)
"""So long an upload waits for the record that it is meant for."""
MOST_PIXELS = 50_000_000
LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 320

MediaType = Literal["image/jpeg", "image/png", "image/webp", "application/pdf"]
EXTENSIONS: dict[MediaType, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
HEAD_BYTES = 12
"""How many of the first bytes tell what a file is."""


class NotTaken(UnsupportedMedia):
    """The contents are none of the four kinds, or not the kind that the request says."""

    slug = "file-type"
    title = Text("不支持的文件", "Not a file that is taken")
    detail = Text(
        "只能上传 JPEG、PNG、WebP 图片和 PDF，且内容须与类型一致。",
        "JPEG, PNG and WebP pictures and PDF are taken, and the contents must be what the type says.",
    )


class BrokenPicture(Invalid):
    """A picture that cannot be read, or has more points than any camera takes."""

    slug = "broken-picture"
    title = Text("图片无法读取", "The picture cannot be read")
    detail = Text("图片已损坏或尺寸过大，请重新拍摄或导出。", "It is damaged or too large: take or export it again.")


class NothingSent(Invalid):
    """An upload without contents."""

    slug = "empty-file"
    title = Text("文件是空的", "The file is empty")
    detail = Text("文件没有内容，请重新选择。", "There is nothing in the file: choose it again.")


class TooSlow(Problem):
    """The upload did not end in time."""

    status = 408
    slug = "upload-too-slow"
    title = Text("上传超时", "The upload took too long")
    detail = Text("网络过慢，请稍后重试或缩小图片。", "The network is too slow: try again, or with a smaller picture.")


class FileTaken(Conflict):
    """A file shows one record."""

    slug = "file-taken"
    title = Text("文件已被使用", "The file is in use")
    detail = Text("该文件已附在另一条记录上，请重新上传。", "The file belongs to another record: upload it again.")


def kind_of(head: bytes) -> MediaType:
    """What a file is by its first bytes; raises NotTaken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    raise NotTaken(headers={"Accept": ", ".join(EXTENSIONS)})
