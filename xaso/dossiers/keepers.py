"""Papers of dossiers: who reads dossiers opens them, and the helper who photographed them.

A helper sees the papers of their own draft while the resident's agreement holds, nobody else's and
nothing afterwards. The proof of an agreement opens on its own page alone.
"""

from django.db.models import Exists, OuterRef, Q

from xaso.dossiers.models import Component, FilingConsent, OfflinePhoto, State
from xaso.kernel.attachments.keepers import Keeper
from xaso.kernel.audit.actors import Actor
from xaso.kernel.working_time import clock

PAPER = "dossiers.paper"


def _own_drafts(actor: Actor) -> Q:
    agreed = FilingConsent.objects.filter(
        commune=OuterRef("commune"),
        uuid=OuterRef("dossier__uuid"),
        consent_id=OuterRef("dossier__consent_id"),
        helper=int(actor.id),
        withdrawn_at__isnull=True,
        valid_until__gt=clock.now(),
    )
    return Q(Exists(agreed), dossier__state=State.DRAFT)


KEEPERS = (
    Keeper(Component, "attachment", "dossiers.read", purpose=PAPER),
    Keeper(Component, "attachment", "dossiers.help", _own_drafts),
    Keeper(OfflinePhoto, "attachment", "dossiers.receive", purpose=PAPER),
)
