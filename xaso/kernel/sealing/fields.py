"""A model field whose text is sealed in the database."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from xaso.kernel.sealing.boxes import seal, unseal


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # types are the stubs' own
    """Text for the program, sealed bytes in the table; never searched, never ordered.

    An empty text stays empty, so that "nothing given" needs no key to be read.
    """

    def __init__(self, *, context: str, **options: Any) -> None:  # noqa: ANN401  (Django's own options)
        """Take the context that binds the value to its place, as `table.column`."""
        self.context = context
        options.setdefault("editable", True)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Keep the context in migrations."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "context": self.context}

    def get_prep_value(self, value: str | None) -> bytes | None:
        """Seal on the way in."""
        if value is None:
            return None
        return seal(value, context=self.context) if value else b""

    def from_db_value(self, value: bytes | None, *_: object) -> str | None:
        """Open on the way out."""
        if value is None:
            return None
        return unseal(value, context=self.context) if value else ""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401  (the field's value is plain text)
        """Leave plain text alone."""
        return value
