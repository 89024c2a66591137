"""When a failed job is tried again."""

import random
from datetime import timedelta

from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from xaso.kernel.refusals import Refusal

_FIRST = 5.0  # seconds
_LONGEST = 3600.0


def delay(attempts: int, spread: float) -> float:
    """Return the seconds to wait after so many earlier tries: 5, 10, 20 … up to an hour.

    `spread` between 0.5 and 1.5 keeps jobs that failed together from coming back together.
    """
    return float(min(_FIRST * 2**attempts, _LONGEST) * spread)


class Patience(BaseRetryStrategy):
    """Try again with growing pauses; a refusal is an answer and is not asked again."""

    def __init__(self, retries: int) -> None:
        """Take how many further tries there are after the first."""
        self.retries = retries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, None to give up."""
        if job.attempts >= self.retries or isinstance(exception, Refusal):
            return None
        wait = delay(job.attempts, random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        return RetryDecision(retry_at=timezone.now() + timedelta(seconds=wait))
