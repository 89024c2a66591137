"""The catalogue changes: drafts are edited and checked, versions published from a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.content import checks, shape
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import CentreSettings, FrozenVersion, Procedure, ProcedureVersion
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates, fold
from xaso.kernel.working_time import clock

_State = ProcedureVersion.State


class NotReady(Invalid):
    """The version has faults; `faults` lists them."""

    sentence = _("Chưa công bố được. Xin sửa các chỗ được nêu rồi công bố lại.")

    def __init__(self, faults: list[checks.Fault]) -> None:
        """Keep the faults, by part."""
        errors: dict[str, list[str]] = {}
        for each in faults:
            errors.setdefault(each.part, []).append(each.sentence)
        self.faults = faults
        super().__init__(errors=errors)


class NotADraft(Refusal):
    """A published version is never changed."""

    sentence = _("Bản đã công bố không sửa được. Xin soạn bản mới.")


class DraftChanged(Refusal):
    """Somebody else saved the draft after this page was drawn."""

    sentence = _("Có người vừa sửa bản nháp này. Bác mở lại bản mới nhất rồi sửa.")


class TooEarly(Refusal):
    """The day lies before a version that already holds, or in its past."""

    sentence = _("Bản mới phải bắt đầu sau bản đang dùng, và không sớm hơn hôm nay.")


class LeavesGap(Refusal):
    """Between the version before and this one nothing would hold."""

    sentence = _(
        "Từ %(since)s đến hết %(until)s sẽ không có bản nào, xã không nhận được hồ sơ của thủ tục"
        " này. Bác đổi ngày, hoặc đánh dấu vẫn để trống rồi công bố."
    )


class CodeTaken(Refusal):
    """The commune has a procedure with that code."""

    sentence = _("Đã có thủ tục mang mã này.")


@dataclass(frozen=True)
class NewProcedure:
    """A procedure as it is added; its first version is a draft."""

    code: str
    name: str
    field_code: str = ""
    field_name: str = ""
    is_national: bool = True
    is_public: bool = True


@transaction.atomic
def add_procedure(
    new: NewProcedure, content: Content, *, by: Actor, commune: Commune
) -> ProcedureVersion:
    """Add a procedure with a first draft. Refuses with CodeTaken, Invalid."""
    code = clean_line(new.code).upper()
    name = clean_line(new.name)[:250]
    if not code or not name:
        raise Invalid(errors={"code": [str(_("Ghi mã và tên thủ tục."))]})
    if Procedure.objects.filter(commune=commune, code=code).exists():
        raise CodeTaken
    now = clock.now()
    procedure = Procedure.objects.create(
        commune=commune,
        code=code,
        name=name,
        fold=fold(f"{code} {name} {new.field_name}")[:300],
        field_code=clean_line(new.field_code)[:20],
        field_name=clean_line(new.field_name)[:120],
        is_national=new.is_national,
        is_public=new.is_public,
        created_at=now,
    )
    return _draft(procedure, shape.write(content), by=by)


@transaction.atomic
def open_version(procedure: Procedure, *, by: Actor) -> ProcedureVersion:
    """Return the draft of a procedure, made from its newest version if there is none."""
    _lock(procedure)
    versions = ProcedureVersion.objects.filter(commune=procedure.commune_id, procedure=procedure)
    draft = versions.filter(state=_State.DRAFT).first()
    if draft is not None:
        return draft
    last = versions.order_by("-number").first()
    return _draft(procedure, last.content if last else {}, by=by)


@transaction.atomic
def save_version(
    version: ProcedureVersion, content: Mapping[str, Any], *, by: Actor, edits: int | None = None
) -> ProcedureVersion:
    """Write a draft; `edits` is what the page saw. Refuses: NotADraft, DraftChanged, Invalid."""
    current = _locked(version)
    if edits is not None and edits != current.edits:
        raise DraftChanged
    read = shape.read(dict(content))
    current.content = shape.write(read)
    current.sureness = read.identity.sureness
    current.edits += 1
    current.changed_at, current.changed_by = clock.now(), by.id
    current.save()
    _log("dossiers.version_saved", current, by=by)
    return current


@transaction.atomic
def discard_version(version: ProcedureVersion, *, by: Actor) -> None:
    """Throw a draft away."""
    current = _locked(version)
    _log("dossiers.version_discarded", current, by=by)
    current.delete()


@transaction.atomic
def publish(
    version: ProcedureVersion, valid_from: date, *, by: Actor, leaves_gap: bool = False
) -> ProcedureVersion:
    """Publish a draft from a day on; the version before it ends there.

    Refuses with NotADraft, NotReady (faults that are no warnings), TooEarly (what held in the
    past is never rewritten) and LeavesGap, unless `leaves_gap`: days to come on which the earlier
    version has ended. Dossiers that were accepted before keep their own frozen copy.
    """
    _lock(version.procedure)
    current = _locked(version)
    read = shape.read(current.content)
    found = checks.faults(read, is_national=version.procedure.is_national)
    if wrong := [each for each in found if not each.is_warning]:
        raise NotReady(wrong)
    if not leaves_gap:
        _refuse_gap(current, valid_from)
    _end_earlier(current, valid_from)
    current.frozen = freeze(current.commune_id, current.content)
    current.state, current.valid_from = _State.PUBLISHED, valid_from
    current.published_at, current.published_by = clock.now(), by.id
    current.save()
    _stamp(current.commune_id)
    _log("dossiers.version_published", current, by=by)
    return current


@transaction.atomic
def retire(version: ProcedureVersion, on: date, *, by: Actor) -> ProcedureVersion:
    """End a published version on a day: from then on nothing new is accepted under it."""
    current = ProcedureVersion.objects.select_for_update().get(pk=version.pk)
    if current.state != _State.PUBLISHED or current.valid_from is None:
        raise NotADraft(_("Chỉ ngừng được bản đang công bố."))
    if on <= current.valid_from or on < _today():
        raise TooEarly(_("Ngày ngừng phải sau ngày bắt đầu, và không sớm hơn hôm nay."))
    current.valid_to, current.state = on, _State.RETIRED
    current.save(update_fields=["valid_to", "state"])
    _stamp(current.commune_id)
    _log("dossiers.version_retired", current, by=by)
    return current


@transaction.atomic
def import_version(raw: Mapping[str, Any], *, by: Actor, commune: Commune) -> ProcedureVersion:
    """Take a version from JSON (`export_version`): the procedure's draft becomes what it says."""
    head = raw.get("procedure") if raw.get("format") == shape.FORMAT else None
    if not isinstance(head, Mapping) or not isinstance(raw.get("version"), Mapping):
        raise Invalid(_("Tệp này không phải thủ tục xuất từ Xã Số."))
    content = shape.read(raw["version"])
    code = clean_line(str(head.get("code", ""))).upper()
    known = Procedure.objects.filter(commune=commune, code=code).first()
    if known is None:
        new = NewProcedure(
            code,
            str(head.get("name", "")),
            str(head.get("field_code", "")),
            str(head.get("field_name", "")),
            is_national=bool(head.get("is_national", True)),
        )
        return add_procedure(new, content, by=by, commune=commune)
    draft = open_version(known, by=by)
    return save_version(draft, shape.write(content), by=by)


def export_version(version: ProcedureVersion) -> dict[str, Any]:
    """Return a version as JSON that `import_version` takes."""
    procedure = version.procedure
    return {
        "format": shape.FORMAT,
        "procedure": {
            "code": procedure.code,
            "name": procedure.name,
            "field_code": procedure.field_code,
            "field_name": procedure.field_name,
            "is_national": procedure.is_national,
        },
        "number": version.number,
        "version": version.content,
    }


def freeze(commune: UUID, content: Mapping[str, Any]) -> FrozenVersion:
    """Return the frozen copy of a content; the same words are kept once."""
    sha256 = shape.digest(content)
    known = FrozenVersion.objects.filter(commune=commune, sha256=sha256).first()
    return known or FrozenVersion.objects.create(
        commune_id=commune, sha256=sha256, content=content, created_at=clock.now()
    )


def _draft(procedure: Procedure, content: Mapping[str, Any], *, by: Actor) -> ProcedureVersion:
    now = clock.now()
    last = procedure.versions.order_by("-number").values_list("number", flat=True).first() or 0
    read = shape.read(content)
    draft = ProcedureVersion.objects.create(
        commune_id=procedure.commune_id,
        procedure=procedure,
        number=last + 1,
        content=shape.write(read),
        sureness=read.identity.sureness,
        created_at=now,
        changed_at=now,
        changed_by=by.id,
    )
    _log("dossiers.version_opened", draft, by=by)
    return draft


def _end_earlier(current: ProcedureVersion, valid_from: date) -> None:
    """End the version that holds on the day; refuse to touch days that are over."""
    rows = ProcedureVersion.objects.filter(
        commune=current.commune_id, procedure=current.procedure_id
    ).exclude(state=_State.DRAFT)
    if rows.filter(valid_from__gte=valid_from).exists():
        raise TooEarly
    holds = rows.filter(valid_to__isnull=True) | rows.filter(valid_to__gt=valid_from)
    for each in holds:
        if valid_from < _today():
            raise TooEarly
        each.valid_to = valid_from
        each.save(update_fields=["valid_to"])


def _refuse_gap(current: ProcedureVersion, valid_from: date) -> None:
    """Refuse days to come without a version, once the procedure has had one."""
    rows = ProcedureVersion.objects.filter(
        commune=current.commune_id, procedure=current.procedure_id
    ).exclude(state=_State.DRAFT)
    ends = list(rows.values_list("valid_to", flat=True))
    if not ends or None in ends:
        return
    since = max(*(day for day in ends if day), _today())
    if since < valid_from:
        last = valid_from - timedelta(days=1)
        raise LeavesGap(since=f"{since:%d/%m/%Y}", until=f"{last:%d/%m/%Y}")


def _locked(version: ProcedureVersion) -> ProcedureVersion:
    rows = ProcedureVersion.objects.select_for_update(of=("self",)).select_related("procedure")
    found = rows.filter(pk=version.pk, commune=version.commune_id).first()
    if found is None:
        raise NotFound
    if found.state != _State.DRAFT:
        raise NotADraft
    return found


def _lock(procedure: Procedure) -> None:
    Procedure.objects.select_for_update().get(pk=procedure.pk)


def _stamp(commune: UUID) -> None:
    """Let caches of the catalogue know that something changed."""
    row, made = CentreSettings.objects.get_or_create(
        commune_id=commune, defaults={"stamp": uuid4()}
    )
    if not made:
        row.stamp = uuid4()
        row.save(update_fields=["stamp"])


def _today() -> date:
    return dates.local(clock.now()).date()


def _log(action: str, version: ProcedureVersion, *, by: Actor) -> None:
    audit.record(
        action,
        version,
        by=by,
        commune=version.commune_id,
        changes={
            "procedure": version.procedure_id,
            "number": version.number,
            "state": str(version.state),
            "sha256": shape.digest(version.content),
        },
    )
