"""Python and PostgreSQL agree how alike two texts are."""

from random import Random

import pytest
from django.db import connection

from xaso.kernel.text import fold, similarity

WORDS = "Đường sạt lở ở bản Nà Tăm xe không qua được Giàng A Páo Pháo km 72+300 đèn hỏng H'Mông"


@pytest.mark.django_db
def test_similarity_is_that_of_pg_trgm() -> None:
    chance = Random(33)  # noqa: S311 - repeatable on purpose
    words = WORDS.split()
    with connection.cursor() as cursor:
        for _ in range(300):
            a, b = (" ".join(chance.choices(words, k=chance.randrange(9))) for _ in range(2))
            cursor.execute("SELECT similarity(%s, %s)", [fold(a), fold(b)])
            assert similarity(a, b) == pytest.approx(cursor.fetchone()[0], abs=1e-6), (a, b)
