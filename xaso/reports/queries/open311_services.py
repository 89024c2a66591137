"""What a commune takes reports about, as Open311 services, and what it asks about each."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import dates, sort_key
from xaso.reports import catalogue
from xaso.reports.models import CategoryQuestion, Stream

Document = dict[str, object]


def offered(kinds: catalogue.Categories) -> Sequence[catalogue.Kind]:
    """Return the categories a partner can send: published ones, by group and name."""
    streams = {Stream.FIELD} | ({Stream.REGULATION} if kinds.offers_regulations else set())
    rows = [k for k in kinds.choices if k.is_publishable and k.stream in streams]
    return sorted(rows, key=lambda k: (sort_key(_group(kinds, k)), sort_key(k.name)))


def services(
    kinds: catalogue.Categories, now: datetime, *, is_extended: bool = False
) -> list[Document]:
    """Return the services; with extensions, their groups as a list too."""
    return [_service(kinds, kind, now, is_extended=is_extended) for kind in offered(kinds)]


def definition(kind: catalogue.Kind, now: datetime) -> Document:
    """Return what is asked about a service."""
    asked = kind.asked(now)
    rows = [_attribute(question, order) for order, question in enumerate(asked, start=1)]
    return {"service_code": kind.code, "attributes": rows}


def discovery(commune: Commune, changeset: str, url: str) -> Document:
    """Return where the interface is found and whom to ask for a key."""
    name = f"UBND {commune.kind} {commune.name}"
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": url,
        "changeset": changeset,
        "type": "test" if commune.is_demo else "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": changeset,
        "contact": f"{name}, tỉnh {commune.province}",
        "key_service": _("Xin khóa tại văn phòng UBND %(kind)s") % {"kind": commune.kind},
        "endpoints": [endpoint],
    }


def changeset(kinds: catalogue.Categories, now: datetime) -> str:
    """Return when the services last changed: `2026-11-23 09:00`, with seconds if there are any.

    A question that begins or ends by its date changes them too.
    """
    turns = (
        turn
        for kind in kinds.by_id.values()
        for question in kind.questions
        for turn in (question.valid_from, question.valid_to)
        if turn is not None and turn <= now
    )
    latest = max((kinds.changed_at, *turns))
    return f"{dates.local(latest):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _service(
    kinds: catalogue.Categories, kind: catalogue.Kind, now: datetime, *, is_extended: bool
) -> Document:
    group = _group(kinds, kind)
    shown: Document = {
        "service_code": kind.code,
        "service_name": kind.name,
        "description": kind.hint or None,
        "metadata": bool(kind.asked(now)),
        "type": "realtime",
        "keywords": _(kind.keywords) if kind.keywords else "",
        "group": group,
    }
    more = [kinds.by_code[code].name for code in kind.also_in if code in kinds.by_code]
    return shown | {"groups": [group, *more]} if is_extended else shown


def _group(kinds: catalogue.Categories, kind: catalogue.Kind) -> str:
    return kinds.name(kind.parent_id) if kind.parent_id else ""


def _attribute(question: CategoryQuestion, order: int) -> Document:
    choices = question.choices if question.is_list else []
    return {
        "variable": question.is_asked,
        "code": question.code,
        "datatype": question.datatype,
        "required": question.is_required and question.is_asked,
        "datatype_description": _(question.hint) if question.hint else None,
        "order": order,
        "description": _(question.text),
        "values": [{"key": c["key"], "name": _(c["name"])} for c in choices],
    }
