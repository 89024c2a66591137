"""What a verdict goes by in this commune, and its findings in plain words."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.documents.models import Certificate, Document, RevocationList, TrustRoot
from xaso.documents.rendering.filling import shown
from xaso.documents.signing.parts import INVALID, LACKING, VALID, WARNING, Case, Finding
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.kernel.working_time import queries as working_time
from xaso.kernel.working_time.calendar import OutsideCalendar

RESULTS: dict[str, Sentence] = {
    VALID: _("Hợp lệ"),
    WARNING: _("Hợp lệ, có cảnh báo"),
    LACKING: _("Chưa đủ dữ liệu"),
    INVALID: _("Không hợp lệ"),
}
SENTENCES: dict[str, Sentence] = {
    "no_signature": _(
        "Tệp không có chữ ký số nào. Ảnh con dấu hay ảnh chữ ký không phải chữ ký số."
    ),
    "unreadable": _("Chữ ký hoặc tệp không đọc được."),
    "too_many": _("Tệp có quá nhiều chữ ký."),
    "weak_digest": _("Chữ ký dùng hàm băm yếu (SHA-1 hoặc cũ hơn)."),
    "weak_key": _("Khoá ký quá ngắn."),
    "digest": _("Nội dung không khớp chữ ký: tệp đã bị sửa."),
    "purpose": _("Chứng thư không dùng để ký văn bản."),
    "out_of_time": _("Chứng thư chưa có hiệu lực hoặc đã hết hạn lúc ký."),
    "unknown_root": _("Chứng thư không do cơ quan cấp chứng thư mà xã tin cậy cấp."),
    "revoked": _("Chứng thư đã bị thu hồi."),
    "no_list": _("Chưa có danh sách thu hồi của cơ quan cấp chứng thư nên chưa kết luận được."),
    "stamp_not_trusted": _("Dấu thời gian chưa kiểm tra được."),
    "no_stamp": _("Chữ ký chưa có dấu thời gian."),
    "changed_after": _("Tệp bị sửa sau khi ký."),
    "appended": _("Có nội dung thêm vào sau chữ ký cuối cùng."),
    "not_covered": _("Chữ ký không bao trùm cả bản đã ký."),
    "not_certified": _("Người ký chưa ký trước, hoặc ký không đúng cách."),
    "no_changes": _("Người ký khoá văn bản nên cơ quan không ký được."),
    "no_agency": _("Chưa có chữ ký số của cơ quan."),
    "not_in_register": _("Chữ ký không phải của người hoặc cơ quan ghi trên văn bản."),
    "other_field": _("Tệp có ô điền khác ngoài hai ô chữ ký."),
    "other_day": _("Ngày ký khác ngày ghi trên văn bản quá một ngày làm việc."),
    "other_text": _("Số hoặc ngày trên trang không khớp sổ."),
}


def sentences(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return (rule, sentence) of findings, each sentence once."""
    said = {(each.rule, str(SENTENCES.get(each.why, each.why))): None for each in findings}
    return list(said)


def told(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (rule, sentence) of a kept report."""
    return sentences([Finding(**each) for each in report.get("findings", [])])


def plain_case(commune: Commune) -> Case:
    """Return what a stranger's file is judged by: roots and lists."""
    roots = TrustRoot.objects.filter(commune=commune, is_trusted=True).values_list("pem", flat=True)
    lists = RevocationList.objects.filter(commune=commune).values_list("der", flat=True)
    return Case(roots=list(roots), crls=[bytes(each) for each in lists], at=clock.now())


def case_of(document: Document, commune: Commune, *, needs_agency: bool) -> Case:
    """Return what a document of ours is judged by: its own people, number and day too."""
    plain = plain_case(commune)
    people = Certificate.objects.filter(commune=commune)
    person = people.filter(kind=Certificate.Kind.PERSON, official=document.signer_id)
    agency = people.filter(kind=Certificate.Kind.AGENCY)
    return Case(
        roots=plain.roots,
        crls=plain.crls,
        at=plain.at,
        person=list(person.values_list("sha256", flat=True)),
        agency=list(agency.values_list("sha256", flat=True)),
        needs_agency=needs_agency,
        texts=_texts(document),
        dates=_days(document, commune),
    )


def _texts(document: Document) -> list[str]:
    number = [document.number.shown] if document.number else []
    dated = [shown(document.dated, "long_day")] if document.dated else []
    return number + dated


def _days(document: Document, commune: Commune) -> list[date]:
    """Return the document's day and every day up to the next working day."""
    if document.dated is None:
        return []
    tomorrow = document.dated + timedelta(days=1)
    try:
        after = working_time.calendar(commune.id).roll(tomorrow)
    except OutsideCalendar:
        after = tomorrow + timedelta(days=3)
    return [document.dated + timedelta(days=n) for n in range((after - document.dated).days + 1)]


def today() -> date:
    """Return today, as the commune has it."""
    return dates.local(clock.now()).date()
