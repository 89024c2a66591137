"""What processes cost, read from /proc: CPU seconds and proportional memory."""

import os
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def children(root: int) -> list[int]:
    """Return a process and everything it started, also what was started by those."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def command(pid: int) -> str:
    """Return a process's command line; empty when it has ended."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return user and system CPU seconds used so far, of processes still alive."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def machine_seconds() -> float:
    """Return the processor seconds the whole machine has worked so far, whoever for."""
    fields = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / TICK  # without idle and waiting for disks


def thread_seconds(pid: int) -> float:
    """Return a process's exact CPU seconds (of its main thread): a tick outlasts a query."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def pss_mb(pids: Iterable[int]) -> dict[str, float]:
    """Return proportional memory in MB (2^20 bytes) by process, and nothing for ended ones."""
    sizes: dict[str, float] = {}
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith("Pss:"):
                sizes[f"{pid} {command(pid)[:60]}"] = int(line.split()[1]) / 1024
    return sizes
