"""Counters by commune, metric, day and up to two dimensions."""

from django.db import models


class Counter(models.Model):
    """How often something happened on a day, and the sum of an amount with it.

    `dim1` and `dim2` are `name=value` in order of names, empty when unused. Rows are changed by
    signed deltas alone, in the transaction of the act they count.
    """

    commune_id = models.UUIDField()
    metric = models.CharField(max_length=60, db_collation="C")  # reports.received
    day = models.DateField()
    dim1 = models.CharField(max_length=80, blank=True, default="", db_collation="C")
    dim2 = models.CharField(max_length=80, blank=True, default="", db_collation="C")
    n = models.BigIntegerField(default=0)
    total = models.DecimalField(max_digits=24, decimal_places=4, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune_id", "metric", "day", "dim1", "dim2"], name="one_counter_per_cell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.day} {self.dim1} {self.dim2}: {self.n}"
