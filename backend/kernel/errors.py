"""Errors that a person can be told about. The HTTP layer alone gives them a status."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Something a person asked for cannot be done.

    `code` is stable and for programs; `title`, `detail` (what happened) and `action`
    (what to do next) are Chinese and for people; `fields` names faulty input fields;
    `extra` is what a program needs to go on (JSON values), for example the other text.
    """

    code = "error"
    title = "暂时办不了"

    def __init__(
        self,
        code: str | None = None,
        title: str | None = None,
        detail: str = "",
        action: str = "",
        fields: Mapping[str, Sequence[str]] | None = None,
        *,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code or type(self).code
        self.title = title or type(self).title
        self.detail = detail
        self.action = action
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}
        self.extra = dict(extra or {})
        super().__init__(f"{self.code}: {self.title} {self.detail}".strip())


class Invalid(DomainError):
    """The input breaks a rule; nothing was done."""

    code = "invalid"
    title = "填写的内容有误"


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"
    title = "请先登录"


class Forbidden(DomainError):
    """Signed in, but this is not for that role."""

    code = "forbidden"
    title = "没有权限"


class NotFound(DomainError):
    """It does not exist, or it is not theirs: the two must look the same."""

    code = "not_found"
    title = "没有找到"


class Conflict(DomainError):
    """The thing is in a state that does not allow this."""

    code = "conflict"
    title = "情况已经变了"


class Stale(DomainError):
    """It was edited since it was read (If-Match did not match)."""

    code = "stale"
    title = "内容已被他人修改"


class Gone(DomainError):
    """It was there and has ended for good."""

    code = "gone"
    title = "已失效"


class RateLimited(DomainError):
    """Too many tries; `retry_after` is in seconds."""

    code = "rate_limited"
    title = "操作太频繁"

    def __init__(self, retry_after: int = 60, **kwargs: object) -> None:
        self.retry_after = retry_after
        kwargs.setdefault("action", f"请{retry_after}秒后再试")
        super().__init__(**kwargs)  # type: ignore[arg-type]  # keywords of DomainError


class Unavailable(DomainError):
    """A service this needs does not answer now; trying later may help."""

    code = "unavailable"
    title = "服务暂时不可用"
