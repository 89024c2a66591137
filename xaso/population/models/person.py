"""A person as the commune knows them: names, birth, papers, ways to reach them."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from xaso.kernel.places.models import Commune, Village
from xaso.population.models.words import (
    ContactKind,
    FlagKind,
    NameKind,
    NumberKind,
    Precision,
    Sex,
    Source,
    Status,
)

MOST_NAME = 200


def _partial(day: str, precision: str) -> Q:
    """Return the rule of a day known in part: what is not known is written as the first."""
    unknown = Q(**{precision: Precision.UNKNOWN, f"{day}__isnull": True})
    exact = Q(**{precision: Precision.DAY, f"{day}__isnull": False})
    month = Q(**{precision: Precision.MONTH, f"{day}__day": 1})
    year = Q(**{precision: Precision.YEAR, f"{day}__day": 1, f"{day}__month": 1})
    return unknown | exact | month | year


class Register(models.Model):
    """The register of a commune: the next household number, and the lock that gives it out."""

    commune = models.OneToOneField(Commune, models.PROTECT)
    prefix = models.CharField(max_length=4)  # of household codes: BL
    next_household = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.prefix


class Person(models.Model):
    """One person; the name is one text in the order of the birth certificate, never split.

    `fold`, `fold_tight`, `sound` and `sort_key` are computed from the name when it is written.
    `village` is where they belong now (a copy of the open membership's, for searching); null for
    who belongs to no household. A new-born without a name has `is_unnamed` and a mother.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False)
    display_name = models.CharField(max_length=MOST_NAME)
    is_unnamed = models.BooleanField(default=False)
    exact = models.CharField(max_length=MOST_NAME * 2, db_collation="C")  # NFC, casefolded
    fold = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    fold_tight = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    sound = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    sound_given = models.CharField(max_length=MOST_NAME * 2, db_collation="C", blank=True)
    sort_key = models.CharField(max_length=MOST_NAME * 4, db_collation="C")
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    birth_year = models.SmallIntegerField(null=True)  # of birth_date, for searching
    birth_note = models.CharField(max_length=200, blank=True)  # a lunar birthday, in words
    death_date = models.DateField(null=True)
    death_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    ethnic_code = models.CharField(max_length=2, blank=True)  # sensitive: read with a purpose
    local_group = models.CharField(max_length=60, blank=True)  # Mông Hoa; sensitive too
    spoken_languages = ArrayField(models.CharField(max_length=30), default=list)
    needs_interpreter = models.BooleanField(default=False)
    mother = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    father = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_invented = models.BooleanField(default=False)  # demo data
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "fold"], name="person_fold"),
            models.Index(fields=["commune", "birth_year", "fold"], name="person_year_fold"),
            models.Index(fields=["commune", "village", "fold"], name="person_village_fold"),
            models.Index(fields=["commune", "fold_tight"], name="person_tight"),
            models.Index(fields=["commune", "sound", "birth_year"], name="person_sound_year"),
            models.Index(fields=["commune", "village", "sort_key"], name="person_village_sort"),
            models.Index(
                fields=["mother"], name="person_of_mother", condition=Q(mother__isnull=False)
            ),
            models.Index(
                fields=["father"], name="person_of_father", condition=Q(father__isnull=False)
            ),
            models.Index(
                fields=["merged_into"],
                name="person_merged_into",
                condition=Q(merged_into__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(fold=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=_partial("birth_date", "birth_precision"), name="person_birth_partial"
            ),
            models.CheckConstraint(
                condition=_partial("death_date", "death_precision"), name="person_death_partial"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DUPLICATE, merged_into__isnull=False)
                | (~Q(status=Status.DUPLICATE) & Q(merged_into__isnull=True)),
                name="person_merged_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(is_unnamed=False) | Q(mother__isnull=False),
                name="person_unnamed_has_mother",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DECEASED)
                | Q(death_date__isnull=True)
                | Q(status=Status.DUPLICATE),
                name="person_dead_is_deceased",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"  # never the name: this text reaches logs


class PersonName(models.Model):
    """Another name of a person, found by searching like the first."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="other_names")
    kind = models.CharField(max_length=15, choices=NameKind, default=NameKind.ALIAS)
    name = models.CharField(max_length=MOST_NAME)
    fold = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    fold_tight = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    sound = models.CharField(max_length=MOST_NAME * 2, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["commune", "fold"], name="person_name_fold")]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "name"], name="other_name_once_per_person"
            ),
            models.CheckConstraint(condition=~Q(fold=""), name="other_name_is_a_name"),
        ]

    def __str__(self) -> str:
        return f"name of {self.person_id}"


class Spelling(models.Model):
    """Each folded name of a commune once: what names that are alike are looked up in.

    A trigger keeps it, and `words`. People share names, so comparing spellings instead of people is
    what makes searching fast.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False)
    fold = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    fold_tight = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    sound = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    words = ArrayField(models.TextField(db_collation="C"), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "fold_tight"], name="spelling_tight"),
            models.Index(fields=["commune", "sound"], name="spelling_sound"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commune", "fold"], name="spelling_once"),
        ]

    def __str__(self) -> str:
        return f"spelling {self.pk}"


class SpelledWord(models.Model):
    """Each word of folded names of a commune once, with its sound; a trigger keeps it.

    A misspelt name is looked for word by word: a few thousand words are compared by their letters,
    and names are found by the words they hold.
    """

    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False)
    word = models.CharField(max_length=MOST_NAME * 2, db_collation="C")
    sound = models.CharField(max_length=MOST_NAME * 2, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["commune", "sound"], name="spelled_word_sound")]
        constraints = [
            models.UniqueConstraint(fields=["commune", "word"], name="spelled_word_once"),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"


class PersonIdentifier(models.Model):
    """A number of a paper: sealed, found only whole, by its blind index.

    Two people with one number are not refused: they go to the duplicate cases. `warnings` holds
    what the check of the number found; `answer` is what an official said about them.
    """

    class Answer(models.TextChoices):
        """Who is right when number and statement differ."""

        OPEN = "", ""
        PAPER = "paper_right", "paper_right"
        STATEMENT = "statement_right", "statement_right"
        UNCLEAR = "unclear", "unclear"

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False, db_constraint=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="identifiers",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(max_length=12, choices=NumberKind)
    cipher = models.BinaryField()
    blind_index = models.BinaryField(max_length=32)
    tail3 = models.CharField(max_length=3)
    period = DateRangeField(null=True)
    source = models.CharField(max_length=15, choices=Source)
    verified_at = models.DateField(null=True)
    warnings = ArrayField(models.CharField(max_length=30), default=list)
    answer = models.CharField(max_length=15, choices=Answer, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["commune", "kind", "blind_index"], name="number_blind"),
            models.Index(fields=["person"], name="number_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "kind", "blind_index"], name="number_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PersonContact(models.Model):
    """A phone or address of a person; it may be a neighbour's, so it identifies nobody."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT, db_index=False, db_constraint=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts", db_constraint=False)
    kind = models.CharField(max_length=10, choices=ContactKind)
    cipher = models.BinaryField()
    blind_index = models.BinaryField(max_length=32)
    shared_with_household = models.BooleanField(default=False)
    source = models.CharField(max_length=15, choices=Source)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "person", "kind", "blind_index"], name="contact_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PersonFlag(models.Model):
    """A sensitive fact for a named purpose, in a period: poverty, policy, insurance, disability."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    commune = models.ForeignKey(Commune, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=20, choices=FlagKind)
    period = DateRangeField()
    decision = models.CharField(max_length=120, blank=True)  # number and day of the paper
    purpose = models.CharField(max_length=60)  # code of a ProcessingPurpose
    source = models.CharField(max_length=15, choices=Source)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False), name="flag_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"
