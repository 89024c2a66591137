"""Photographed papers as a page shows them."""

from collections.abc import Iterable

from xaso.dossiers.models import Component
from xaso.kernel.attachments import queries as files
from xaso.kernel.attachments.models import Kind
from xaso.kernel.attachments.queries import Picture


def of(rows: Iterable[Component]) -> list[tuple[Picture | None, str]]:
    """Return a small picture (None for a document) and the full address of each kept file.

    The rows must have been read with their `attachment`: no statement is made here. The address
    is empty while a photo is not developed.
    """
    found: list[tuple[Picture | None, str]] = []
    for each in rows:
        if each.attachment is None:
            continue
        if each.attachment.kind == Kind.PHOTO:
            full = files.picture(each.attachment, each.name).full
            found.append((files.picture(each.attachment, each.name, step=160), full))
        else:
            found.append((None, files.address(each.attachment)))
    return found
