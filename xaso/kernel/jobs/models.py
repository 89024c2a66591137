"""What went wrong in background work; the jobs themselves live in procrastinate's tables."""

from django.db import models


class Failure(models.Model):
    """One failed try of a job, and who asked for another one once it was given up."""

    job_id = models.BigIntegerField(db_index=True)
    commune_id = models.UUIDField(null=True)
    task = models.CharField(max_length=128)
    at = models.DateTimeField(auto_now_add=True)
    error = models.CharField(max_length=400)  # personal numbers and addresses masked
    retried_by = models.CharField(max_length=80, blank=True)  # an actor's key

    def __str__(self) -> str:
        return f"{self.task} {self.job_id}: {self.error}"
