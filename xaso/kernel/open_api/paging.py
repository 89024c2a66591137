"""Lists in pages that neither skip nor repeat a row while new ones arrive (keyset paging)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid

MOST = 100  # rows in one page
USUAL = 50
_SALT = "open_api.cursor"
_LONGEST = 1_000  # characters of a cursor
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and the cursor of the next one (empty on the last)."""

    rows: list[Row]
    next: str


def page(
    rows: QuerySet[Row],
    request: HttpRequest,
    *,
    by: Sequence[str],
    cursor: str = "",
    limit: int = USUAL,
) -> Page[Row]:
    """Return a page of a list in the order of `by`, in one SQL.

    `by` are columns that together are unique and never null, all ascending or all descending
    (`("-received_at", "-id")`). A cursor belongs to one address with its filters and commune.
    Refuses with Invalid when the cursor is not ours or of another list.
    """
    size = max(1, min(limit, MOST))
    asked = _asked(request)
    ordered = rows.order_by(*by)
    if cursor:
        ordered = ordered.filter(_after(by, _opened(cursor, asked, len(by))))
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    values = [_plain(getattr(last, name.lstrip("-"))) for name in by]
    return Page(found[:size], signing.dumps([asked, *values], salt=_SALT, compress=True))


def link_next(request: HttpRequest, response: HttpResponse, cursor: str) -> HttpResponse:
    """Name the next page in the `Link` header (RFC 8288); the last page names none."""
    if cursor:
        query = request.GET.copy()
        query["cursor"] = cursor
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return response


def _asked(request: HttpRequest) -> str:
    """Return a digest of the list that was asked for: address and filters, not the place in it."""
    said = sorted(
        (name, value)
        for name, values in request.GET.lists()
        if name not in {"cursor", "limit"}
        for value in values
    )
    return hashlib.sha256(repr((request.path, said)).encode()).hexdigest()[:16]


def _opened(cursor: str, asked: str, columns: int) -> list[Any]:
    """Return the values of the last row seen."""
    wrong = Invalid(
        errors={"cursor": [str(_("Dấu trang này không dùng được nữa. Xin đọc lại từ đầu."))]}
    )
    if len(cursor) > _LONGEST:
        raise wrong
    try:
        said = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise wrong from error
    if said[0] != asked or len(said) != columns + 1:
        raise wrong
    return list(said[1:])


def _after(by: Sequence[str], values: Sequence[Any]) -> Q:
    """Return what comes after a row: (a, b) > (x, y), with `a >= x` in front for the index."""
    step = "lt" if by[0].startswith("-") else "gt"
    names = [name.lstrip("-") for name in by]
    after = Q()
    for at, name in enumerate(names):
        same = Q(**dict(zip(names[:at], values[:at], strict=True)))
        after |= same & Q(**{f"{name}__{step}": values[at]})
    return Q(**{f"{names[0]}__{step}e": values[0]}) & after


def _plain(value: object) -> object:
    """Return a value as JSON keeps it, without loss."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
