"""Look through a DOCX, XLSX, ODT or ODS for what a plain paper does not hold.

Sources: ECMA-376 (Open Packaging Conventions), OASIS OpenDocument 1.3, APPNOTE 6.3.10 (ZIP).
"""

import io
import re
import zipfile
from typing import Any
from urllib.parse import urlsplit

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from xaso.kernel.attachments.sandbox.verdict import No

ENTRIES = 10_000
RATIO = 100
_UNPACKED = 300 * 1024 * 1024  # bytes of all parts together
_PART = 60 * 1024 * 1024  # bytes of one XML part we look into
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OPEN_XML = {
    f"{_WORD}.document.main+xml": f"{_WORD}.document",
    f"{_SHEET}.sheet.main+xml": f"{_SHEET}.sheet",
}
_ODF = {
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
}
_FORBIDDEN = re.compile(
    r"vbaproject|vbadata|activex|oleobject|/embeddings/|macrosheets|externallinks|"
    r"^basic/|^scripts/|^object|\.(exe|dll|js|vbs|bat|cmd|ps1|lnk|hta|jar|zip|rar|7z|mhtml?|html?|rtf)$",
    re.IGNORECASE,
)
# Formulas that start a program or ask another one: =cmd|'/c calc'!A0, DDE(...), WEBSERVICE(...)
_FORMULA = re.compile(
    rb"<f[ >][^<]*(\|[^<]*!|\bDDE\b|WEBSERVICE|HYPERLINK\(&quot;file)", re.IGNORECASE
)
_FIELD = re.compile(rb"instr[^<]{0,80}<?[^<]*\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE)\b")
_ODF_PROGRAMS = re.compile(
    rb"<office:scripts>\s*<(?!/)|<script:event-listener|<office:dde-source|<table:dde-link|"
    rb"of:=DDE\(|of:=WEBSERVICE\(|<draw:(object-ole|applet|plugin)",
    re.IGNORECASE,
)
_ODF_OUTSIDE = re.compile(
    rb"<(draw|office|form|text:section-source|table:table-source|style)[^<>]*"
    rb"xlink:href=\"(?:[a-z][a-z0-9+.-]*:|//|\.\./|/)",
    re.IGNORECASE,
)
_LINKS = {"http", "https", "mailto", "tel"}


def inspected(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return `media_type` of an office document that is only a document.

    Refuses with `dangerous_document`, `locked_file`, `wrong_type`, `broken_file`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _refuse_bombs(package, len(data))
        names = {info.filename for info in package.infolist()}
        if "[Content_Types].xml" in names:
            return {"media_type": _open_xml(package, names)}, []
        if "mimetype" in names:
            return {"media_type": _open_document(package, names)}, []
    raise No("wrong_type")


def _refuse_bombs(package: zipfile.ZipFile, size: int) -> None:
    """Refuse what would unpack to too much, overlaps, or has names that lead elsewhere."""
    infos = package.infolist()
    if len(infos) > ENTRIES or len({i.filename for i in infos}) != len(infos):
        raise No("dangerous_document")
    total, end = 0, 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.flag_bits & 1:
            raise No("locked_file")
        if info.header_offset < end or _leads_elsewhere(info):
            raise No("dangerous_document")
        end = info.header_offset + 30 + info.compress_size
        total += info.file_size
    if total > min(max(size, 1) * RATIO, _UNPACKED):
        raise No("dangerous_document")


def _leads_elsewhere(info: zipfile.ZipInfo) -> bool:
    name = info.orig_filename
    is_link = info.external_attr >> 16 & 0o170000 == 0o120000
    parts = name.replace("\\", "/").split("/")
    return is_link or "\0" in name or name.startswith(("/", "\\")) or ".." in parts or ":" in name


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """Return one part, never more than it claims nor than we look into."""
    size = package.getinfo(name).file_size
    if size > _PART:
        raise No("dangerous_document")
    with package.open(name) as file:
        body = file.read(size + 1)
    if len(body) > size:
        raise No("dangerous_document")
    return body


def _parsed(body: bytes) -> Any:  # noqa: ANN401  (an element tree)
    try:
        return fromstring(body)
    except DefusedXmlException as error:
        raise No("dangerous_document") from error
    except ParseError as error:
        raise No("broken_file") from error


def _open_xml(package: zipfile.ZipFile, names: set[str]) -> str:
    """Check a DOCX or XLSX package and return its media type."""
    types = {e.get("ContentType", "") for e in _parsed(_part(package, "[Content_Types].xml"))}
    if any("macroEnabled" in t or "vbaProject" in t for t in types):
        raise No("dangerous_document")
    if any(map(_FORBIDDEN.search, names)):
        raise No("dangerous_document")
    main = [ours for theirs, ours in _OPEN_XML.items() if theirs in types]
    if len(main) != 1:
        raise No("wrong_type")
    for name in sorted(names):
        if name.endswith(".rels"):
            _refuse_outside(package, name)
        elif name.endswith(".xml"):
            body = _part(package, name)
            _refuse_entities(body)
            if _FORMULA.search(body) or _FIELD.search(body):
                raise No("dangerous_document")
    return main[0]


def _refuse_outside(package: zipfile.ZipFile, name: str) -> None:
    """Refuse relations to other places; a link that a reader has to press is only text."""
    for relation in _parsed(_part(package, name)):
        if relation.get("TargetMode") != "External":
            continue
        is_link = relation.get("Type", "").endswith("/hyperlink")
        if not is_link or urlsplit(relation.get("Target", "")).scheme.lower() not in _LINKS:
            raise No("dangerous_document")


def _refuse_entities(body: bytes) -> None:
    """Refuse type definitions, and UTF-16 that could hide one, without parsing the whole part."""
    start = body[:4096].lower()
    if b"<!doctype" in start or b"<!entity" in start or b"\0" in start:
        raise No("dangerous_document")


def _open_document(package: zipfile.ZipFile, names: set[str]) -> str:
    """Check an ODT or ODS package and return its media type."""
    media_type = _part(package, "mimetype").decode("ascii").strip()
    if media_type not in _ODF or "content.xml" not in names:
        raise No("wrong_type")
    if any(map(_FORBIDDEN.search, names)):
        raise No("dangerous_document")
    for name in sorted(n for n in names if n.endswith(".xml")):
        body = _part(package, name)
        _refuse_entities(body)
        if _ODF_PROGRAMS.search(body) or _ODF_OUTSIDE.search(body):
            raise No("dangerous_document")
    if b"manifest:encryption-data" in (
        _part(package, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    ):
        raise No("locked_file")
    _parsed(_part(package, "content.xml"))
    return media_type
