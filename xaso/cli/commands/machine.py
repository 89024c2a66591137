"""doctor: what is wrong with this machine and how to mend it."""

import argparse

from xaso.cli.doctor import data, machine
from xaso.cli.doctor.finding import State
from xaso.cli.parsing import Commands
from xaso.cli.running import plan
from xaso.cli.words import say


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    commands.add("doctor", doctor, "Khám máy và chỉ cách sửa", "Examine this machine")


def doctor(_options: argparse.Namespace) -> int:
    """Print each finding and its cure; exit code 1 when something must be mended."""
    planned = plan()
    findings = [*machine.examine(planned), *data.examine(planned)]
    for finding in findings:
        print(f"[{finding.state:^2}] {finding.words}")
        if finding.cure:
            say(f"       → {finding.cure.vi}", f"       → {finding.cure.en}")
    return 1 if any(finding.state is State.BAD for finding in findings) else 0
