"""Our own verdict on a signed PDF: rules V1 to V9, never a library's "valid".

Libraries say "valid" of a revoked signer whose certificate names no list, of a replaced page, of an
agency that signed first. Every rule here answers by itself, with its name; the worst one decides.
Revocation is always asked for (`require`): no list means "not enough data", not "fine".
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from xaso.documents.signing.engine import from_pem
from xaso.documents.signing.parts import (
    AGENCY,
    INVALID,
    LACKING,
    NAMES,
    PERSON,
    VALID,
    WARNING,
    Case,
    Finding,
    Mark,
    Verdict,
)

_ORDER = (INVALID, LACKING, WARNING)
_DIGESTS = {"sha256", "sha384", "sha512"}
_RSA_BITS = 2048
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}
_MOST_SIGNATURES = 20
# Document signing (RFC 9336), Microsoft, Adobe, e-mail, any.
_PURPOSES = {
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.4.1.311.10.3.12",
    "1.2.840.113583.1.1.5",
    "1.3.6.1.5.5.7.3.4",
    "2.5.29.37.0",
}
_GONE = {
    AdESFailure.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE,
    AdESIndeterminate.REVOKED_CA_NO_POE,
}
_OUT_OF_TIME = {
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
    AdESFailure.NOT_YET_VALID,
}


def judged(pdf: bytes, case: Case) -> Verdict:
    """Return the verdict on a PDF. Never raises: what cannot be read is invalid."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = list(reader.embedded_regular_signatures)
        stamps = list(reader.embedded_timestamp_signatures)
    except Exception as error:  # noqa: BLE001  (files of strangers; the reason is kept)
        return Verdict(INVALID, (Finding("V1", INVALID, "unreadable", type(error).__name__),))
    if not found:
        return Verdict(INVALID, (Finding("V0", INVALID, "no_signature"),))
    if len(found) + len(stamps) > _MOST_SIGNATURES:
        return Verdict(INVALID, (Finding("V1", INVALID, "too_many"),))
    court = _Court(pdf, reader, case, found, stamps)
    try:
        findings = tuple(court.findings())
    except Exception as error:  # noqa: BLE001
        return Verdict(INVALID, (Finding("V1", INVALID, "unreadable", type(error).__name__),))
    levels = {each.level for each in findings}
    worst = next((level for level in _ORDER if level in levels), VALID)
    return Verdict(worst, findings, tuple(court.marks))


class _Court:
    """One file before the rules."""

    def __init__(
        self,
        pdf: bytes,
        reader: PdfFileReader,
        case: Case,
        found: list[EmbeddedPdfSignature],
        stamps: list[EmbeddedPdfSignature],
    ) -> None:
        self.pdf, self.reader, self.case, self.found, self.stamps = pdf, reader, case, found, stamps
        self.roots = [from_pem(each) for each in case.roots]
        self.marks: list[Mark] = []
        self.is_ours = bool(case.person or case.agency)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong, rule by rule."""
        stamped_at = self._document_stamp()
        yield from self._end_of_file()
        for at, signature in enumerate(self.found):
            yield from self._signature(signature, stamped_at, is_last=at == len(self.found) - 1)
        if self.is_ours:
            yield from self._order()
            yield from self._people()
            yield from self._fields()
        yield from self._day()
        yield from self._texts()

    def _context(self, moment: datetime, mode: str = "require") -> ValidationContext:
        return ValidationContext(
            trust_roots=self.roots,
            crls=list(self.case.crls) if mode == "require" else [],
            revocation_mode=mode,
            allow_fetching=False,
            moment=moment,
            retroactive_revinfo=True,
        )

    def _document_stamp(self) -> datetime | None:
        """Return the earliest moment a trusted document time stamp proves."""
        proven = []
        for stamp in self.stamps:
            status = validate_pdf_timestamp(stamp, self._context(self.case.at))
            if status.intact and status.valid and status.trusted:
                proven.append(status.timestamp)
        return min(proven, default=None)

    def _signature(
        self, signature: EmbeddedPdfSignature, stamped_at: datetime | None, *, is_last: bool
    ) -> Iterator[Finding]:
        name = signature.field_name
        certificate = signature.signer_cert
        if weak := _weakness(signature):
            yield Finding("V1", INVALID, weak, name)
            self._note(signature, None, is_stamped=False)
            return
        status = self._status(signature, self.case.at)
        if status is None:
            yield Finding("V1", INVALID, "unreadable", name)
            return
        stamp = status.timestamp_validity
        is_stamped = bool(stamp and stamp.intact and stamp.valid and stamp.trusted)
        moment = stamp.timestamp if is_stamped and stamp else stamped_at
        self._note(signature, moment, is_stamped=is_stamped)
        if not (status.intact and status.valid):
            yield Finding("V1", INVALID, "digest", name)
        if stamp is not None and not is_stamped:
            yield Finding("V3", LACKING, "stamp_not_trusted", name)
        if moment is None:
            yield Finding("V8", LACKING, "no_stamp", name)
        yield from self._trust(signature, certificate, moment or self.case.at)
        yield from self._changes(signature, status, is_last=is_last)

    def _status(self, signature: EmbeddedPdfSignature, moment: datetime) -> Any:  # noqa: ANN401
        usage = KeyUsageConstraints(key_usage=set(), extd_key_usage=None)
        try:
            return validate_pdf_signature(
                signature,
                self._context(moment),
                self._context(self.case.at),
                key_usage_settings=usage,
            )
        except Exception:  # noqa: BLE001  (a file of strangers: not readable is not valid)
            return None

    def _trust(
        self, signature: EmbeddedPdfSignature, certificate: x509.Certificate, moment: datetime
    ) -> Iterator[Finding]:
        """V2 and V3 at the proven moment: purpose, chain, lists."""
        name = signature.field_name
        if not _fits(certificate):
            yield Finding("V2", INVALID, "purpose", name)
        status = self._status(signature, moment)
        if status is None or status.trusted:
            return
        problem = status.trust_problem_indic
        if status.revoked or problem in _GONE:
            yield Finding("V3", INVALID, "revoked", name)
        elif problem in _OUT_OF_TIME or not _is_in_time(certificate, moment):
            yield Finding("V2", INVALID, "out_of_time", name)
        elif self._has_chain(signature, moment):
            yield Finding("V3", LACKING, "no_list", name)
        else:
            yield Finding("V2", INVALID, "unknown_root", name)

    def _has_chain(self, signature: EmbeddedPdfSignature, moment: datetime) -> bool:
        """Return whether the chain alone, lists aside, leads to a trusted root."""
        usage = KeyUsageConstraints(key_usage=set(), extd_key_usage=None)
        context = self._context(moment, "soft-fail")
        try:
            status = validate_pdf_signature(
                signature, context, context, key_usage_settings=usage, skip_diff=True
            )
        except Exception:  # noqa: BLE001
            return False
        return bool(status.trusted)

    def _changes(
        self,
        signature: EmbeddedPdfSignature,
        status: Any,  # noqa: ANN401
        *,
        is_last: bool,
    ) -> Iterator[Finding]:
        """V4 and V5: what was added after this signature."""
        name = signature.field_name
        if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            yield Finding("V5", INVALID, "not_covered", name)
            return
        level = status.modification_level
        most = ModificationLevel.LTA_UPDATES if is_last else ModificationLevel.FORM_FILLING
        if level is None or level > most or status.docmdp_ok is False:
            yield Finding("V4", INVALID, "changed_after", name)

    def _end_of_file(self) -> Iterator[Finding]:
        last = self.reader.embedded_signatures[-1]
        last.compute_integrity_info()
        covered = last.evaluate_signature_coverage()
        tail = self.pdf.rpartition(b"%%EOF")[2]
        if covered < SignatureCoverageLevel.ENTIRE_FILE or tail.strip(b"\r\n\x00 "):
            yield Finding("V5", INVALID, "appended", last.field_name)

    def _order(self) -> Iterator[Finding]:
        """V6: the person certifies first and allows filling, the agency follows."""
        names = [each.field_name for each in self.found]
        first = self.found[0]
        if names[0] != NAMES[PERSON] or first.docmdp_level is None:
            yield Finding("V6", INVALID, "not_certified", names[0])
        elif first.docmdp_level == MDPPerm.NO_CHANGES:
            yield Finding("V6", INVALID, "no_changes", names[0])
        if self.case.needs_agency and NAMES[AGENCY] not in names[1:]:
            yield Finding("V6", INVALID, "no_agency")

    def _people(self) -> Iterator[Finding]:
        """V7: certificates of the register, never names that a certificate gives itself."""
        wanted = {NAMES[PERSON]: self.case.person, NAMES[AGENCY]: self.case.agency}
        for mark in self.marks:
            allowed = wanted.get(mark.field)
            if allowed is None or mark.fingerprint not in allowed:
                yield Finding("V7", INVALID, "not_in_register", mark.field)

    def _fields(self) -> Iterator[Finding]:
        """V4: a paper of ours has our two fields and none to fill in."""
        fields = self.reader.root["/AcroForm"]["/Fields"]
        for at in range(len(fields)):
            given = fields[at]  # follows references, an iterator does not
            if given.get("/FT") != "/Sig":
                yield Finding("V4", INVALID, "other_field", str(given.get("/T", "")))

    def _day(self) -> Iterator[Finding]:
        """V8: the proven day is the document's, or the next working day at the latest."""
        for mark in self.marks:
            if mark.at and self.case.dates and _local_day(mark.at) not in self.case.dates:
                yield Finding("V8", WARNING, "other_day", mark.field)

    def _texts(self) -> Iterator[Finding]:
        """V9: number and date on the page are those of the register."""
        page = " ".join(self.case.page_text.split())
        for text in self.case.texts:
            if " ".join(text.split()) not in page:
                yield Finding("V9", INVALID, "other_text", text)

    def _note(
        self, signature: EmbeddedPdfSignature, moment: datetime | None, *, is_stamped: bool
    ) -> None:
        certificate = signature.signer_cert
        common = certificate.subject.native.get("common_name", "")
        self.marks.append(
            Mark(
                signature.field_name,
                str(common)[:120],
                certificate.sha256.hex(),
                moment.isoformat(timespec="seconds") if moment else "",
                is_stamped,
            )
        )


def _weakness(signature: EmbeddedPdfSignature) -> str:
    """V1: digest and key are strong enough."""
    info = signature.signer_info
    digests = {
        info["digest_algorithm"]["algorithm"].native,
        _signed_digest(info["signature_algorithm"]),
    }
    if digests - _DIGESTS - {""}:
        return "weak_digest"
    key = signature.signer_cert.public_key
    if key.algorithm == "rsa":
        return "" if key.bit_size >= _RSA_BITS else "weak_key"
    if key.algorithm == "ec":
        return "" if key.curve[1] in _CURVES else "weak_key"
    return "weak_key"


def _signed_digest(algorithm: Any) -> str:  # noqa: ANN401
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return ""


def _fits(certificate: x509.Certificate) -> bool:
    """V2: the certificate is for signing documents."""
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        return False
    purposes = certificate.extended_key_usage_value
    return purposes is None or any(each.dotted in _PURPOSES for each in purposes)


def _is_in_time(certificate: x509.Certificate, moment: datetime) -> bool:
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def _local_day(at: str) -> date:
    from xaso.kernel.text.dates import ZONE  # noqa: PLC0415

    return datetime.fromisoformat(at).astimezone(ZONE).date()
