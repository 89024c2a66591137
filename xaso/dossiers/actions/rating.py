"""Say what one thinks of how a dossier was handled, once it has a result."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.dossiers.models import Dossier, DossierRating
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.measures import actions as measures
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import clean_text, dates
from xaso.kernel.working_time import clock

RATED = "dossiers.rated"
_KEPT_OPEN_DAYS = 30


class NotDoneYet(Refusal):
    """There is no result to have an opinion of."""

    sentence = gettext_lazy("Hồ sơ chưa có kết quả nên chưa chấm được.")


class TooLate(Refusal):
    """The month in which it could be said is over."""

    sentence = gettext_lazy("Đã quá 30 ngày từ khi có kết quả nên không nhận chấm nữa.")


@dataclass(frozen=True)
class Opinion:
    """A face (2, 1, 0), some words, and where it was said."""

    score: int
    where: str
    words: str = ""


@transaction.atomic
def rate(dossier: Dossier, said: Opinion, *, by: Actor) -> DossierRating:
    """Keep an opinion; saying it again within 30 days replaces it.

    Refuses with Invalid (no such face), NotDoneYet, TooLate.
    """
    if said.score not in {0, 1, 2}:
        raise Invalid(errors={"score": [_("Bác bấm một trong ba mặt.")]})
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    end = locked.resolved_at or locked.ended_at
    if end is None:
        raise NotDoneYet
    now = clock.now()
    if (now - end).days > _KEPT_OPEN_DAYS:
        raise TooLate
    before = DossierRating.objects.filter(dossier=locked).first()
    day = dates.local(end).date()
    if before is not None:
        dims = {"score": str(before.score)}
        measures.count(RATED, commune=locked.commune_id, day=day, n=-1, dims=dims)
    row, _new = DossierRating.objects.update_or_create(
        commune_id=locked.commune_id,
        dossier=locked,
        defaults={
            "score": said.score,
            "words": clean_text(said.words)[:500],
            "where": said.where,
            "at": now,
        },
    )
    measures.count(RATED, commune=locked.commune_id, day=day, dims={"score": str(said.score)})
    changes = {"score": said.score, "where": said.where}
    audit.record("dossier.rated", locked, by=by, commune=locked.commune_id, changes=changes)
    return row
