"""One row of a labelled file, asked for values of a kind; what is not of that kind is an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digest.errors import UsageError

_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Fields:
    """A row with where it stands; `wanted` is the shape that its errors show."""

    row: Mapping[Any, Any]
    where: str
    wanted: str
    number: int = 1

    @classmethod
    def of(cls, row: object, where: str, wanted: str) -> Fields:
        """Return a row as it was read.

        Raises:
            UsageError: it is no object.
        """
        if not isinstance(row, Mapping):
            raise UsageError(f"{where}: a row must be like {wanted}, got {type(row).__name__}")
        return cls(row, where, wanted)

    def error(self, problem: str) -> UsageError:
        """Return the error of this row: file, line, problem, and the shape wanted."""
        return UsageError(f"{self.where}: {problem}; one row must be like {self.wanted}")

    def has(self, key: str) -> bool:
        """Tell whether the row gives a value."""
        return self.row.get(key) is not None

    def name(self) -> str:
        """Return the id, or the row's number."""
        return self.optional("id") or str(self.number)

    def text(self, key: str) -> str:
        """Return a string."""
        value = self.row.get(key)
        if not isinstance(value, str):
            raise self.error(f"{key} must be a string, got {_kind(value)}")
        return value

    def optional(self, key: str) -> str | None:
        """Return a string or a number as a string, None where the row has none."""
        value = self.row.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise self.error(f"{key} must be a string, got {_kind(value)}")
        return None if value is None else str(value)

    def integer(self, key: str) -> int:
        """Return a whole number; "12" is one."""
        value = self.row.get(key)
        try:
            if not isinstance(value, bool | float):
                return int(value)  # type: ignore[arg-type]  # what it cannot take is the error
        except (TypeError, ValueError):
            pass
        raise self.error(f"{key} must be a whole number, got {value!r}")

    def values(self, key: str) -> list[Any]:
        """Return a list."""
        value = self.row.get(key)
        if not isinstance(value, list | tuple):
            raise self.error(f"{key} must be a list, got {_kind(value)}")
        return list(value)

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self.values(key)
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"{key} must be a list of strings")
        return tuple(values)

    def items(self, key: str) -> tuple[Fields, ...]:
        """Return a list of objects."""
        values = self.values(key)
        if not all(isinstance(value, Mapping) for value in values):
            raise self.error(f"{key} must be a list of objects")
        return tuple(
            Fields(value, f"{self.where}: {key}[{n}]", self.wanted, n)
            for n, value in enumerate(values)
        )

    def sources(self) -> tuple[str, ...]:
        """Return the text or texts that the output was written from."""
        found = self.strings("sources") if self.has("sources") else (self.text("source"),)
        if not any(text.strip() for text in found):
            raise self.error("the source is empty")
        return found

    def verdict(self, value: object) -> bool:
        """Return what a vote says: yes or no, true or false, 1 or 0."""
        said = str(value).strip().lower()
        if said not in _YES | _NO:
            raise self.error(f"a vote must be yes or no, got {value!r}")
        return said in _YES

    def numbers(self, key: str) -> tuple[tuple[str, float], ...]:
        """Return named numbers, by name; a list of several people's is averaged."""
        value = self.row.get(key)
        if not isinstance(value, Mapping) or not value:
            raise self.error(f"{key} must be an object of numbers, got {_kind(value)}")
        return tuple(
            (str(name), self._mean(f"{key}.{name}", value[name])) for name in sorted(value)
        )

    def columns(self, *, but: str) -> tuple[tuple[str, float | None], ...]:
        """Return every other key's number, None where it has none ("", "NA")."""
        return tuple((str(key), _float(value)) for key, value in self.row.items() if key != but)

    def _mean(self, key: str, value: object) -> float:
        given = value if isinstance(value, list | tuple) else [value]
        numbers = [_float(one) for one in given]
        known = [number for number in numbers if number is not None]
        if not known or len(known) < len(numbers):
            raise self.error(f"{key} must be a number or numbers, got {value!r}")
        return sum(known) / len(known)


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
