"""Not more often than agreed: the hook of the rate limits."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from xaso.kernel.identity import actions as identity
from xaso.kernel.open_api import problems
from xaso.kernel.open_api.guards import commune_of, sender
from xaso.kernel.refusals import TooMany

Run = Callable[..., HttpResponse]


def per(name: str, *, limit: int, every: timedelta = timedelta(hours=1)) -> Callable[[Run], Run]:
    """Count each call of a sender (key, device or address) under a name; answer 429 above it.

    Stands in `@decorate_view(...)` under the route. The count stays when the call is refused.
    """

    def guard(run: Run) -> Run:
        @wraps(run)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
            commune = commune_of(request)
            key = f"api:{name}:{sender(request)}"
            try:
                identity.take(key, limit=limit, per=every, commune=commune.id if commune else None)
            except TooMany as refusal:
                return problems.of(refusal)
            return run(request, *args, **kwargs)

        return counted

    return guard
