"""Every bad file gets a sentence, never a crash; what is taken holds nothing of the attack."""

import io
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.kernel.attachments import actions, refusals
from xaso.kernel.attachments.formats import names, pictures, recordings
from xaso.kernel.attachments.models import Attachment, State
from xaso.kernel.attachments.sandbox import program
from xaso.kernel.attachments.tests import honest, hostile, sounds
from xaso.kernel.attachments.tests.conftest import RESIDENT, every_file
from xaso.kernel.refusals import Refusal

CORPUS = list(hostile.corpus())
DOORS = {
    "photo": actions.store_photo,
    "document": actions.store_document,
    "recording": actions.store_recording,
}


def test_the_corpus_is_large() -> None:
    assert len({bad.kind for bad in CORPUS}) >= 100


def _sent(bad: hostile.Hostile, commune) -> tuple[Attachment | None, str]:
    """Send a file through its door; return what became of it, or the sentence of the refusal."""
    try:
        file = DOORS[bad.door](bad.data, name=bad.name, commune=commune, by=RESIDENT)
        return (actions.process(file) if bad.door == "photo" else file), ""
    except Refusal as refusal:
        return None, str(refusal)


@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.kind)
def test_a_bad_file_is_refused_or_cleaned(bad, inside_binh_lu, own_files) -> None:
    file, said = _sent(bad, inside_binh_lu)
    if file is None:
        assert len(said) > 20
        assert said.endswith(".")
        assert "%(" not in said
    elif file.state == State.REFUSED:
        assert file.refusal in refusals.BY_CODE
    else:
        assert bad.may_clean, "was taken as it is"
        assert not any(honest.PAYLOAD in body for body in every_file(file))
    assert not list((own_files / "incoming").glob("*")), "left a file behind"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", honest.pdf()),
        ("a.docx", honest.docx()),
        ("a.xlsx", honest.xlsx()),
        ("a.odt", honest.odt()),
        ("a.csv", "họ tên,số điện thoại\nLò Thị Pành,+84912345678\n".encode()),
        ("a.csv", "họ tên;số\nLò;-5\n".encode("utf-16")),
    ],
)
def test_an_honest_document_is_taken(name, data, inside_binh_lu) -> None:
    file = actions.store_document(data, name=name, commune=inside_binh_lu, by=RESIDENT)
    assert file.state == State.READY


def test_a_document_with_a_web_link_is_honest(inside_binh_lu) -> None:
    rels = honest.external("hyperlink", "https://dichvucong.gov.vn")
    data = honest.docx({"word/_rels/document.xml.rels": rels})
    file = actions.store_document(data, name="a.docx", commune=inside_binh_lu, by=RESIDENT)
    assert file.state == State.READY


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.mp3", b"ID3\x04" + b"\0" * 40),
        ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 40),
        ("a.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 40),
        ("a.ogg", sounds.ogg(b"x")),
        ("a.webm", sounds.webm(b"x")),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 28),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(name, data, inside_binh_lu) -> None:
    file = actions.store_recording(data, name=name, commune=inside_binh_lu, by=RESIDENT)
    assert (file.kind, file.state) == ("audio", State.READY)


def test_a_sandbox_that_hangs_or_dies_is_a_broken_file(inside_binh_lu, monkeypatch) -> None:
    from xaso.kernel.attachments import workshop

    photo = actions.store_photo(honest.photo(), name="a.jpg", commune=inside_binh_lu, by=RESIDENT)
    monkeypatch.setattr(workshop, "_PROGRAM", "xaso.kernel.attachments.tests.bad_sandbox")
    assert actions.process(photo).refusal == "broken_file"


@pytest.mark.parametrize("crime", ["network", "program", "memory", "file", "secrets"])
def test_the_sandbox_is_shut(crime) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "xaso.kernel.attachments.tests.escape", crime],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
        timeout=30,
    )
    assert done.stdout.strip() == "shut", done.stdout + done.stderr


# --- fuzz: no parser ever raises ------------------------------------------------------------------

_SEEDS = [bad.data for bad in CORPUS if len(bad.data) < 20_000]
_FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a file of the corpus with some bytes changed, cut or doubled."""
    data = bytearray(draw(st.sampled_from(_SEEDS)))
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.integers(0, 3)):
            case 0:
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case 1:
                del data[at:]
            case 2:
                data[at:at] = data[at : at + 64]
            case _:
                data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


@_FUZZ
@given(st.one_of(damaged(), st.binary(max_size=200)))
def test_headers_never_raise(data) -> None:
    found = pictures.header(io.BytesIO(data))
    assert found is None or (found.width >= 0 and found.height >= 0)
    assert recordings.media_type(io.BytesIO(data), len(data)) in {"", *names.EXTENSIONS}


@_FUZZ
@given(damaged(), st.sampled_from(["pdf", "office", "csv"]))
def test_documents_never_raise(data, kind) -> None:
    facts, bodies = program.answer(kind, data)
    assert bodies == []
    assert facts.get("refusal", "") in {"", *refusals.BY_CODE}


@settings(_FUZZ, max_examples=60)
@given(damaged())
def test_photos_never_raise(data) -> None:
    header = pictures.header(io.BytesIO(data))
    if header and 0 < header.width * header.height <= 2_000_000:  # larger ones: the corpus
        facts, bodies = program.answer("picture", data)
        assert facts.get("refusal", "") in {"", *refusals.BY_CODE}
        assert not any(honest.PAYLOAD in body for body in bodies)


@given(st.text(max_size=300), st.sampled_from(sorted(names.EXTENSIONS)))
def test_a_name_is_always_safe(name, media_type) -> None:
    kept = names.cleaned(name, media_type)
    assert not {unicodedata.category(c) for c in kept} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") & set(kept)
    assert not set('<>:"/\\|?*\0') & set(kept)
    assert kept.rsplit(".", 1)[1] in names.EXTENSIONS[media_type]
    assert 3 <= len(kept) <= 140
    assert not kept.startswith(".")


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("CON.jpg", "_CON.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\anh\\cầu.JPEG", "cầu.jpeg"),
        ("anh\u202egnp.jpg", "anhgnp.jpg"),
        ("x" * 255 + ".jpg", "x" * 120 + ".jpg"),
        ("", "tep.jpg"),
        ("...", "tep.jpg"),
        ("ca\u0300u.jpg", "càu.jpg"),
    ],
)
def test_names_of_strangers(given_, kept) -> None:
    assert names.cleaned(given_, "image/jpeg") == kept


WHOLE = {
    "jpg": honest.photo(),
    "progressive.jpg": honest.photo(progressive=True),
    "png": honest.photo("PNG"),
    "webp": honest.photo("WEBP"),
    "heic": honest.HEIC,
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [60, 90, 99])
def test_a_photo_cut_short_is_refused_at_the_door(name, share, inside_binh_lu) -> None:
    data = WHOLE[name]
    cut = data[: len(data) * share // 100]
    with pytest.raises(refusals.BrokenFile):
        actions.store_photo(cut, name=f"a.{name}", commune=inside_binh_lu, by=RESIDENT)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_photo_is_known_without_decoding(name, inside_binh_lu, monkeypatch) -> None:
    from xaso.kernel.attachments import workshop

    monkeypatch.setattr(workshop, "_PROGRAM", "no.such.program")
    actions.store_photo(WHOLE[name], name=f"a.{name}", commune=inside_binh_lu, by=RESIDENT)


def test_what_cameras_write_after_the_end_does_no_harm(inside_binh_lu) -> None:
    data = honest.photo() + b"SEFT" + b"\xff\xd8\xff\xe1" * 20
    actions.store_photo(data, name="a.jpg", commune=inside_binh_lu, by=RESIDENT)


def test_an_odd_photo_that_opens_is_taken(inside_binh_lu) -> None:
    """The structure says cut, the decoder reads it all the same: the sandbox has the last word."""
    data = honest.photo("PNG")[:-12]
    actions.store_photo(data, name="a.png", commune=inside_binh_lu, by=RESIDENT)
