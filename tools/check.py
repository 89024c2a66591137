"""Run every quality gate and report all of them, instead of stopping at the first red one."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
GATES = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy", "--strict", "xaso"),
    "contracts": ("lint-imports",),
    "template format": ("djlint", "xaso", "--check", "--quiet"),
    "template lint": ("djlint", "xaso", "--lint", "--quiet"),
    "translations": ("python", "tools/messages.py", "--check"),
    "architecture": ("python", "-m", "pytest", "xaso/test_architecture.py"),
}
# The type checker loads the settings, which refuse to be without keys.
KEYS = ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY")
ENV = dict.fromkeys(KEYS, "for-checks-only-for-checks-only-00") | dict(os.environ)


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one gate; its output is shown only when it fails."""
    began = time.monotonic()
    line = [str(BIN / command[0]), *command[1:]]
    done = subprocess.run(line, cwd=ROOT, env=ENV, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:16} {verdict:6} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    results = [passes(name, command) for name, command in GATES.items()]
    sys.exit(0 if all(results) else 1)
