"""Everything that changes papers of the office: numbers, templates, and the press."""

from xaso.documents.actions.certificates import (
    NewCertificate,
    end_certificate,
    keep_list,
    register_certificate,
    set_up_demo,
    trust_root,
)
from xaso.documents.actions.checking import register_device, retire_key, sign_code
from xaso.documents.actions.numbering import (
    NumberWanted,
    open_book,
    take_number,
    void_number,
)
from xaso.documents.actions.rendering import OUTPUTS, Rendered, made, render
from xaso.documents.actions.signing import (
    ask_to_seal,
    ask_to_sign,
    finish,
    judge,
    seal,
    sign,
    sign_many,
)
from xaso.documents.actions.templating import (
    discard_template,
    publish_template,
    upload_template,
)
from xaso.documents.actions.writing import (
    NewDocument,
    approve,
    freeze,
    preview,
    recall,
    replace,
    resubmit,
    send_back,
    submit_for_signature,
    void_document,
)

__all__ = [
    "OUTPUTS",
    "NewCertificate",
    "NewDocument",
    "NumberWanted",
    "Rendered",
    "approve",
    "ask_to_seal",
    "ask_to_sign",
    "discard_template",
    "end_certificate",
    "finish",
    "freeze",
    "judge",
    "keep_list",
    "made",
    "open_book",
    "preview",
    "publish_template",
    "recall",
    "register_certificate",
    "register_device",
    "render",
    "replace",
    "resubmit",
    "retire_key",
    "seal",
    "send_back",
    "set_up_demo",
    "sign",
    "sign_code",
    "sign_many",
    "submit_for_signature",
    "take_number",
    "trust_root",
    "upload_template",
    "void_document",
    "void_number",
]
