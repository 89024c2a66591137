"""What files belong to and who may open them through it, put together from what rooms declare."""

from xaso.dossiers import keepers as dossiers
from xaso.kernel.attachments.keepers import Keeper
from xaso.reports import keepers as reports

KEEPERS: tuple[Keeper, ...] = (*reports.KEEPERS, *dossiers.KEEPERS)
