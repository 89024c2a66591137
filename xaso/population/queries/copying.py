"""Everything the register holds about one person, for that person: plain values, numbers in full.

Names of others stand in it only where they are the person's own family ties. Whoever hands it out
writes that down first (`actions.issuing`).
"""

from collections.abc import Mapping
from typing import Any

from xaso.kernel.sealing import rows as sealing
from xaso.kernel.text import dates
from xaso.population import births, ethnic
from xaso.population.models import (
    FieldEvidence,
    Membership,
    Person,
    PersonContact,
    PersonFlag,
    PersonIdentifier,
    PersonName,
    ResidenceEvent,
    ResidentKey,
    Restriction,
)
from xaso.population.queries import people, rights

NUMBER, CONTACT = "population_personidentifier.cipher", "population_personcontact.cipher"
Held = Mapping[str, Any]


def copy_of(person: Person) -> Held:
    """Return what is held, group by group; `number` and `contact` are opened here."""
    everywhere = [person.pk, *people.former_ids(person)]
    return {
        "person": _person(person),
        "names": [
            {"kind": str(row.get_kind_display()), "name": row.name}
            for row in PersonName.objects.filter(person=person)
        ],
        "numbers": [_number(row) for row in PersonIdentifier.objects.filter(person=person)],
        "contacts": [_contact(row) for row in PersonContact.objects.filter(person=person)],
        "flags": [
            {
                "kind": str(row.get_kind_display()),
                "from": row.period.lower.isoformat(),
                "until": row.period.upper.isoformat() if row.period.upper else None,
                "decision": row.decision,
                "purpose": row.purpose,
            }
            for row in PersonFlag.objects.filter(person=person)
        ],
        "households": [_membership(row) for row in _memberships(person)],
        "events": [
            {
                "what": str(row.get_kind_display()),
                "on": births.shown(row.on, row.on_precision),
                "source": str(row.get_source_display()),
                "was_mistake": row.reverses_id is not None or hasattr(row, "reversed_by"),
            }
            for row in ResidenceEvent.objects.filter(person__in=everywhere)
            .select_related("reversed_by")
            .order_by("recorded_at")
        ],
        "sources": _sources(person),
        **_used(person),
    }


def _person(person: Person) -> Held:
    return {
        "id": str(person.pk),
        "former_ids": [str(key) for key in people.former_ids(person)],
        "name": person.display_name,
        "sex": str(person.get_sex_display()),
        "born": births.shown(person.birth_date, person.birth_precision),
        "birth_note": person.birth_note,
        "died": births.shown(person.death_date, person.death_precision)
        if person.death_date
        else "",
        "ethnic": ethnic.name(person.ethnic_code) if person.ethnic_code else "",
        "local_group": person.local_group,
        "languages": list(person.spoken_languages),
        "needs_interpreter": person.needs_interpreter,
        "mother": person.mother.display_name if person.mother else "",
        "father": person.father.display_name if person.father else "",
        "village": str(person.village) if person.village else "",
        "residence": people.residence_on(person),
        "since": dates.local(person.created_at).isoformat(timespec="minutes"),
        "changed": dates.local(person.updated_at).isoformat(timespec="minutes"),
    }


def _number(row: PersonIdentifier) -> Held:
    return {
        "kind": str(row.get_kind_display()),
        "number": sealing.unseal(row.cipher, context=NUMBER, row=row.pk),
        "source": str(row.get_source_display()),
        "verified": row.verified_at.isoformat() if row.verified_at else None,
    }


def _contact(row: PersonContact) -> Held:
    return {
        "kind": str(row.get_kind_display()),
        "value": sealing.unseal(row.cipher, context=CONTACT, row=row.pk),
        "shared": row.shared_with_household,
        "source": str(row.get_source_display()),
    }


def _memberships(person: Person) -> list[Membership]:
    rows = Membership.objects.filter(person=person).select_related("household__dwelling")
    return list(rows.select_related("household__village").order_by("period"))


def _membership(row: Membership) -> Held:
    home = row.household
    return {
        "household": home.code,
        "village": str(home.village) if home.village else "",
        "address": home.dwelling.address if home.dwelling else "",
        "role": str(row.get_role_display()),
        "residence": str(row.get_residence_kind_display()),
        "from": row.period.lower.isoformat(),
        "until": row.period.upper.isoformat() if row.period.upper else None,
    }


def _sources(person: Person) -> list[Held]:
    rows = FieldEvidence.objects.filter(commune=person.commune_id, subject=person.pk)
    return [
        {
            "field": row.field,
            "source": str(row.get_source_display()),
            "paper": row.source_ref,
            "verified": row.verified_at.isoformat() if row.verified_at else None,
            "at": _moment(row.at),
        }
        for row in rows.order_by("id")
    ]


def _used(person: Person) -> dict[str, Any]:
    """Return who looked, what was agreed and asked, and what was done on that."""
    return {
        "consents": [
            {
                "purpose": row.purpose.text,
                "language": row.language,
                "given": _moment(row.given_at),
                "withdrawn": _moment(row.withdrawn_at) if row.withdrawn_at else None,
            }
            for row in rights.consents(person)
        ],
        "requests": [
            {
                "kind": str(row.get_kind_display()),
                "text": row.text,
                "state": str(row.get_state_display()),
                "received": _moment(row.received_at),
                "answer": row.answer,
            }
            for row in rights.requests(person)
        ],
        **_kept(person),
        "looks": [
            {
                "at": _moment(look.at),
                "who": look.who,
                "unit": look.unit,
                "purpose": look.purpose,
                "what": look.groups,
            }
            for look in rights.looks(person, to_resident=True, most=None)
        ],
    }


def _kept(person: Person) -> Held:
    """Return the codes that were given out, and when the record was only kept."""
    return {
        "codes": [
            {"made": _moment(row.made_at), "until": _moment(row.expires_at)}
            for row in ResidentKey.objects.filter(person=person).order_by("made_at")
        ],
        "set_apart": [
            {
                "from": _moment(row.began_at),
                "until": _moment(row.ended_at) if row.ended_at else None,
                "reason": row.reason,
            }
            for row in Restriction.objects.filter(person=person).order_by("began_at")
        ],
    }


def _moment(at: Any) -> str:  # noqa: ANN401  (an aware datetime)
    return dates.local(at).isoformat(timespec="minutes")
