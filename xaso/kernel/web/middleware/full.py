"""On a disk that is almost full people read, sign in and send reports; nothing else is changed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from xaso.kernel import disk
from xaso.kernel.web import errors

_SAFE = {"GET", "HEAD", "OPTIONS"}


class ReadOnlyWhenFull:
    """Refuse changes (507, with a sentence) while the fullest disk allows reading alone.

    What must still come in is named by `XASO_OPEN_WHEN_FULL`; the database keeps the rest of the
    room for it, and for the work that the administrator does to make room.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: object,
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Answer instead of a view that would change something."""
        if request.method in _SAFE or _is_open(request) or not settings.XASO_DISK_GUARD:
            return None
        if disk.fullest(settings.XASO_HOME).level < disk.Level.READ_ONLY:
            return None
        words = errors.Said(
            title=_("Máy của xã sắp hết chỗ"),
            text=_(
                "Việc vừa làm chưa được lưu; lúc này chỉ xem và gửi phản ánh được. "
                "Bác thử lại sau ít phút, và báo người phụ trách máy dọn bớt giúp."
            ),
            code="no_space",
        )
        return errors.page(request, 507, words)


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in settings.XASO_OPEN_WHEN_FULL
