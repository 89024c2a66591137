"""Tables are made quicker than Django makes them, and are the same tables."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import models
from django.db.migrations import state as states
from django.db.migrations.state import ModelState, ProjectState

from xaso.kernel.tenancy.management.commands.migrate import one_model_at_a_time

ROOT = Path(__file__).resolve().parents[4]

THEIRS = """
import django
from django.core.management.commands.migrate import Command
from django.core.management import call_command
django.setup()
call_command(Command(), interactive=False, verbosity=0, skip_checks=True)
"""


def _model(name: str, **fields: models.Field) -> ModelState:
    return ModelState("town", name, [("id", models.AutoField(primary_key=True)), *fields.items()])


def _house() -> ModelState:
    owner = models.ForeignKey("town.Village", models.CASCADE, related_name="houses")
    return _model("House", village=owner)


def test_only_the_model_that_is_added_to_is_drawn() -> None:
    state = ProjectState()
    state.add_model(_model("Village"))
    before = state.apps.get_model("town", "village")
    with one_model_at_a_time():
        state.add_model(_house())
        assert state.apps.get_model("town", "village") is before
        state.add_field("town", "house", "roof", models.TextField(), preserve_default=True)
        assert state.apps.get_model("town", "house")._meta.get_field("roof")
        assert state.apps.get_model("town", "village") is before


def test_code_that_reads_finds_all_models_drawn_anew() -> None:
    state = ProjectState()
    state.add_model(_model("Village"))
    assert state.apps
    with one_model_at_a_time():
        state.add_model(_house())
        state.clear_delayed_apps_cache()  # what RunPython does before it runs
        village = state.apps.get_model("town", "village")
        assert [one.name for one in village._meta.related_objects] == ["houses"]
        assert state.apps.get_model("town", "house")._meta.get_field("village").related_model is (
            village
        )


def test_a_change_draws_as_django_does() -> None:
    state = ProjectState()
    state.add_model(_model("Village"))
    assert state.apps
    with one_model_at_a_time():
        state.add_model(_house())
        state.alter_field("town", "village", "id", models.BigAutoField(primary_key=True), True)
        village = state.apps.get_model("town", "village")
        assert [one.name for one in village._meta.related_objects] == ["houses"]


def test_afterwards_django_is_as_it_was() -> None:
    before = dict(vars(states.ProjectState))
    with one_model_at_a_time():
        assert dict(vars(states.ProjectState)) != before
    assert dict(vars(states.ProjectState)) == before


@pytest.mark.chaos
@pytest.mark.skipif("not os.environ.get('XASO_CHAOS')", reason="minutes: make chaos")
def test_the_tables_are_those_django_makes(postgres_server) -> None:
    found = []
    for name, program in (("xaso_theirs", ["-c", THEIRS]), ("xaso_ours", ["-m", "django"])):
        postgres_server.postgres.drop_database(postgres_server.running, name)
        postgres_server.postgres.create_database(postgres_server.running, name)
        words = ["migrate", "--skip-checks", "-v", "0"] if program[0] == "-m" else []
        url = postgres_server.url(name, "xaso_owner")
        subprocess.run(
            [sys.executable, *program, *words],
            env=os.environ | {"DATABASE_URL": url},
            cwd=ROOT,
            check=True,
        )
        host = parse_qs(urlsplit(url).query)["host"][0]
        dump = shutil.which("pg_dump") or pytest.skip("no pg_dump here")
        said = subprocess.run(
            [dump, "-s", "-h", host, "-U", "postgres", name],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = said.stdout.splitlines()
        found.append(sorted(line for line in lines if not line.startswith(("--", "\\"))))
        postgres_server.postgres.drop_database(postgres_server.running, name)
    assert found[0] == found[1]
    assert len(found[0]) > 10_000
