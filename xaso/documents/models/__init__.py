"""What the room keeps: books and numbers, templates, keys of slips."""

from xaso.documents.models.checking import CheckKey
from xaso.documents.models.numbering import Book, Counter, Number
from xaso.documents.models.templating import TemplateVersion

__all__ = ["Book", "CheckKey", "Counter", "Number", "TemplateVersion"]
