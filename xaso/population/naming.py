"""What is computed from a name when it is written: never split into first and last name."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, fold, person_sort_key
from xaso.population import sounding
from xaso.population.models.person import MOST_NAME

_SIGNS = " '’-.()·"


class NotAName(Invalid):
    """What was typed holds characters no name has."""

    sentence = _("Tên chỉ gồm chữ, dấu cách và các dấu ' - . ( ). Bác xem lại giúp.")


class NameTooLong(Invalid):
    """Longer than any name."""

    sentence = _("Tên dài quá 200 chữ. Bác xem lại giúp.")


class NoName(Invalid):
    """No person without a name."""

    sentence = _("Bác ghi họ tên giúp. Trẻ chưa đặt tên thì dùng mục “Sinh”.")


@dataclass(frozen=True)
class Written:
    """A name with everything that is stored beside it."""

    display_name: str
    exact: str
    fold: str
    fold_tight: str
    sound: str
    sound_given: str
    sort_key: str

    def for_person(self) -> dict[str, str]:
        """Return the columns of a person."""
        return dict(self.__dict__)

    def for_other(self) -> dict[str, str]:
        """Return the columns of another name."""
        return {
            "name": self.display_name,
            "fold": self.fold,
            "fold_tight": self.fold_tight,
            "sound": self.sound,
        }


def written(text: str, classes: sounding.Classes = sounding.SHIPPED) -> Written:
    """Return a name fit to store. Refuses with NoName, NotAName or NameTooLong.

    `classes` are the commune's classes of spelling (`rulebook.classes`). Case stays as typed: a
    name all in capitals is somebody's way of writing, the form offers another.
    """
    name = clean_line(text)
    if not name:
        raise NoName(errors={"name": [str(NoName.sentence)]})
    if len(name) > MOST_NAME:
        raise NameTooLong(errors={"name": [str(NameTooLong.sentence)]})
    folded = fold(name)
    is_plain = name.replace(" ", "").isalpha()
    if not folded or not (is_plain or all(_may_stand(letter) for letter in name)):
        raise NotAName(errors={"name": [str(NotAName.sentence)]})
    sound = sounding.of_folded(folded, classes)
    return Written(
        name,
        exact(name),
        folded,
        folded.replace(" ", ""),
        sound,
        sound.rpartition(" ")[2],
        person_sort_key(name),
    )


def exact(name: str) -> str:
    """Return a name evened out for "the very same name": NFC and casefolded."""
    return unicodedata.normalize("NFC", clean_line(name).casefold())


def titled(name: str) -> str:
    """Return a name all in capitals as it is usually written; any other as it is."""
    return name.title() if name.isupper() and len(name) > 1 else name


def _may_stand(letter: str) -> bool:
    return letter in _SIGNS or unicodedata.category(letter)[0] in "LM"
