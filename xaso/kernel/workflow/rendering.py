"""A transition table as a page of the documentation."""

from xaso.kernel.workflow.table import START, Guard, Table, Transition

_HEAD = ("action", "from", "to", "who", "guards", "clock", "public text")


def markdown(table: Table) -> str:
    """Return the states and the steps as two Markdown tables."""
    states = [
        _row("state", "officials see", "residents see", "final"),
        _row("---", "---", "---", "---"),
        *(
            _row(s.name, str(s.label), str(s.public_text), "yes" if s.is_final else "")
            for s in table.states.values()
        ),
    ]
    steps = [
        _row(*_HEAD),
        _row(*("---" for _ in _HEAD)),
        *(_step(each, list(table.states)) for each in table.transitions),
    ]
    return "\n".join([*states, "", *steps, ""])


def _step(step: Transition, order: list[str]) -> str:
    """Return one step as a row, its states in the order of the table."""
    sources = [name for name in (START, *order) if name in step.sources]
    return _row(
        f"`{step.action}`",
        ", ".join(name or "-" for name in sources),
        step.target or "same",
        ", ".join(sorted(step.who)),
        "; ".join(_said(guard) for guard in step.guards),
        step.clock or "-",
        str(step.public_text),
    )


def _said(guard: Guard) -> str:
    """Return what a guard demands, in its own words."""
    words = (guard.__doc__ or str(getattr(guard, "__name__", ""))).strip().splitlines()
    return words[0].rstrip(".") if words else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
