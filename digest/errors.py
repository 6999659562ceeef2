"""Expected failures. Each message says what was wrong, where, and the way out."""

from __future__ import annotations

from typing import Any


class DigestError(Exception):
    """Base of every failure a user can cause or mend; `exit_code` is what the command returns."""

    exit_code = 3


class ConfigError(DigestError):
    """A configuration cannot be used as written."""

    exit_code = 2


class UsageError(DigestError):
    """A command was called in a way that cannot work."""

    exit_code = 2


class SourceError(DigestError):
    """No input could be read at all."""


class BackendError(DigestError):
    """A backend could not write a summary.

    `reports` are the `digest.records.WritingReport`s of what was asked of models all the same.
    `took` is what one call took that brought no text, a `Generated` without texts; None where it is
    not known or nothing.
    """

    def __init__(self, message: str, *, reports: tuple[Any, ...] = (), took: Any = None) -> None:  # noqa: ANN401 - records come after errors
        super().__init__(message)
        self.reports = reports
        self.took = took


class NothingToPublishError(DigestError):
    """The run finished and nothing was fit to publish."""

    exit_code = 4
