"""The corpus of attacks: each is found, by its rule, and the honest document stays valid."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
import pytest
from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xaso.documents import builtin
from xaso.documents.adapters import authority
from xaso.documents.adapters.authority import Held
from xaso.documents.rendering import filling, press
from xaso.documents.signing import court, engine
from xaso.documents.signing.judging import judged
from xaso.documents.signing.parts import AGENCY, PERSON, Case, Hand, Proof

NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=400)
NUMBER, DATED = "05/UBND-TTPVHCC", "ngày 23 tháng 11 năm 2026"


def hand(held: Held, *above: Held) -> Hand:
    def sign(data, digest):
        algorithm = getattr(hashes, digest.upper())()
        if isinstance(held.key, rsa.RSAPrivateKey):
            return held.key.sign(data, padding.PKCS1v15(), algorithm)
        return held.key.sign(data, ec.ECDSA(algorithm))

    return Hand(held.der, [each.der for each in above], sign)


def stamper(held: Held, *above: Held, at: datetime | None = None) -> DummyTimeStamper:
    registry = SimpleCertificateStore()
    registry.register_multiple(x509.Certificate.load(each.der) for each in above)
    key = keys.PrivateKeyInfo.load(pem.unarmor(held.key_pem.encode())[2])
    certificate = x509.Certificate.load(held.der)
    return DummyTimeStamper(certificate, key, certs_to_embed=registry, fixed_dt=at)


def print_of(held: Held) -> str:
    return hashlib.sha256(held.der).hexdigest()


class World:
    """An authority, a person, an agency, a time stamper, and the page with two empty fields."""

    def __init__(self) -> None:
        self.root = authority.root("Gốc thử", LONG_AGO)
        self.person = authority.leaf(self.root, "Giàng A Mẫu", LONG_AGO)
        self.agency = authority.leaf(self.root, "UBND xã Bình Lư", LONG_AGO)
        self.tsa = authority.leaf(self.root, "TSA", LONG_AGO, use="stamp", key="rsa2048")
        self.clock = stamper(self.tsa, self.root)
        sheet = builtin.sheets()["mau-04"]
        paper = filling.filled(sheet, sheet.sample)
        made = press.made(paper, output="pdf", at=NOW)
        self.plain = made.content
        self.page = engine.prepared(made.content, made.fields)
        self.signed = self.by_person()
        self.sealed = self.by_agency(self.signed)
        self.whole = self.kept(self.sealed)

    def by_person(self, held=None, page=None, at=None):
        who = hand(held or self.person, self.root)
        clock = self.clock if at is None else at
        return engine.signed(page or self.page, PERSON, who, stamper=clock)

    def by_agency(self, pdf, held=None):
        return engine.signed(pdf, AGENCY, hand(held or self.agency, self.root), stamper=self.clock)

    def kept(self, pdf):
        people = [each.der for each in (self.person, self.agency, self.tsa)]
        proof = Proof([self.root.pem], people, [self.crl()])
        return engine.kept_for_long(pdf, proof, stamper=self.clock)

    def crl(self, *revoked: Held):
        since = NOW - timedelta(days=10)
        gone = {each.certificate.serial_number: since for each in revoked}
        return authority.crl(self.root, NOW - timedelta(minutes=5), gone)

    def case(self, **facts):
        usual = {
            "roots": [self.root.pem],
            "crls": [self.crl()],
            "at": datetime.now(UTC) + timedelta(seconds=5),
            "person": [print_of(self.person)],
            "agency": [print_of(self.agency)],
            "needs_agency": True,
        }
        return Case(**usual | facts)


@cache
def world() -> World:
    return World()


def found(pdf, **facts):
    """Return the result and (rule, why) of what was found."""
    verdict = judged(pdf, world().case(**facts))
    return verdict.result, {(each.rule, each.why) for each in verdict.findings}


def test_the_honest_document_is_valid_at_every_level():
    at = world()
    assert found(at.whole) == ("valid", set())
    assert found(at.sealed) == ("valid", set())
    assert found(at.signed, needs_agency=False) == ("valid", set())
    marks = judged(at.whole, at.case()).marks
    assert [(m.holder, m.is_stamped) for m in marks] == [
        ("Giàng A Mẫu", True),
        ("UBND xã Bình Lư", True),
    ]


def test_the_other_process_says_the_same_and_reads_the_page():
    at = world()
    verdict = court.verdict(at.whole, at.case(texts=[NUMBER, DATED], dates=[NOW.date()]))
    assert {each.rule for each in verdict.findings} <= {
        "V8"
    }  # the clock of the test may be past midnight here
    other = court.verdict(at.whole, at.case(texts=["06/UBND-TTPVHCC"]))
    assert [(each.rule, each.why) for each in other.findings] == [("V9", "other_text")]


def test_a_flipped_byte():
    pdf = world().whole
    at = pdf.index(b"stream") + 40
    result, why = found(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :])
    assert result == "invalid"
    assert {rule for rule, _why in why} & {"V1"}


def test_something_after_the_end():
    assert ("V5", "appended") in found(world().whole + b"\n% more\n")[1]
    assert found(world().whole + b"%%EOF\n<script>")[0] == "invalid"


def update(pdf, change):
    """Return the PDF with an incremental update that `change(writer)` makes."""
    more = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(more)
    out = io.BytesIO()
    more.write(out)
    return out.getvalue()


def other_words(more):
    page = more.root["/Pages"]["/Kids"][0]
    text = generic.StreamObject(stream_data=b"BT /F1 30 Tf 90 500 Td (Khac) Tj ET")
    page[generic.pdf_name("/Contents")] = more.add_object(text)
    more.update_container(page)


def note_over_it(more):
    page = more.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (50, 400, 400, 500))
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject("Số khác"),
        }
    )
    page["/Annots"].append(more.add_object(note))
    more.update_container(page["/Annots"])


def hidden_layer(more):
    layer = more.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/OCG"),
                generic.pdf_name("/Name"): generic.TextStringObject("x"),
            }
        )
    )
    more.root[generic.pdf_name("/OCProperties")] = generic.DictionaryObject(
        {generic.pdf_name("/OCGs"): generic.ArrayObject([layer])}
    )
    more.update_root()


def another_page(more):
    page = writer.PageObject(
        contents=more.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 595, 842)
    )
    more.insert_page(page)


@pytest.mark.parametrize("change", [other_words, note_over_it, hidden_layer, another_page])
@pytest.mark.parametrize("when", ["signed", "sealed", "whole"])
def test_pages_changed_after_signing(change, when):
    result, why = found(update(getattr(world(), when), change))
    assert result == "invalid"
    assert {rule for rule, _why in why} & {"V4", "V5"}


def test_a_new_visible_field_after_the_person_signed():
    spec = fields.SigFieldSpec("Them", on_page=0, box=(50, 50, 200, 120))
    pdf = update(world().signed, lambda more: fields.append_signature_field(more, spec))
    assert found(pdf, needs_agency=False)[0] == "invalid"


def test_a_stranger_with_the_same_name_signs_again():
    """A certificate of a trusted authority, the same display name, another key."""
    at = world()
    twin = authority.leaf(at.root, "Giàng A Mẫu", LONG_AGO)
    result, why = found(at.by_agency(at.by_person(twin)))
    assert (result, why) == ("invalid", {("V7", "not_in_register")})


def test_a_self_signed_look_alike():
    at = world()
    false_root = authority.root("Gốc thử", LONG_AGO)
    twin = authority.leaf(false_root, "Giàng A Mẫu", LONG_AGO)
    pdf = engine.signed(at.page, PERSON, hand(twin, false_root), stamper=at.clock)
    result, why = found(pdf, needs_agency=False)
    assert result == "invalid"
    assert ("V2", "unknown_root") in why


@pytest.mark.parametrize("crl_url", ["", "http://127.0.0.1:9/crl"])
def test_a_revoked_signer_with_and_without_an_address_of_the_list(crl_url):
    at = world()
    gone = authority.leaf(at.root, "Giàng A Mẫu", LONG_AGO, crl_url=crl_url)
    pdf = at.by_agency(at.by_person(gone))
    known = [print_of(gone)]
    assert ("V3", "revoked") in found(pdf, crls=[at.crl(gone)], person=known)[1]
    assert found(pdf, person=known)[0] == "valid"  # the same file before it was revoked


def test_no_list_is_not_enough_data_never_fine():
    result, why = found(world().sealed, crls=[])
    assert result == "lacking"
    assert ("V3", "no_list") in why


def test_out_of_its_time():
    at = world()
    for begins, lasts in ((LONG_AGO, timedelta(days=30)), (NOW + timedelta(days=30), None)):
        facts = {"lasts": lasts} if lasts else {}
        held = authority.leaf(at.root, "Giàng A Mẫu", begins, **facts)
        result, why = found(at.by_person(held), person=[print_of(held)], needs_agency=False)
        assert result == "invalid"
        assert ("V2", "out_of_time") in why


def test_a_certificate_that_ended_since_is_judged_at_the_proven_time():
    at = world()
    soon = authority.leaf(at.root, "Giàng A Mẫu", LONG_AGO, lasts=timedelta(days=401))
    pdf = at.by_agency(at.by_person(soon))
    later = datetime.now(UTC) + timedelta(days=20)
    assert found(pdf, person=[print_of(soon)], at=later)[0] == "valid"


def with_pyhanko(held, **meta):
    """Sign as no honest program of ours would."""
    at = world()
    usual = {"field_name": "NguoiKy", "certify": True, "subfilter": fields.SigSeedSubFilter.PADES}
    facts = signers.PdfSignatureMetadata(**usual | meta)
    signer = signers.PdfSigner(facts, signer=engine._HeldElsewhere(hand(held, at.root)))
    out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(at.page)), existing_fields_only=True)
    return bytes(out.getbuffer())


def test_weak_digests_and_keys():
    at = world()
    small = authority.leaf(at.root, "Giàng A Mẫu", LONG_AGO, key="rsa1024")
    for pdf, why in (
        (with_pyhanko(at.person, md_algorithm="sha1"), "weak_digest"),
        (with_pyhanko(small, md_algorithm="sha256"), "weak_key"),
    ):
        result, reasons = found(
            pdf, needs_agency=False, person=[print_of(at.person), print_of(small)]
        )
        assert result == "invalid"
        assert ("V1", why) in reasons


def test_a_certificate_of_a_web_server():
    at = world()
    web = authority.leaf(at.root, "Giàng A Mẫu", LONG_AGO, use="tls")
    result, why = found(at.by_person(web), person=[print_of(web)], needs_agency=False)
    assert result == "invalid"
    assert ("V2", "purpose") in why


def test_the_order_of_the_two():
    at = world()
    agency_first = engine.signed(at.page, AGENCY, hand(at.agency, at.root), stamper=at.clock)
    assert ("V6", "not_certified") in found(agency_first)[1]
    assert ("V6", "no_agency") in found(at.signed)[1]
    closed = with_pyhanko(at.person, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    assert ("V6", "no_changes") in found(closed, needs_agency=False)[1]


def test_without_a_stamp_and_with_a_stranger_s_stamp():
    at = world()
    bare = engine.signed(at.page, PERSON, hand(at.person, at.root), stamper=None)
    assert found(bare, needs_agency=False) == ("lacking", {("V8", "no_stamp")})
    root = authority.root("Lạ", LONG_AGO)
    strange = stamper(authority.leaf(root, "TSA", LONG_AGO, use="stamp", key="rsa2048"), root)
    pdf = at.by_person(at=strange)
    assert ("V3", "stamp_not_trusted") in found(pdf, needs_agency=False)[1]
    assert found(pdf, needs_agency=False)[0] != "valid"


def test_nothing_signed_however_it_looks():
    at = world()
    assert found(at.page) == ("invalid", {("V0", "no_signature")})
    with pikepdf.open(io.BytesIO(at.plain)) as opened:
        out = io.BytesIO()
        opened.save(out)
    assert found(out.getvalue()) == ("invalid", {("V0", "no_signature")})
    assert found(b"%PDF-1.7 picture of a seal")[0] == "invalid"
    assert found(b"")[0] == "invalid"


def test_saving_a_signed_file_anew_destroys_it():
    with pikepdf.open(io.BytesIO(world().whole)) as opened:
        out = io.BytesIO()
        opened.save(out)
    assert found(out.getvalue())[0] == "invalid"


def test_a_moved_byte_range():
    """Signature wrapping: the numbers point past what was put in between."""
    pdf = world().signed
    at = pdf.rindex(b"/ByteRange")
    end = pdf.index(b"]", at)
    numbers = pdf[pdf.index(b"[", at) + 1 : end].split()
    wider = [
        numbers[0],
        numbers[1],
        str(int(numbers[2]) + 8).encode(),
        str(int(numbers[3]) - 8).encode(),
    ]
    said = b"/ByteRange [" + b" ".join(wider)
    moved = pdf[:at] + said.ljust(end - at) + pdf[end:]
    assert len(moved) == len(pdf)
    assert found(moved, needs_agency=False)[0] == "invalid"


def test_a_day_other_than_the_document_s_is_a_warning():
    tomorrow = (NOW + timedelta(days=9)).date()
    result, why = found(world().whole, dates=[tomorrow])
    assert (result, why) == ("warning", {("V8", "other_day")})


def test_a_stranger_s_file_is_judged_by_the_rules_that_hold_for_all():
    at = world()
    plain = replace(at.case(), person=[], agency=[], needs_agency=False)
    assert judged(at.whole, plain).result == "valid"
    assert judged(at.whole, replace(plain, roots=[])).result == "invalid"
