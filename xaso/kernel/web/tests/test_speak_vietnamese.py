"""Nobody meets English by accident: every error of every form field is Vietnamese."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth import password_validation
from django.core import validators
from django.forms import formsets
from django.utils import translation

from xaso.kernel.web import collected

ROOT = Path(collected.__file__).resolve().parents[3]
FIELDS = sorted(
    {cls for cls in vars(forms).values() if isinstance(cls, type) and issubclass(cls, forms.Field)},
    key=lambda cls: cls.__name__,
)
VALIDATORS = [
    cls for cls in vars(validators).values() if isinstance(cls, type) and hasattr(cls, "message")
]


class Numbers(dict):
    """Fills any place of a message with 3."""

    def __missing__(self, name):
        return 3


def said(message, language) -> str:
    with translation.override(language):
        return str(message % Numbers())


def is_vietnamese(message) -> bool:
    return said(message, "vi") != said(message, None)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.__name__)
def test_every_built_in_field_complains_in_vietnamese(field):
    english = [key for key, m in field.default_error_messages.items() if not is_vietnamese(m)]
    assert english == []


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda cls: cls.__name__)
def test_every_built_in_validator_complains_in_vietnamese(validator):
    assert is_vietnamese(validator.message)


class Everything(forms.Form):
    """One of each field people can fill, with its limits."""

    text = forms.CharField(min_length=5)
    long_text = forms.CharField(max_length=3)
    number = forms.IntegerField(max_value=3)
    low = forms.IntegerField(min_value=10)
    even = forms.IntegerField(step_size=2)
    share = forms.DecimalField(max_digits=3, decimal_places=1)
    day = forms.DateField()
    time = forms.TimeField()
    both = forms.DateTimeField()
    length = forms.DurationField()
    mail = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    word = forms.SlugField()
    code = forms.UUIDField()
    data = forms.JSONField()
    address = forms.GenericIPAddressField()
    one = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    pattern = forms.RegexField("^[0-9]+$")
    photo = forms.ImageField()
    missing = forms.CharField()
    null = forms.CharField()


def test_a_form_filled_with_nonsense_answers_in_vietnamese():
    wrong = dict.fromkeys(Everything.base_fields, "nonsense") | {
        "text": "abc",
        "number": "9",
        "low": "1",
        "even": "3",
        "share": "1234.567",
        "missing": "",
        "word": "hai từ",
        "null": "a\0b",
    }
    with translation.override("vi"):
        errors = {name: [str(e) for e in found] for name, found in Everything(wrong).errors.items()}
    assert set(errors) == set(Everything.base_fields)
    # Sentences in English have no letter with a mark; Vietnamese ones cannot do without.
    plain = {k: v for k, v in errors.items() for e in v if not re.search(r"[À-ỹđơư]", e)}
    assert plain == {}


def test_passwords_are_refused_in_vietnamese():
    with translation.override("vi"):
        texts = password_validation.password_validators_help_texts()
        assert all(re.search(r"[À-ỹđơư]", text) for text in texts)
        with pytest.raises(forms.ValidationError) as refused:
            password_validation.validate_password("password")
        assert all(re.search(r"[À-ỹđơư]", text) for text in refused.value.messages)


def test_a_form_that_lost_its_skeleton_says_so_in_vietnamese():
    assert all(map(is_vietnamese, formsets.BaseFormSet.default_error_messages.values()))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_catalogues_are_compiled(language):
    folder = ROOT / "xaso/locale" / language / "LC_MESSAGES"
    assert (folder / "django.mo").stat().st_size > 100
    assert (folder / "django.po").exists()


def test_the_catalogues_are_complete():
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
