"""The machine: interpreter, disk, memory, ports, locale, clock, browser."""

import locale
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from xaso.cli import running
from xaso.cli.doctor.finding import Finding, bad, good, note
from xaso.cli.freshness import PACKAGE
from xaso.cli.running import Plan, PortBusy
from xaso.cli.supervision import supervisor
from xaso.cli.words import Words
from xaso.kernel import disk

GIGABYTE = 1024**3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def examine(plan: Plan) -> Iterator[Finding]:
    """Look at everything that is not ours."""
    yield _python()
    yield _disk(plan.home)
    yield _memory()
    yield from _ports(plan)
    yield _locale()
    yield _clock()
    yield _browser()


def _python() -> Finding:
    """Name the interpreter (an older one could not have come this far)."""
    version = ".".join(map(str, sys.version_info[:3]))
    return good(f"Python {version}", f"Python {version}")


def _disk(home: Path) -> Finding:
    """Room on the disk of the data home."""
    room = disk.fullest(home)
    free = room.free / GIGABYTE
    words = Words(
        f"Ổ đĩa của {room.folder}: còn {free:.0f} GB (đã dùng {room.used:.0%})",
        f"Disk of {room.folder}: {free:.0f} GB free ({room.used:.0%} used)",
    )
    if room.level >= disk.Level.NO_UPLOADS or free < 1:
        cure = "Dọn bớt hoặc thêm ổ đĩa: máy đang không nhận ảnh và tệp."
        return bad(words, Words(cure, "Make room or add a disk: uploads are off."))
    if room.level >= disk.Level.WARNING or free < 5:
        return note(words, Words("Dọn bớt hoặc thêm ổ đĩa.", "Make room or add a disk."))
    return good(words.vi, words.en)


def _memory() -> Finding:
    """Memory of the machine."""
    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIGABYTE
    words = Words(f"Bộ nhớ {size:.1f} GB", f"Memory {size:.1f} GB")
    if size >= 1.8:
        return good(words.vi, words.en)
    return note(words, Words("Nên có từ 2 GB trở lên.", "2 GB or more are advisable."))


def _ports(plan: Plan) -> Iterator[Finding]:
    """Look at the two ports: free, or ours."""
    serving = supervisor.running(plan.home)
    if serving:
        yield good(f"Đang chạy ở {serving[1]}", f"Serving at {serving[1]}")
        return
    try:
        running.refuse_busy_ports(plan)
    except PortBusy as busy:
        cure = Words("Đặt XASO_PORT, ví dụ 8100.", "Set XASO_PORT, for example 8100.")
        yield bad(busy.words, cure)
    else:
        ports = f"{plan.port}, {plan.port + 1}"
        yield good(f"Cổng {ports} còn trống", f"Ports {ports} are free")


def _locale() -> Finding:
    """Look for the locale that clusters are made with."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return bad(
            Words("Hệ thống không có locale C.UTF-8", "The system lacks the locale C.UTF-8"),
            Words("apt-get install -y libc-bin locales", "apt-get install -y libc-bin locales"),
        )
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return good("Locale C.UTF-8", "Locale C.UTF-8")


def _clock() -> Finding:
    """Look at the clock: deadlines and one-time codes depend on it."""
    cure = Words("Bật đồng bộ giờ: timedatectl set-ntp true", "Run: timedatectl set-ntp true")
    newest = max(file.stat().st_mtime for file in PACKAGE.glob("*.py"))
    if time.time() < newest - 86_400:
        words = Words("Đồng hồ chạy chậm hơn cả ngày", "The clock is more than a day behind")
        return bad(words, cure)
    if _ntp() == "no":
        return note(Words("Đồng hồ chưa đồng bộ", "The clock is not synchronised"), cure)
    now = time.strftime("%H:%M %d/%m/%Y %Z")
    return good(f"Đồng hồ {now}", f"Clock {now}")


def _ntp() -> str:
    """Ask systemd whether the clock is synchronised: yes, no, or nothing known."""
    asked = shutil.which("timedatectl")
    if not asked:
        return ""
    command = [asked, "show", "--property=NTPSynchronized", "--value"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    return done.stdout.strip()


def _browser() -> Finding:
    """Chromium, wanted by the browser stories alone."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return good(f"Chromium: {found}", f"Chromium: {found}")
    return note(
        Words("Chưa có Chromium (chỉ cần cho bài thử)", "No Chromium (only tests need it)"),
        Words("apt-get install -y chromium", "apt-get install -y chromium"),
    )
