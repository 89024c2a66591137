"""Thirty-two clerks at once: no number twice, none missing, with retries and rollbacks."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID, uuid4

from django.db import connections, transaction

from xaso.dossiers import actions, seeds
from xaso.dossiers.models import CodeCounter, Dossier, DossierCode, DossierEvent, ProcedureVersion
from xaso.dossiers.tests.conftest import MONDAY, publish_ours
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock

CLERKS, DOSSIERS = 32, 96
CLERK = Actor("official", "1", "desk", frozenset({"one_stop_clerk"}))


def test_thirty_two_clerks_with_retries_and_rollbacks(committed: str, binh_lu: Commune) -> None:
    with tenancy.inside(binh_lu.id), clock.at(MONDAY):
        seed = next(each for each in seeds.seeds() if each.code == "1.004837")
        new = actions.NewProcedure(seed.code, seed.name, seed.field_code, seed.field_name)
        actions.add_procedure(new, seed.content, by=SYSTEM, commune=binh_lu)
        publish_ours(binh_lu, seed.code)
        papers = [each.code for each in seed.content.components]
        assert ProcedureVersion.objects.count() == 1

    def receive(job: tuple[UUID, bool]) -> None:
        key, is_cut = job
        new = actions.NewDossier(
            key,
            "1.004837",
            actions.Applicant("Lò Thị Mẩy"),
            papers=tuple(actions.Paper(code, sha256="a" * 64) for code in papers),
            fees=(),
        )
        try:
            with tenancy.inside(binh_lu.id), clock.at(MONDAY):
                actions.receive(new, by=CLERK, commune=binh_lu)
                if is_cut:  # the machine stops before the transaction is kept
                    transaction.set_rollback(True)
        finally:
            connections.close_all()

    keys = [uuid4() for _ in range(DOSSIERS)]
    jobs = [(key, False) for key in keys] + [(key, False) for key in keys[::3]]
    jobs += [(uuid4(), True) for _ in range(DOSSIERS // 4)]  # these are rolled back
    Random(7).shuffle(jobs)  # noqa: S311  (repeatable, nothing secret)
    with ThreadPoolExecutor(CLERKS) as clerks:
        list(clerks.map(receive, jobs))
    with tenancy.inside(binh_lu.id):
        numbers = [
            int(code.rsplit("-")[-1]) for code in DossierCode.objects.values_list("code", flat=True)
        ]
        assert sorted(numbers) == list(range(1, DOSSIERS + 1))  # no gap, no double
        assert Counter(numbers).most_common(1)[0][1] == 1
        assert Dossier.objects.count() == DOSSIERS
        assert DossierEvent.objects.filter(action="tiep_nhan").count() == DOSSIERS
        assert CodeCounter.objects.get().last == DOSSIERS
