"""Sheets of paper: printed, filled in by hand in a village, typed in at the office."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Consent, Official
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.actions.given import NewReport
from xaso.reports.actions.helping import Agreement, Helped, receive_for
from xaso.reports.actions.receiving import Receipt
from xaso.reports.models import PaperSheet

MOST_PRINTED = 20  # at once


class SheetFinished(Refusal):
    """The sheet was closed; what is still to come goes on a new one."""

    sentence = _("Phiếu này đã nhập xong và cất đi. Việc mới bác ghi vào phiếu khác giúp.")


@dataclass(frozen=True)
class Collected:
    """What holds for a whole sheet: where, when and by whom it was filled in."""

    village: Village | None
    on: date
    helper: Official | None


@transaction.atomic
def print_sheets(count: int, *, by: Actor, commune: Commune) -> list[PaperSheet]:
    """Give numbers to so many new sheets; refuses with Invalid for none or more than twenty."""
    if not 1 <= count <= MOST_PRINTED:
        raise Invalid(_("Mỗi lần in từ 1 đến 20 phiếu."))
    with connection.cursor() as cursor:  # two who print at once get different numbers
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"paper {commune.id}"])
    last = PaperSheet.objects.filter(commune=commune).aggregate(n=Max("number"))["n"] or 0
    sheets = [
        PaperSheet(commune=commune, number=last + n, printed_at=clock.now())
        for n in range(1, count + 1)
    ]
    PaperSheet.objects.bulk_create(sheets)
    audit.record(
        "reports.sheets_printed", sheets[0], by=by, commune=commune.id, changes={"count": count}
    )
    return sheets


_OLDEST = timedelta(days=366)  # an older day is a slip of the pen


@transaction.atomic
def collect(sheet: PaperSheet, collected: Collected, *, by: Actor) -> PaperSheet:
    """Say where, when and by whom a sheet was filled in; kept for all its rows."""
    current, today = _open(sheet), dates.local(clock.now()).date()
    if collected.on > today:
        raise Invalid(errors={"on": [str(_("Ngày này chưa tới. Bác chọn lại ngày thu phiếu."))]})
    if collected.on < today - _OLDEST:
        said = _("Ngày này đã quá một năm. Bác chọn lại ngày thu phiếu.")
        raise Invalid(errors={"on": [str(said)]})
    current.village, current.collected_on = collected.village, collected.on
    current.helper = collected.helper
    current.save()
    audit.record("reports.sheet_collected", current, by=by, commune=current.commune_id)
    return current


@transaction.atomic
def keep_photo(sheet: PaperSheet, photo: Attachment, *, by: Actor) -> PaperSheet:
    """Keep a photo of the filled-in sheet as evidence; it stays private."""
    current = _open(sheet)
    current.photo = photo
    current.save(update_fields=["photo"])
    changes = {"sha256": photo.sha256}
    audit.record(
        "reports.sheet_photographed", current, by=by, commune=current.commune_id, changes=changes
    )
    return current


def row_key(sheet: PaperSheet, row: int) -> UUID:
    """Return the sender's key of a row: the same for ever, so that typing it twice is harmless.

    Refuses with NotFound for a row the sheet does not have.
    """
    if row not in range(1, PaperSheet.ROWS + 1):
        raise NotFound
    return uuid5(sheet.commune_id, f"paper/{sheet.number}/{row}")


@transaction.atomic
def receive_row(
    sheet: PaperSheet, row: int, new: NewReport, helped: Helped, *, by: Actor
) -> Receipt:
    """Receive one box of a sheet. Refuses with SheetFinished, Invalid and as `receive_for`."""
    current = _open(sheet)
    if current.collected_on is None:
        raise Invalid(_("Bác ghi ngày thu phiếu trước rồi nhập từng ô."))
    agreement = helped.agreement
    if agreement is not None:
        agreement = Agreement(Consent.Method.PAPER, agreement.lang, current.photo)
    noon = datetime.combine(current.collected_on, time(12), dates.ZONE)
    filled = replace(
        new, uuid=row_key(current, row), channel="paper_batch", captured_at=min(noon, clock.now())
    )
    return receive_for(filled, replace(helped, agreement=agreement), by=by, commune=sheet.commune)


@transaction.atomic
def finish(sheet: PaperSheet, *, by: Actor) -> PaperSheet:
    """Close a sheet: it takes no more rows."""
    current = _open(sheet)
    current.finished_at = clock.now()
    current.save(update_fields=["finished_at"])
    audit.record("reports.sheet_finished", current, by=by, commune=current.commune_id)
    return current


def _open(sheet: PaperSheet) -> PaperSheet:
    current = PaperSheet.objects.select_for_update().filter(pk=sheet.pk).first()
    if current is None:
        raise NotFound
    if current.finished_at is not None:
        raise SheetFinished
    return current
