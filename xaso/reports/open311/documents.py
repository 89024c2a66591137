"""One value, two documents: XML and its JSON image (the Spark convention).

The root and the names of list members exist in XML alone; a list stays a list with no or one
member; null is an empty element; booleans are `true` and `false`.
"""

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import msgspec

# The name of the members of each list.
MEMBERS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "groups": "group",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "service_request_updates": "request_update",
    "photos": "photo",
    "notes": "note",
}
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 forbids; one such character would break a whole list for every client.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = object


def written(form: str, root: str, value: Value) -> bytes:
    """Return a document as UTF-8; `form` is `xml` or `json`."""
    if form == "json":
        return msgspec.json.encode(_plain(value))
    return (_HEAD + _element(root, value)).encode()


def legal(text: str) -> str:
    """Return a text without the characters that no XML document may hold."""
    return _FORBIDDEN.sub("", text)


def _plain(value: Value) -> Value:
    """Return the value with every text fit for both documents."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return legal(str(value))


def _element(name: str, value: Value) -> str:
    inner = _inner(name, value)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _inner(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "".join(_element(key, each) for key, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        member = MEMBERS[name]
        return "".join(_element(member, each) for each in value)
    # A bare carriage return would be read back as a line feed.
    return escape(legal(str(value)), {"\r": "&#13;"})
