"""A new dossier as it will be stored: nothing here writes."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xaso.dossiers import slips
from xaso.dossiers.blinds import NUMBER, PHONE, TAIL
from xaso.dossiers.catalogue import Held
from xaso.dossiers.content import answers
from xaso.dossiers.content.shape import Content
from xaso.dossiers.given import Applicant, Fee, NewDossier, Paper
from xaso.dossiers.models import (
    ApplicantKind,
    Channel,
    Component,
    Dossier,
    DossierFee,
    Finance,
    State,
)
from xaso.dossiers.wire import content_hash
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line, clean_text, dates, fold, phone
from xaso.kernel.working_time import clock
from xaso.population import national_id
from xaso.population import queries as population

NO_NAME = _("Ghi họ tên người nộp hồ sơ.")
WRONG_PHONE = _("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")
ID_TO_COME = _("Năm sinh trong số định danh chưa tới. Bác xem lại số trên giấy giúp.")
WRONG_ID = _("Số giấy tờ chưa đúng: căn cước 12 số, chứng minh nhân dân 9 số.")


def draft(new: NewDossier, held: Held, commune: Commune, now: datetime) -> Dossier:
    """Return a draft under the version of its day. Refuses with Invalid, errors by field."""
    check(new, held.content)
    dossier = Dossier(
        commune_id=commune.id,
        uuid=new.uuid,
        content_hash=content_hash(new),
        procedure=held.procedure,
        frozen_id=held.frozen_id,
        state=State.DRAFT,
        state_since=now,
        touched_at=now,
        opened_at=now,
        channel=new.channel,
        is_offline=bool(new.offline_code),
        helper_id=new.helper_id,
        consent_id=new.consent_id,
        subject=clean_line(new.subject)[:500] or held.procedure.name,
        form={key: clean_text(str(value)) for key, value in new.form.items()},
        sets=new.sets,
        note=clean_text(new.note)[:2_000],
        slip_index=slips.index(new.slip) if new.slip else "",
    )
    put_applicant(dossier, new.applicant)
    return dossier


def fingerprint(new: NewDossier) -> str:
    """Return what tells a retry from other words."""
    return content_hash(new)


def check(new: NewDossier, content: Content) -> None:
    """Refuse with every fault at once, each beside its field."""
    errors = faults_of(new.applicant)
    if new.channel not in Channel.values:
        errors["channel"] = [str(_("Chọn cách nộp."))]
    known = {each.code for each in content.components}
    if strange := [each.code for each in new.papers if each.code not in known]:
        said = _("Thủ tục này không có giấy tờ: %(codes)s.")
        errors["papers"] = [str(said) % {"codes": ", ".join(strange)}]
    errors |= answers.faults(content, new.form)
    if errors:
        raise Invalid(errors=errors)


def faults_of(who: Applicant) -> dict[str, list[str]]:
    """Return what is wrong with what was typed about the applicant, by field."""
    errors: dict[str, list[str]] = {}
    if len(clean_line(who.name)) < 2:
        errors["name"] = [str(NO_NAME)]
    if who.kind not in ApplicantKind.values:
        errors["kind"] = [str(_("Chọn người nộp là ai."))]
    if who.phone.strip() and not number_of(who.phone):
        errors["phone"] = [str(WRONG_PHONE)]
    if who.id_number.strip() and not id_of(who.id_number):
        errors["id_number"] = [str(WRONG_ID)]
    elif "birth_year_in_future" in _reading(who.id_number).errors:
        errors["id_number"] = [str(ID_TO_COME)]
    return errors


def _reading(text: str) -> national_id.Reading:
    return national_id.read(text, today=dates.local(clock.now()).date())


def put_applicant(dossier: Dossier, who: Applicant) -> None:
    """Write the applicant into a dossier that is not saved yet; no phone: the slip opens it."""
    number, papers = number_of(who.phone), id_of(who.id_number)
    dossier.applicant = clean_line(who.name)[:150]
    dossier.applicant_kind = who.kind
    dossier.fold = fold(dossier.applicant)[:160]
    dossier.person = population.resolve_person(who.person).pk if who.person else None
    dossier.id_number = papers
    dossier.id_index = blind(papers, context=NUMBER) if papers else ""
    dossier.phone = number
    dossier.phone_index = blind(number, context=PHONE) if number else ""
    dossier.phone_tail_index = blind(number[-4:], context=TAIL) if number else ""
    if not number and not dossier.slip_index:
        dossier.slip_index = slips.index(slips.made(dossier.uuid))
    dossier.email = who.email.strip()[:200]
    dossier.address = clean_line(who.address)[:300]
    dossier.village_id = who.village_id


def number_of(text: str) -> str:
    """Return a phone number as it is stored, or nothing for what cannot be one."""
    try:
        return phone.normalise(text) if text.strip() else ""
    except ValueError:
        return ""


def id_of(text: str) -> str:
    """Return the digits of an identity paper (12, or 9 of the old one), else nothing."""
    bare = national_id.normalised(text)
    is_number = bare.isascii() and bare.isdigit() and len(bare) in {9, 12}
    return bare if is_number and set(bare) != {"0"} else ""


def components(
    dossier: Dossier, content: Content, papers: Sequence[Paper], by: str, now: datetime
) -> list[Component]:
    """Return a row for every paper of the version's list, with what was given for it."""
    given = {each.code: each for each in papers}
    return [
        component(
            dossier,
            given.get(rule.code, Paper(rule.code, source="")),
            by,
            now,
            name=rule.name,
            order=order,
            is_mandatory=rule.is_mandatory and not rule.condition,
        )
        for order, rule in enumerate(content.components)
    ]


def component(dossier: Dossier, paper: Paper, by: str, now: datetime, **facts: object) -> Component:
    """Return the row of one paper, not saved yet."""
    has_file = bool(paper.attachment or paper.sha256)
    return Component(
        commune_id=dossier.commune_id,
        dossier=dossier if dossier.pk else None,
        code=paper.code,
        originals=paper.originals,
        copies=paper.copies,
        attachment=paper.attachment,
        file_name=clean_line(paper.file_name)[:200],
        sha256=paper.attachment.sha256 if paper.attachment else paper.sha256,
        source=paper.source,
        scanned_by=by if paper.source == "scan" else "",
        is_digitised=has_file and paper.source in {"scan", "upload"},
        is_reused=paper.source == "reused",
        is_from_storage=paper.source in {"storage", "database"},
        reused_from_id=paper.reused_from,
        will_bring=paper.will_bring and not has_file,
        waived=clean_line(paper.waived)[:300],
        added_at=now,
        **facts,
    )


def fees(dossier: Dossier, lines: Sequence[Fee], now: datetime) -> list[DossierFee]:
    """Return the rows of decided money, and set how the money stands."""
    total = sum(each.amount for each in lines)
    full = sum(each.full_amount for each in lines)
    if total:
        is_now = any(each.amount and each.collect_at == 1 for each in lines)
        dossier.finance = Finance.DUE if is_now else Finance.NOT_DUE
    else:
        dossier.finance = Finance.EXEMPT if full else Finance.FREE
    return [
        DossierFee(
            commune_id=dossier.commune_id,
            dossier=dossier if dossier.pk else None,
            code=each.code,
            name=each.name,
            kind=each.kind,
            quantity=each.quantity,
            full_amount=each.full_amount,
            amount=each.amount,
            collect_at=each.collect_at,
            exemption=each.exemption,
            document_no=each.document_no,
            created_at=now,
        )
        for each in lines
    ]
