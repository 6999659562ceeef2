"""Expected failures of the harness, beside those of `digest.errors`."""

from __future__ import annotations

from digest.errors import DigestError


class NotComparableError(DigestError):
    """Systems were scored on other clusters or with other choices; the message says which."""

    exit_code = 5


class BusyError(DigestError):
    """Somebody else is doing it already; 75 is what sysexits.h calls a temporary failure."""

    exit_code = 75
