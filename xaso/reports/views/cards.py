"""An outbox that comes on a memory card: read in at the counter, under the phone's own keys.

The same report may come by card and by network, in any order and any number of times: the key and
the digest of its content make it one.
"""

import base64
import binascii
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may
from xaso.reports import actions
from xaso.reports.models import Report
from xaso.reports.views import arriving

MOST = 50  # reports on one card
LARGEST = 60 * 1024 * 1024
FORMAT = "xaso-outbox"


class NotACard(Refusal):
    """The file is no outbox a phone saved."""

    sentence = gettext_lazy(
        "Tệp này không phải thư chờ gửi của Xã Số. Bác chọn tệp có đuôi .xaso.json trên thẻ nhớ."
    )
    status = 422


@dataclass(frozen=True)
class Saved:
    """One report on a card; `files` are (sha256, bytes, whether it is a voice note)."""

    key: UUID
    body: dict[str, Any]
    files: list[tuple[str, bytes, bool]]


@dataclass
class Outcome:
    """What became of one report of a card."""

    title: str
    report: Report | None = None
    is_new: bool = False
    faults: list[str] = field(default_factory=list)


@may("reports.help")
def card(request: DeskRequest) -> HttpResponse:
    """Take in the reports of a memory card, and say of each what became of it."""
    context: dict[str, Any] = {"crumbs": [(reverse("reports_desk:inbox"), _("Phản ánh"))]}
    status = 200
    if request.method == "POST":
        file = cast("BinaryIO", request.FILES.get("tep") or io.BytesIO())
        try:
            found = list(read(file))
            context["done"] = [_taken(request, saved) for saved in found]
        except NotACard as refusal:
            context["fault"], status = [str(refusal.sentence)], refusal.status
    return render(request, "reports/desk/card.html", context, status=status)


def read(file: BinaryIO) -> Iterator[Saved]:
    """Yield the reports of a card. Refuses with NotACard, whatever the file holds."""
    raw = file.read(LARGEST + 1)
    try:
        said = json.loads(raw[: LARGEST + 1])
        if len(raw) > LARGEST or said["format"] != FORMAT or said["v"] != 1:
            raise NotACard
        if len(said["items"]) > MOST:
            raise NotACard
        yield from [_saved(item) for item in said["items"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotACard from error


def _saved(item: dict[str, Any]) -> Saved:
    """Return one report of a card; anything odd raises what `read` turns into a refusal."""
    files = [
        (str(p["sha"]).lower(), _bytes(p["data"]), p.get("path") == "voice") for p in item["photos"]
    ]
    if not isinstance(item["body"], dict):
        raise TypeError
    return Saved(UUID(item["id"]), item["body"], files)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _taken(request: DeskRequest, saved: Saved) -> Outcome:
    """Take one report in with its photos; what goes wrong with one leaves the others alone."""
    done = Outcome(title=str(saved.body.get("text") or _("Không có lời, chỉ có ảnh"))[:80])
    try:
        given = arriving.ReportIn.model_validate(saved.body)
        new = replace(
            arriving.report(saved.key, given, saved.body, arriving.From()), channel="counter"
        )
        with transaction.atomic():
            receipt = actions.receive(new, by=request.actor, commune=request.commune)
        done.report, done.is_new = receipt.report, receipt.is_new
    except actions.OtherContent as refusal:
        done.report = refusal.report
        done.faults.append(str(refusal.sentence))
    except ValidationError:
        done.faults.append(_("Nội dung trên thẻ bị hỏng, chưa nhận được phản ánh này."))
    except Refusal as refusal:
        done.faults += _sentences(refusal)
    else:
        done.faults += [
            fault for file in saved.files if (fault := _added(request, receipt.report, *file))
        ]
    return done


def _added(request: DeskRequest, report: Report, *file: Any) -> str:  # noqa: ANN401
    """Add a file of a card to its report; return what was wrong with it, or nothing."""
    sha, data, is_voice = file
    add = actions.add_voice if is_voice else actions.add_piece
    try:
        with transaction.atomic():
            add(report, sha, actions.Piece(data, 0, len(data)), by=request.actor)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _sentences(refusal: Refusal) -> list[str]:
    errors: dict[str, list[str]] = getattr(refusal, "errors", {})
    return [text for texts in errors.values() for text in texts] or [str(refusal.sentence)]
