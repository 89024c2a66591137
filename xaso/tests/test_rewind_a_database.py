"""A database that tests share is the copy it was, or no test gets it again."""

from collections.abc import Iterator

import psycopg
import pytest

from xaso.testing.rewound import Rewound
from xaso.testing.server import Server

KIND = "INSERT INTO django_content_type (app_label, model) VALUES ('x', 'x') RETURNING id"
JOB = "INSERT INTO procrastinate_jobs (task_name, queue_name) VALUES ('x', 'x') RETURNING id"


@pytest.fixture
def rewound(postgres_server: Server) -> Iterator[Rewound]:
    kept = Rewound(postgres_server)
    yield kept
    kept.end()


def _inside(rewound: Rewound, name: str) -> psycopg.Connection:
    return psycopg.connect(rewound.server.url(name, "postgres"), autocommit=True)


def test_what_was_added_is_gone_and_numbers_begin_anew(rewound) -> None:
    seen = []
    for _ in "12":
        used = rewound.take()
        with _inside(rewound, used.name) as connection:
            seen.append([connection.execute(s).fetchone() for s in (KIND, JOB)])
            # A trigger wrote here; its rows belong to the job.
            assert connection.execute("SELECT count(*) FROM procrastinate_events").fetchone()[0]
        rewound.give_back(used)
        assert rewound.spare is used
    assert seen[0] == seen[1]
    with _inside(rewound, rewound.spare.name) as connection:
        for table in ("procrastinate_jobs", "procrastinate_events"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE places_adminunit SET kind = kind",
        "DELETE FROM auth_permission WHERE id = (SELECT min(id) FROM auth_permission)",
        "DROP POLICY commune ON reports_report",
        "ALTER TABLE reports_report DISABLE TRIGGER ALL",
        "GRANT SELECT ON reports_report TO PUBLIC",
    ],
)
def test_what_does_not_come_back_costs_the_database(rewound, statement) -> None:
    used = rewound.take()
    with _inside(rewound, used.name) as connection:
        connection.execute(statement)
    rewound.give_back(used)
    assert rewound.spare is None
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _inside(rewound, used.name)


def test_who_is_still_connected_writes_nothing_more(rewound) -> None:
    used = rewound.take()
    with psycopg.connect(rewound.server.url(used.name, "postgres")) as late:
        late.execute(JOB)
        rewound.give_back(used)
        assert rewound.spare is used
        with pytest.raises(psycopg.OperationalError):
            late.commit()
        late.close()
