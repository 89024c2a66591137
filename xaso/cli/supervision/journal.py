"""What the supervisor says: calm lines for a person, or JSON lines for a log collector."""

import json
import sys
from datetime import UTC, datetime

from xaso.cli.words import Words


class Journal:
    """One voice for one run; `human` decides how it sounds."""

    def __init__(self, *, human: bool) -> None:
        """Choose the voice."""
        self.human = human

    def tell(self, event: str, vi: str, en: str, **facts: object) -> None:
        """Report something that happened."""
        if self.human:
            print(Words(vi, en), flush=True)
            return
        line = {"timestamp": datetime.now(UTC).isoformat(), "logger": "xaso.cli", "event": event}
        words = {"message": en, **facts}
        print(
            json.dumps(line | words, ensure_ascii=False, default=str), file=sys.stderr, flush=True
        )
