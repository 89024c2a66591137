"""`python -m xaso.demo --size tiny --json`: fill the database of the environment."""

import argparse
import json
import os
import sys

import django


def main() -> int:
    """Load the demo; progress goes to stderr, the result to stdout."""
    parser = argparse.ArgumentParser(prog="python -m xaso.demo")
    parser.add_argument("--size", choices=("tiny", "small", "full"), default="small")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="say what was loaded as JSON")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from xaso.demo import load  # noqa: PLC0415  (needs Django)

    loaded = load.load(
        size=options.size,
        seed=options.seed or load.SEED,
        say=lambda text: print(text, file=sys.stderr, flush=True),  # noqa: T201
    )
    if options.json:
        json.dump(loaded.as_json(), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
