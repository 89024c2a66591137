"""What the room keeps: books and numbers, templates."""

from xaso.documents.models.numbering import Book, Counter, Number
from xaso.documents.models.templating import TemplateVersion

__all__ = ["Book", "Counter", "Number", "TemplateVersion"]
