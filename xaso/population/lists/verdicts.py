"""How the reading process says no."""


class No(Exception):
    """The file is refused; `code` names the reason, worded in `wording.FAILURES`."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)


MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_TEXT = 96 * 1024 * 1024  # characters of all cells together
LONGEST_CELL = 2_000
