"""States and the steps between them, as a table that people and programs read.

One table drives buttons, APIs, the documentation page and the property tests of a room. It knows
no tables of the database: a room's action locks its row, asks `step`, and writes what comes back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Refusal, Sentence

START = ""  # the source of a step that makes the record

Facts = Mapping[str, Any]
Guard = Callable[[Facts], Sentence | None]
Parts = Callable[[Actor, Facts], frozenset[str]]


class NotAllowed(Refusal):
    """The record stands where this step does not start."""

    sentence = _("Không làm được bước này khi đang ở trạng thái “%(state)s”.")


class NotYours(NotAllowed):
    """The step exists here, but for somebody else."""

    sentence = _("Bước này do người khác phụ trách.")
    status = 403


class GuardRefused(Refusal):
    """A guard of the step said no; the sentence is the guard's own."""

    sentence = _("Chưa đủ điều kiện để làm bước này.")


@dataclass(frozen=True, slots=True)
class State:
    """Where a record can stand; a final one needs no way out."""

    name: str
    label: Sentence  # as officials see it
    public_text: Sentence = ""  # as residents see it
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: who may do what from where, and what follows.

    `target` None keeps the state. Each guard takes the facts (with the actor under "actor") and
    returns None, or the sentence that says why not; its docstring's first line documents it.
    `clock` names the effect on deadlines: stop, pause, resume, restart or nothing.
    """

    action: str
    sources: frozenset[str]
    target: str | None
    who: frozenset[str]
    guards: tuple[Guard, ...] = ()
    clock: str = ""
    public_text: Sentence = ""
    label: Sentence = ""  # on the button

    def lands(self, state: str) -> str:
        """Return where a record standing in `state` stands after this step."""
        return state if self.target is None else self.target

    def why_not(self, facts: Facts) -> Sentence | None:
        """Return the first guard's objection, or None when every guard agrees."""
        for guard in self.guards:
            if objection := guard(facts):
                return objection
        return None


def by_role(actor: Actor, _facts: Facts) -> frozenset[str]:
    """Return the parts an actor plays by kind and role alone."""
    return actor.roles | {actor.kind}


class Table:
    """All states and steps of one kind of record.

    `parts` says which parts of the `who` column an actor plays for the record at hand (officer of
    its unit, its sender …); by default the actor's kind and roles.
    """

    def __init__(
        self,
        states: Iterable[State],
        transitions: Iterable[Transition],
        parts: Parts = by_role,
    ) -> None:
        """Refuse a table that names a state twice or uses one it does not have (ValueError)."""
        listed = tuple(states)
        self.states = {state.name: state for state in listed}
        self.transitions = tuple(transitions)
        self.parts = parts
        faults = ["a state is listed twice"] if len(self.states) < len(listed) else []
        for each in self.transitions:
            used = each.sources | {each.lands(START)}
            if unknown := used - {START} - self.states.keys():
                faults.append(f"{each.action} uses unknown states: {sorted(unknown)}")
        if faults:
            raise ValueError("; ".join(faults))

    def from_state(self, state: str) -> list[Transition]:
        """Return every step that starts in a state, whoever may take it."""
        return [each for each in self.transitions if state in each.sources]

    def allowed(self, state: str, actor: Actor, **facts: object) -> list[Transition]:
        """Return the steps this actor may try from a state: the buttons of the page.

        Guards are not asked: a button that cannot work yet still says why when pressed.
        """
        plays = self.parts(actor, facts)
        return [each for each in self.from_state(state) if each.who & plays]

    def step(
        self, state: str, action: str, actor: Actor, *, to: str | None = None, **facts: object
    ) -> Transition:
        """Return the step an actor takes from a state, or refuse.

        `to` chooses among several ends of one action. Raises NotAllowed (wrong state), NotYours
        (wrong person) or GuardRefused; ValueError when the table does not know the action or
        `to` does not single out one step.
        """
        if not any(each.action == action for each in self.transitions):
            message = f"the table has no action {action!r}"
            raise ValueError(message)
        here = [each for each in self.from_state(state) if each.action == action]
        if to is not None:
            here = [each for each in here if each.lands(state) == to]
        if not here:
            raise NotAllowed(state=self._label(state))
        plays = self.parts(actor, facts)
        mine = [each for each in here if each.who & plays]
        if not mine:
            raise NotYours
        if len({each.lands(state) for each in mine}) > 1:
            message = f"{action!r} from {state!r} needs `to`"
            raise ValueError(message)
        return self._guarded(mine, {**facts, "actor": actor})

    def check(self) -> list[str]:
        """Return what is wrong with the table as a whole, an empty list when nothing is.

        Every state is reachable from the start, and every state that is not final has a way out
        that ends, sooner or later, in a final one.
        """
        reachable = self._reach({START}, forwards=True)
        ends = {name for name, state in self.states.items() if state.is_final}
        ending = self._reach(ends, forwards=False)
        faults = [f"{name} is never reached" for name in self.states if name not in reachable]
        faults += [f"{name} has no way to an end" for name in self.states if name not in ending]
        if not ends:
            faults.append("no state is final")
        return faults

    def _guarded(self, rows: list[Transition], facts: Facts) -> Transition:
        """Return the first row whose guards agree, or refuse with the last objection."""
        objection: Sentence | None = None
        for row in rows:
            objection = row.why_not(facts)
            if objection is None:
                return row
        raise GuardRefused(objection)

    def _reach(self, known: set[str], *, forwards: bool) -> set[str]:
        """Return every state that can be reached from the known ones, along or against steps."""
        edges = {(a, each.lands(a)) for each in self.transitions for a in each.sources}
        pairs = edges if forwards else {(b, a) for a, b in edges}
        while True:
            more = known | {b for a, b in pairs if a in known}
            if more == known:
                return known
            known = more

    def _label(self, state: str) -> Sentence:
        return self.states[state].label if state in self.states else state
