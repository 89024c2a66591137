"""Somebody fetches a result with a paper of authority: who, by which paper, under which rule."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from xaso.dossiers import authority
from xaso.dossiers.actions.drawing import WRONG_ID, id_of
from xaso.dossiers.blinds import NUMBER
from xaso.dossiers.given import Authority
from xaso.dossiers.models import (
    AuthorityRule,
    Certifying,
    Dossier,
    Procedure,
    Relation,
    ResultReceiver,
    Sureness,
)
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock


@dataclass(frozen=True)
class NewAuthorityRule:
    """What the paper must be for a procedure, for a field, or ("" and "") for all others."""

    procedure: str
    field: str
    certifying: str
    near: tuple[str, ...]
    valid_from: date
    sureness: str
    source: str


@transaction.atomic
def set_authority(commune: Commune, new: NewAuthorityRule, *, by: Actor) -> AuthorityRule:
    """Let a rule hold from a day on; refuses with Invalid, errors by field."""
    if errors := _wrong_rule(commune, new):
        raise Invalid(errors=errors)
    is_some = new.certifying == Certifying.UNLESS_NEAR
    values = {
        "certifying": new.certifying,
        "near": sorted(set(new.near)) if is_some else [],
        "sureness": new.sureness,
        "source": clean_line(new.source)[:300],
        "set_by": by.id[:64],
        "set_at": clock.now(),
    }
    row, _new = AuthorityRule.objects.update_or_create(
        commune=commune, procedure=new.procedure, field=new.field, valid_from=new.valid_from,
        defaults=values,
    )  # fmt: skip
    said = {"procedure": new.procedure, "field": new.field, "certifying": new.certifying}
    audit.record("dossiers.authority_set", row, by=by, commune=commune.id, changes=said)
    return row


def check(dossier: Dossier, brought: Authority) -> str:
    """Return why the paper does not allow it; nothing when it does.

    Refuses with Invalid, errors by field, for what is not filled in or cannot be.
    """
    errors: dict[str, list[str]] = {}
    if len(clean_line(brought.name)) < 2:
        errors["name"] = [_("Bác ghi họ tên người đến nhận.")]
    number = id_of(brought.id_number)
    if not number:
        errors["id_number"] = [str(WRONG_ID)]
    elif number == dossier.id_number:
        errors["id_number"] = [_("Đây là số của chính người nộp. Bác chọn “Chính người nộp”.")]
    if brought.relation not in Relation.values:
        errors["relation"] = [_("Bác chọn người đến nhận là gì của người nộp.")]
    if brought.authorised_on is None:
        errors["authorised_on"] = [_("Bác ghi ngày viết trên giấy ủy quyền.")]
    if brought.evidence is None:
        errors["evidence"] = [_("Bác chụp giấy ủy quyền.")]
    if errors or brought.authorised_on is None:
        raise Invalid(errors=errors)
    paper = authority.Paper(
        brought.relation, brought.is_certified, brought.authorised_on, brought.valid_until
    )
    return authority.problem(dossier, paper, authority.today())


def row(dossier: Dossier, brought: Authority, by: Actor) -> ResultReceiver:
    """Return the row of who received it, not saved yet; `check` has passed."""
    number, day = id_of(brought.id_number), authority.today()
    return ResultReceiver(
        commune_id=dossier.commune_id,
        dossier=dossier,
        name=clean_line(brought.name)[:150],
        id_number=number,
        id_index=blind(number, context=NUMBER),
        relation=brought.relation,
        is_certified=brought.is_certified,
        authorised_on=brought.authorised_on or day,
        valid_until=brought.valid_until,
        evidence=brought.evidence,
        rule=authority.rule_for(dossier.procedure, day).source,
        given_by=by.id[:64],
        given_at=clock.now(),
    )


def _wrong_rule(commune: Commune, new: NewAuthorityRule) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    known = Procedure.objects.filter(commune=commune)
    if new.procedure and not known.filter(code=new.procedure).exists():
        errors["procedure"] = [_("Không có thủ tục này.")]
    if new.field and not known.filter(field_code=new.field).exists():
        errors["field"] = [_("Không có lĩnh vực này.")]
    if new.procedure and new.field:
        errors["field"] = [_("Chọn một thủ tục hoặc một lĩnh vực, không chọn cả hai.")]
    if new.certifying not in Certifying.values:
        errors["certifying"] = [_("Bác chọn giấy có phải chứng thực không.")]
    if set(new.near) - set(Relation.values) or (
        new.certifying == Certifying.UNLESS_NEAR and not new.near
    ):
        errors["near"] = [_("Bác chọn những người không phải chứng thực.")]
    if new.sureness not in Sureness.values:
        errors["sureness"] = [_("Bác chọn mức chắc chắn.")]
    if not new.source.strip():
        errors["source"] = [_("Bác ghi văn bản, điều, khoản.")]
    return errors
