"""What programs write, however strange: a value, or a fault with a name and a sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from xaso.reports.models import CategoryQuestion
from xaso.reports.open311 import asking, attributes, documents, forms, moments
from xaso.reports.open311.faults import Faulty


def _moments(first: int, last: int) -> st.SearchStrategy[datetime]:
    whole = st.datetimes(datetime(first, 1, 1), datetime(last, 1, 1))  # noqa: DTZ001  (zone below)
    return whole.map(lambda there: there.replace(tzinfo=UTC))


NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WORDS = st.text(max_size=40)
NAMES = st.sampled_from(
    ["status", "start_date", "end_date", "page", "page_size", "service_code", "updated_after"]
)
FIELDS = st.one_of(
    st.sampled_from(
        ["lat", "long", "description", "service_code", "email", "media_url", "update_id"]
    ),
    st.from_regex(r"attribute\[[A-Z\]\[]{0,6}\](\[\])?", fullmatch=True),
    WORDS,
)


def _tried(read):
    """Return what a reader gives, or its refusal."""
    try:
        return read()
    except Faulty as error:
        return error


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T14:00:00+07:00", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T07:00:00Z", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T07:00:00.987Z", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T14:00+07:00", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T14:00:00 07:00", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T00:30:00-06:30", "2026-11-23T07:00:00+00:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert moments.read("start_date", text).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23", "2026-11-23T14:00:00", "2026-11-23 14:00:00+07:00", "23/11/2026", "",
        "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T14:00:60Z",
        "2026-11-23T14:00:00+99:00", "2026-11-23T14:00:00+07:60", "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59-07:00", "२०२६-11-23T14:00:00Z", "2026-11-23T14:00:00Z\n2026",
    ],
)  # fmt: skip
def test_no_moments(text: str) -> None:
    with pytest.raises(Faulty) as refused:
        moments.read("start_date", text)
    assert refused.value.faults[0].word == "start_date"


@given(WORDS)
def test_whatever_is_written_is_a_moment_or_a_fault(text: str) -> None:
    found = _tried(lambda: moments.read("end_date", text))
    if isinstance(found, Faulty):
        assert found.status == 400
    else:
        assert found.tzinfo is UTC


@given(_moments(1980, 2199))
def test_what_we_write_we_read_again(there: datetime) -> None:
    moment = there
    written = moments.written(moment)
    assert moments.read("x", written) == moment.replace(microsecond=0)
    assert written.endswith("+07:00")
    assert "." not in written


@given(st.one_of(st.none(), _moments(2020, 2030)), st.one_of(st.none(), _moments(2020, 2030)))
def test_no_period_is_longer_than_ninety_days(start: datetime | None, end: datetime | None) -> None:
    try:
        first, last = moments.window(start, end, NOW)
    except Faulty:
        assert start
        assert end
        assert start > end or end - start > moments.LONGEST
    else:
        assert timedelta() <= last - first <= moments.LONGEST


@given(st.dictionaries(NAMES, st.one_of(WORDS, st.just("open"), st.just("2"), st.just(""))))
def test_every_filter_is_understood_or_named(params: dict[str, str]) -> None:
    wanted = _tried(lambda: asking.wanted(params, NOW))
    if isinstance(wanted, Faulty):
        assert {fault.word for fault in wanted.faults} <= {*params, "start_date", "end_date"}
        assert all(str(fault.sentence) for fault in wanted.faults)
    else:
        assert 1 <= wanted.size <= 1_000
        assert 0 <= wanted.before <= 1_000_000


@given(st.dictionaries(FIELDS, st.lists(WORDS, max_size=3), max_size=8))
def test_every_form_is_understood_or_named(form: dict[str, list[str]]) -> None:
    sent = forms.sent(form)
    assert all(fault.word and str(fault.sentence) for fault in sent.faults)
    assert (sent.lat is None) == (sent.lon is None)
    assert len(sent.text) <= 4_000 or sent.faults
    given_answers = attributes.gathered(form)
    assert all(code and values for code, values in given_answers.items())
    update = _tried(lambda: forms.update(form))
    assert getattr(update, "status", 400) == 400 or update.text


def _question(datatype: str) -> CategoryQuestion:
    choices = [{"key": "a", "name": "A"}, {"key": "b", "name": "B"}]
    return CategoryQuestion(code="Q", datatype=datatype, text="Hỏi?", choices=choices)


@pytest.mark.parametrize("datatype", CategoryQuestion.Datatype.values)
@given(values=st.lists(WORDS, max_size=3))
def test_an_answer_fits_its_question_or_is_refused(datatype: str, values: list[str]) -> None:
    said = {"Q": [v for v in values if v.strip()]}
    answers, extra, faults = attributes.checked(said, [_question(datatype)])
    assert extra == {}
    assert all(fault.word == "attribute[Q]" for fault in faults)
    if datatype.endswith("list") and "Q" in answers:
        assert set(answers["Q"].split(",")) <= {"a", "b"}


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        (
            "number",
            ["12", "-3.5", "+7", "0012"],
            ["12,5", "1e5", "nan", "Infinity", "１２", "0x1f"],
        ),
        ("datetime", ["2026-11-23T14:00:00+07:00"], ["2026-11-23", "hôm nay"]),
        ("string", ["x" * 500, "a\x00b"], ["x" * 501]),
        ("text", ["x" * 4_000], ["x" * 4_001]),
        ("singlevaluelist", ["a", "b"], ["A", "c", "a,b", "['a']"]),
    ],
)
def test_answers_by_type(datatype: str, good: list[str], bad: list[str]) -> None:
    question = _question(datatype)
    for value in good:
        assert attributes.checked({"Q": [value]}, [question])[2] == [], value
    for value in bad:
        assert len(attributes.checked({"Q": [value]}, [question])[2]) == 1, value


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=30)),
    lambda inner: st.dictionaries(st.sampled_from(["lat", "address", "status"]), inner),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(st.sampled_from(["description", "lat"]), PLAIN), max_size=4))
def test_every_value_makes_lawful_documents(rows: list[dict[str, object]]) -> None:
    root = ElementTree.fromstring(documents.written("xml", "service_requests", rows))
    assert (root.tag, len(root)) == ("service_requests", len(rows))
    documents.written("json", "service_requests", rows).decode()


@given(st.text(alphabet=st.characters(), max_size=60))
def test_words_come_back_as_they_went(text: str) -> None:
    root = ElementTree.fromstring(documents.written("xml", "discovery", {"contact": text}))
    assert (root.findtext("contact") or "") == documents.legal(text)
