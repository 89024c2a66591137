"""Which sentences can be heard, in which languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from xaso.kernel.attachments import queries as files
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence as Text
from xaso.kernel.voices import sentences
from xaso.kernel.voices.models import Clip

_KEPT_SECONDS = 60.0
_kept: dict[UUID, tuple[float, Mapping[str, Mapping[str, str]]]] = {}


@dataclass(frozen=True)
class Spoken:
    """A sentence as the administrator sees it in one language."""

    key: str
    text: str
    where: Text
    address: str  # empty when nobody spoke it yet
    is_old: bool  # the page says something else now


def clips(commune: UUID) -> Mapping[str, Mapping[str, str]]:
    """Return the paths of all clips by sentence and language, without the commune's prefix.

    A process asks the database at most once a minute: a new clip is heard that much later.
    """
    kept = _kept.get(commune)
    if kept is None or monotonic() - kept[0] > _KEPT_SECONDS:
        kept = _kept[commune] = (monotonic(), _read(commune))
    return kept[1]


def spoken(commune: Commune, lang: str) -> Sequence[Spoken]:
    """Return every sentence with its clip in a language, in the order of the pages."""
    rows = Clip.objects.filter(commune=commune, lang=lang).select_related("recording")
    there = {clip.key: clip for clip in rows}
    return [_spoken(each, there.get(each.key)) for each in sentences.known().values()]


def languages(commune: UUID) -> Sequence[tuple[str, Text]]:
    """Return the languages in which at least one sentence can be heard, Vietnamese first."""
    heard = {lang for each in clips(commune).values() for lang in each}
    return [(lang, name) for lang, name in sentences.LANGUAGES.items() if lang in heard]


def forget(commune: UUID | None = None) -> None:
    """Forget what this process keeps of one commune, or of all."""
    if commune is None:
        _kept.clear()
    else:
        _kept.pop(commune, None)


def _read(commune: UUID) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    rows = Clip.objects.filter(commune=commune).select_related("recording")
    for clip in rows:
        path = f"tep/{clip.recording.sha256}/{clip.recording.original_name}"
        found.setdefault(clip.key, {})[clip.lang] = path
    return found


def _spoken(sentence: sentences.Sentence, clip: Clip | None) -> Spoken:
    said = sentence.vietnamese
    address = files.address(clip.recording) if clip else ""
    is_old = clip is not None and clip.said != said
    return Spoken(sentence.key, said, sentence.where, address, is_old)
