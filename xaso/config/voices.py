"""The sentences that can be spoken, put together from what the rooms declare."""

from xaso.dossiers import voices as dossiers
from xaso.kernel.voices.sentences import Sentence
from xaso.portal import voices as portal
from xaso.reports import voices as reports

SENTENCES: tuple[Sentence, ...] = (
    *portal.SENTENCES,
    *reports.SENTENCES,
    *dossiers.SENTENCES,
)
