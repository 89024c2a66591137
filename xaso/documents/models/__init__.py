"""What the room keeps: books and numbers, templates, keys of slips, documents, certificates."""

from xaso.documents.models.checking import CheckKey
from xaso.documents.models.documents import Document, DocumentEvent, SignatureReport, State
from xaso.documents.models.numbering import Book, Counter, Number
from xaso.documents.models.signing import Certificate, RevocationList, TrustRoot
from xaso.documents.models.templating import TemplateVersion

__all__ = [
    "Book",
    "Certificate",
    "CheckKey",
    "Counter",
    "Document",
    "DocumentEvent",
    "Number",
    "RevocationList",
    "SignatureReport",
    "State",
    "TemplateVersion",
    "TrustRoot",
]
