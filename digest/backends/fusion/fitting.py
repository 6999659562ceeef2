"""Shorten what was chosen until it fits: a text may be chosen longer than its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.backends.fusion.options import cover, options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.candidates import Candidate
    from digest.backends.fusion.options import Option, Pick


def fit(
    candidates: Sequence[Candidate], picks: Sequence[Pick], *, max_words: int
) -> tuple[Pick, ...] | None:
    """Return the picks in wordings that take at most `max_words` words together.

    The wording that loses least for the words it saves goes in first; what another picked sentence
    says, too, is no loss. None where even the shortest wordings are too long.

    Args:
        candidates: all sentences, the picked ones with every wording there is.
        picks: what was chosen, whole.
        max_words: whitespace-separated words.
    """
    known = {(o.pick.candidate, o.pick.wording): o for o in options(candidates)}
    chosen = {pick.candidate: known[pick.candidate, pick.wording] for pick in picks}
    while sum(option.words for option in chosen.values()) > max_words:
        shorter = min(
            (
                (_loss(option, other, chosen), number, other.pick.wording)
                for number, option in chosen.items()
                for other in known.values()
                if other.pick.candidate == number and other.words < option.words
            ),
            default=None,
        )
        if shorter is None:
            return None
        _, number, wording = shorter
        chosen[number] = known[number, wording]
    return tuple(chosen[pick.candidate].pick for pick in picks)


def _loss(now: Option, then: Option, chosen: dict[int, Option]) -> float:
    """Return the value that a shorter wording loses, for each word that it saves."""
    others = [o for o in chosen.values() if o.pick.candidate != now.pick.candidate]
    covered, _ = cover(others)
    return (now.gain(covered) - then.gain(covered)) / (now.words - then.words)
