"""Work after the commit: freeze pages, sign, seal, ask again for a time stamp."""

from uuid import UUID

from xaso.documents import actions
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs.actions import task
from xaso.kernel.places.models import Commune


@task("documents.freeze")
def freeze(*, commune: str, document: str) -> None:
    """Make and freeze the page of a numbered document."""
    actions.freeze(UUID(document), commune=Commune.objects.get(pk=commune))


@task("documents.sign", queue="critical")
def sign(*, commune: str, document: str, by: str, roles: list[str]) -> None:
    """Put the person's signature on a document."""
    actions.sign(UUID(document), commune=Commune.objects.get(pk=commune), by=_who(by, roles))


@task("documents.seal", queue="critical")
def seal(*, commune: str, document: str, by: str, roles: list[str]) -> None:
    """Put the agency's signature on a document and issue it."""
    actions.seal(UUID(document), commune=Commune.objects.get(pk=commune), by=_who(by, roles))


@task("documents.finish")
def finish(*, commune: str, document: str) -> None:
    """Ask for the time stamp again."""
    actions.finish(UUID(document), commune=Commune.objects.get(pk=commune))


def _who(by: str, roles: list[str]) -> Actor:
    return Actor("official", by, "job", frozenset(roles))
