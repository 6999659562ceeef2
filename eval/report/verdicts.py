"""Verdicts as they are shown: a word, a sign, a look."""

from __future__ import annotations

from dataclasses import dataclass

from eval.comparing.records import Verdict

# Verdict -> its sign and the name of its look. Shapes differ, so that no color has to be told.
SIGNS = {
    Verdict.BETTER: ("▲", "better"),
    Verdict.WORSE: ("▼", "worse"),
    Verdict.MIXED: ("▲▼", "mixed"),
    Verdict.NO_DIFFERENCE: ("≈", "unclear"),
    Verdict.NO_CHANGE: ("=", "same"),
    Verdict.INTERVAL_ONLY: ("", "untested"),
    Verdict.NOT_COMPARABLE: ("×", "apart"),
}
_TURNED = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict as it is shown."""

    words: str
    sign: str
    look: str


def judged(verdict: Verdict) -> Judged:
    """Return the words, the sign and the look of a verdict."""
    sign, look = SIGNS[verdict]
    return Judged(words=verdict.value, sign=sign, look=look)


def turned(verdict: Verdict) -> Verdict:
    """Return what is said of the baseline beside the candidate.

    >>> turned(Verdict.BETTER).value, turned(Verdict.NO_DIFFERENCE).value
    ('worse', 'no difference shown')
    """
    return _TURNED.get(verdict, verdict)
