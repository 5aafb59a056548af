"""Problems as replies (RFC 9457): an error names the broken rule, in both languages, and carries the facts.

Pure: rules raise these, the endpoint turns them into `application/problem+json`.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NamedTuple

Language = Literal["zh-CN", "en"]


class Text(NamedTuple):
    """One sentence in both languages; `{names}` are filled from the facts."""

    zh: str
    en: str

    def say(self, language: str, **facts: Any) -> str:
        """The sentence in `language`, facts filled in; a fact that is itself a Text is said likewise.

        Without facts it is said as it stands, so that it may quote what somebody typed, braces and all.
        """
        sentence = self.en if language == "en" else self.zh
        said = {name: fact.say(language) if isinstance(fact, Text) else fact for name, fact in facts.items()}
        return sentence.format(**said) if said else sentence


class FieldError(NamedTuple):
    """What is wrong with one field of the input; `field` is a dotted path such as `window.to`."""

    field: str
    code: str
    text: Text

    def body(self, language: str) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "text": self.text.say(language)}


class Problem(Exception):
    """A request that cannot be done. Subclasses fix status, slug (the stable `type`) and words."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[Text] = Text("系统出错", "Something went wrong")
    detail: ClassVar[Text] = Text(
        "请稍后重试；如仍出错，请联系管理员。", "Try again; if it happens again, tell the administrator."
    )

    def __init__(
        self, *, errors: Sequence[FieldError] = (), headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(self.slug)
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.slug}: {self.detail.say('en', **self.facts)}"

    def body(self, language: str) -> dict[str, Any]:
        """The problem+json members; facts are members too."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title.say(language),
            "status": self.status,
            "detail": self.detail.say(language, **self.facts),
        }
        if self.errors:
            body["errors"] = [error.body(language) for error in self.errors]
        said = {name: fact.say(language) if isinstance(fact, Text) else fact for name, fact in self.facts.items()}
        return said | body  # a fact may be named like a member (`status`) and must not replace it


class NotSignedIn(Problem):
    status = 401
    slug = "not-signed-in"
    title = Text("尚未登录", "Not signed in")
    detail = Text("请先登录再继续。", "Sign in, then go on.")


class Forbidden(Problem):
    status = 403
    slug = "forbidden"
    title = Text("无权操作", "Not allowed")
    detail = Text("您的角色不能进行此操作。", "Your role may not do this.")


class NotFound(Problem):
    status = 404
    slug = "not-found"
    title = Text("没有找到", "Not found")
    detail = Text("没有这条记录，或您无权查看。", "There is no such record, or you may not see it.")


class MethodNotAllowed(Problem):
    status = 405
    slug = "method-not-allowed"
    title = Text("不支持的方法", "Method not allowed")
    detail = Text("此地址不支持该方法。", "This address does not take that method.")


class Conflict(Problem):
    """A rule or a race was lost; domain errors derive from it."""

    status = 409
    slug = "conflict"
    title = Text("无法完成", "Cannot be done")
    detail = Text("记录的当前状态不允许此操作。", "The record's present state does not allow this.")


class Stale(Problem):
    status = 412
    slug = "stale"
    title = Text("记录已被修改", "The record has changed")
    detail = Text(
        "其他人已修改该记录，请刷新后重试。", "Someone changed this record meanwhile: load it again, then repeat."
    )


class TooLarge(Problem):
    status = 413
    slug = "too-large"
    title = Text("内容过大", "Too large")
    detail = Text("内容不能超过 {limit} 字节。", "The content may have at most {limit} bytes.")


class UnsupportedMedia(Problem):
    status = 415
    slug = "unsupported-media"
    title = Text("不支持的格式", "Unsupported media type")
    detail = Text("请以 application/json 提交。", "Send application/json.")


class Invalid(Problem):
    status = 422
    slug = "invalid"
    title = Text("填写有误", "The input is not valid")
    detail = Text("请改正标出的各项后重新提交。", "Mend the fields named in errors, then send again.")


class PreconditionRequired(Problem):
    status = 428
    slug = "precondition-required"
    title = Text("缺少版本", "Version missing")
    detail = Text("修改须带 If-Match（记录的 ETag）。", "Changes need If-Match with the record's ETag.")


class TooManyRequests(Problem):
    status = 429
    slug = "too-many-requests"
    title = Text("请求过多", "Too many requests")
    detail = Text("请在 {seconds} 秒后重试。", "Try again in {seconds} seconds.")


class Busy(Problem):
    status = 503
    slug = "busy"
    title = Text("系统繁忙", "Busy")
    detail = Text(
        "系统繁忙，请稍候重试，已填内容不会丢失。", "Busy just now: try again in a moment, nothing was changed."
    )

    def __init__(self, **facts: Any) -> None:
        super().__init__(headers={"Retry-After": "2"}, **facts)


class Unavailable(Busy):
    """The database went away in the middle: whether the work was committed is not known."""

    slug = "unavailable"
    title = Text("暂时无法使用", "Not available")
    detail = Text(
        "系统暂时中断。请稍候刷新，看操作是否已完成，再决定是否重试。",
        "Interrupted just now: in a moment, look whether it was done before you try again.",
    )


def fault(field: str, code: str, zh: str, en: str) -> FieldError:
    """One field that a rule found wrong, in both languages."""
    return FieldError(field, code, Text(zh, en))


def require(found: Sequence[FieldError]) -> None:
    """Raise Invalid naming every field that rules found wrong, if any."""
    if found:
        raise Invalid(errors=found)


def invalid_field(field: str, code: str, zh: str, en: str) -> Invalid:
    """A 422 for one field that a rule, not the schema, found wrong."""
    return Invalid(errors=[fault(field, code, zh, en)])
