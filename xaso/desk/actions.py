"""What the desk changes across rooms that stand beside each other."""

from django.db import transaction

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune


@transaction.atomic
def retry_job(job_id: int, *, commune: Commune, by: Actor) -> None:
    """Let a job of the commune that was given up run again, and log who asked.

    Refuses with NotGivenUp and AlreadyWaiting.
    """
    job = jobs.retry(job_id, by=by, commune=commune.id)
    changes = {"task": job.task_name}
    audit.record("jobs.retried", job, by=by, commune=commune.id, changes=changes)
