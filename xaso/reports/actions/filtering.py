"""Filters of the inbox that an official keeps under a name, for themselves alone."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line
from xaso.reports.models import SavedFilter

MOST = 12  # more than that nobody finds again
ASKED = ("tim", "trang_thai", "don_vi", "loai", "ban", "cua_toi", "nhom")


class TooManyFilters(Refusal):
    """The official keeps twelve filters already."""

    sentence = _("Bác đã lưu 12 bộ lọc. Bác bỏ bớt một bộ cũ rồi lưu lại giúp.")


@transaction.atomic
def keep_filter(name: str, query: str, *, by: Actor, commune: Commune) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces what it stood for.

    `query` is the query string of the inbox; only the inbox's own questions are kept. Refuses with
    Invalid (no name, nothing filtered) and TooManyFilters.
    """
    plain = clean_line(name)[:40]
    asked = [(k, v) for k, v in parse_qsl(query) if k in ASKED and v]
    errors: dict[str, list[str]] = {}
    if not plain:
        errors["name"] = [str(_("Bác đặt tên cho bộ lọc, ví dụ: Rác ở Nà Tăm."))]
    if not asked:
        errors["query"] = [str(_("Bác chọn điều kiện lọc trước rồi lưu."))]
    if errors:
        raise Invalid(errors=errors)
    mine = SavedFilter.objects.select_for_update().filter(commune=commune, official=int(by.id))
    if mine.exclude(name=plain).count() >= MOST:
        raise TooManyFilters
    facts = {"query": urlencode(asked)[:300]}
    row, _new = mine.update_or_create(
        commune=commune, official_id=int(by.id), name=plain, defaults=facts
    )
    audit.record("reports.filter_kept", row, by=by, commune=commune.id)
    return row


@transaction.atomic
def drop_filter(key: int, *, by: Actor, commune: Commune) -> None:
    """Forget one of the official's own filters. Refuses with NotFound for anybody else's."""
    row = SavedFilter.objects.filter(commune=commune, official=int(by.id), pk=key).first()
    if row is None:
        raise NotFound
    audit.record("reports.filter_dropped", row, by=by, commune=commune.id)
    row.delete()
