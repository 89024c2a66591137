"""One act on many dossiers: each under its own lock and checks, each recorded by itself.

What one dossier refuses takes nothing from the others. A batch sent twice is done once: the key of
each step comes from the batch and the dossier.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from xaso.dossiers.actions.steps import Seen
from xaso.dossiers.models import Dossier
from xaso.kernel.refusals import Refusal

MOST = 100
Act = Callable[[Dossier, Seen], object]


@dataclass(frozen=True)
class Happened:
    """What became of one dossier: done, or why not."""

    dossier: Dossier
    why_not: str = ""

    @property
    def is_done(self) -> bool:
        """Return whether the step was taken."""
        return not self.why_not


def together(chosen: Iterable[tuple[Dossier, int]], batch: UUID, act: Act) -> list[Happened]:
    """Take one step for each dossier, seen in a version; at most a hundred, in their order."""
    return [_one(dossier, version, batch, act) for dossier, version in list(chosen)[:MOST]]


def _one(dossier: Dossier, version: int, batch: UUID, act: Act) -> Happened:
    try:
        act(dossier, Seen(version, uuid5(batch, str(dossier.uuid))))
    except Refusal as refusal:
        sentences = [str(text) for each in _errors(refusal).values() for text in each]
        return Happened(dossier, " ".join(sentences) or str(refusal.sentence))
    return Happened(dossier)


def _errors(refusal: Refusal) -> dict[str, list[str]]:
    return getattr(refusal, "errors", None) or {}
