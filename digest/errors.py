"""Expected failures. Each message says what was wrong, where, and the way out."""

from __future__ import annotations


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
    """A backend could not write a summary."""


class NothingToPublishError(DigestError):
    """The run finished and nothing was fit to publish."""

    exit_code = 4
