"""What is wrong with a request, all of it at once, in words for the person who sent it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from xaso.kernel.refusals import Sentence


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `word` names the field or the kind for programs."""

    word: str
    sentence: Sentence
    status: int = 400


class Faulty(Exception):
    """A request that cannot be answered; it holds every fault found."""

    def __init__(self, *faults: Fault, retry_after: int = 0) -> None:
        """Keep the faults; the first one gives the HTTP status."""
        self.faults = faults
        self.retry_after = retry_after
        super().__init__(", ".join(fault.word for fault in faults))

    @property
    def status(self) -> int:
        """Return the HTTP status: 400 as soon as one fault is an ordinary one."""
        statuses = {fault.status for fault in self.faults}
        return 400 if 400 in statuses else self.faults[0].status


def documents(faults: tuple[Fault, ...]) -> list[dict[str, object]]:
    """Return the faults as the standard's `errors`."""
    return [{"code": str(f.status), "description": f"{f.word}: {f.sentence}"} for f in faults]


def unknown(word: str) -> Fault:
    """Return the fault of something that does not exist here, or may not be known of."""
    return Fault(word, _("không có mục này, hoặc chưa công khai"), 404)
