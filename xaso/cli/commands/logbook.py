"""audit verify: prove that nobody changed the log book."""

import argparse

from xaso.cli import django_side
from xaso.cli.parsing import Commands, option
from xaso.cli.words import say


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    group = commands.group("audit", "Sổ nhật ký", "The log book")
    parser = group.add("verify", verify, "Kiểm tra sổ nhật ký", "Verify the log book")
    option(parser, "--commune", "chỉ một xã (binh-lu)", "one commune only (binh-lu)")


def verify(options: argparse.Namespace) -> int:
    """Check every chain and daily root; print each fault, exit code 1 when there is one."""
    with django_side.with_database():
        from xaso.kernel.audit import queries as audit  # noqa: PLC0415  # needs the apps
        from xaso.kernel.places import queries as places  # noqa: PLC0415

        commune = None
        if options.commune:
            found = places.commune_by_slug(options.commune)
            if found is None:
                raise django_side.refuse_unknown_commune(options.commune)
            commune = found.id
        faults = audit.verify(commune)
        chains = 1 if commune else len(audit.communes())
    for fault in faults:
        print(f"{fault.commune}  {fault.row}: {fault.reason}")
    if faults:
        say(
            f"Sổ nhật ký ĐÃ BỊ SỬA: {len(faults)} chỗ không khớp.",
            f"The log book WAS CHANGED: {len(faults)} places do not fit.",
        )
        return 1
    say(
        f"Sổ nhật ký nguyên vẹn: {chains} chuỗi đều khớp.",
        f"The log book is whole: {chains} chains.",
    )
    return 0
