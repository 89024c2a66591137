"""How a part of the sandbox says no."""


class No(Exception):
    """The file is refused; `code` is the code of one of the room's refusals."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        self.code = code
        super().__init__(code)
