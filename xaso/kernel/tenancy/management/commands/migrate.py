"""`migrate`, drawing anew only the model that changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState

# What adds to a model and leaves the type of its key as it is.
_ADDING = ("add_model", "add_field", "add_index", "add_constraint")
_RELATED = "_find_reload_model"  # which models are drawn anew with one


@contextmanager
def one_model_at_a_time() -> Iterator[None]:
    """Let Django draw only the model itself anew when something is added to it.

    Django draws every model anew that is related over however many corners. Here each row knows
    its commune, so that is all models at each step: 45,000 drawings, minutes on a small machine.
    Making a table, a column or an index reads no other model than those it names. Code that
    reads more (`RunPython`) gets all models drawn anew before it runs: Django does that whenever
    drawings were put off, and all other steps draw as Django does.
    """
    theirs = {name: getattr(ProjectState, name) for name in (*_ADDING, _RELATED)}
    adding: list[str] = []

    def quick(name: str) -> Callable[..., None]:
        def add(state: ProjectState, *args: object, **kwargs: object) -> None:
            adding.append(name)
            try:
                theirs[name](state, *args, **kwargs)
            finally:
                adding.pop()

        return add

    def related(
        state: ProjectState, app_label: str, model_name: str, *delay: object
    ) -> set[tuple[str, str]]:
        if adding:
            state.is_delayed = True
            return {(app_label, model_name)}
        state.clear_delayed_apps_cache()
        found: set[tuple[str, str]] = theirs[_RELATED](state, app_label, model_name, *delay)
        return found

    for name in _ADDING:
        setattr(ProjectState, name, quick(name))
    setattr(ProjectState, _RELATED, related)
    try:
        yield
    finally:
        for name, theirs_was in theirs.items():
            setattr(ProjectState, name, theirs_was)


class Command(migrate.Command):
    """Django's command, quicker."""

    def handle(self, *args: object, **options: object) -> str | None:
        """Bring the tables up to date."""
        with one_model_at_a_time():
            said: str | None = super().handle(*args, **options)
        return said
