"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Official(AbstractUser):
    """Someone who works for a commune or the province."""

    full_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username
