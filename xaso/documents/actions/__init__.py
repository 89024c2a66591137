"""Everything that changes papers of the office: numbers, templates, and the press."""

from xaso.documents.actions.checking import register_device, retire_key, sign_code
from xaso.documents.actions.numbering import (
    NumberWanted,
    open_book,
    take_number,
    void_number,
)
from xaso.documents.actions.rendering import OUTPUTS, Rendered, made, render
from xaso.documents.actions.templating import (
    discard_template,
    publish_template,
    upload_template,
)

__all__ = [
    "OUTPUTS",
    "NumberWanted",
    "Rendered",
    "discard_template",
    "made",
    "open_book",
    "publish_template",
    "register_device",
    "render",
    "retire_key",
    "sign_code",
    "take_number",
    "upload_template",
    "void_number",
]
