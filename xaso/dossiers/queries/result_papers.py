"""The papers of a dossier's result, as the desk and the holder of the code see them."""

from xaso.documents.models import Document
from xaso.dossiers import catalogue, guards, owing
from xaso.dossiers.actions.resulting import papers_of
from xaso.dossiers.models import Dossier, Result, State


def is_at_signing(dossier: Dossier) -> bool:
    """Return whether a result can be put before its signer now."""
    if dossier.state != State.IN_PROGRESS or dossier.is_mirror:
        return False
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    return guards.is_at_signing({"dossier": dossier, "content": content}) is None


def papers(dossier: Dossier) -> list[Document]:
    """Return the papers that were made as its result, the newest first."""
    return list(papers_of(dossier).select_related("number"))


def electronic(dossier: Dossier) -> Result | None:
    """Return the signed file a holder of the code may fetch, if there is one in force."""
    if dossier.state not in (State.RESOLVED, State.RETURNED):
        return None
    rows = dossier.results.filter(is_electronic=True, revoked_at=None, attachment__isnull=False)
    return rows.select_related("attachment").order_by("-id").first()


def waits_for_money(dossier: Dossier) -> bool:
    """Return whether a result that nobody was given yet stays closed until its fees are paid."""
    return dossier.state == State.RESOLVED and owing.owed(dossier) > 0
