"""Labels of the embedded models, and how rows of scores become spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

NAME_TYPES: Final = ("PERSON", "ORG", "PLACE", "NORP", "MISC", "DATE", "MONEY")
NAME_LABELS: Final = ("O", *(f"{mark}-{kind}" for kind in NAME_TYPES for mark in "BI"))

# What may be put between two sentences that become one. Connectives only: nothing here can say what
# the sources do not, except for a contrast, which the model has to find in both.
CONNECTIVES: Final = (
    "",
    *", | and | , and | ; | , which | which | , who | who | but | , but".split(" | "),
    *", where | where | while | , while | , with | : | , although | although | , though".split(
        " | "
    ),
)


# The types of names that other names are parts of: "Wall Street" of the "Wall Street Journal".
_WHOLES: Final = frozenset({"PERSON", "ORG", "PLACE"})
# A name does not end with one of these: "University of", and then the place.
_JOINING: Final = frozenset("of for and the in at de du del des la".split())


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of runs of one type in `B-`/`I-`/`O` tags, end exclusive.

    >>> spans_of(["O", "B-ORG", "I-ORG", "B-PLACE", "I-ORG"])
    [(1, 3, 'ORG'), (3, 4, 'PLACE'), (4, 5, 'ORG')]
    """
    found: list[tuple[int, int, str]] = []
    for place, tag in enumerate(tags):
        if tag == "O":
            continue
        goes_on = tag[0] == "I" and found and found[-1][1:] == (place, tag[2:])
        if goes_on:
            found[-1] = (found[-1][0], place + 1, tag[2:])
        else:
            found.append((place, place + 1, tag[2:]))
    return found


def whole_names(words: Sequence[str], tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of names, each with the names that are parts of it.

    Each word is tagged with the type of the innermost name it belongs to, and `I-` behind another
    type says that the name around it goes on.

    >>> whole_names("the Wall Street Journal".split(), ["O", "B-PLACE", "I-PLACE", "I-ORG"])
    [(1, 4, 'ORG')]
    >>> whole_names("Bank of Ghana in Accra".split(), "B-ORG I-ORG B-PLACE O B-PLACE".split())
    [(0, 3, 'ORG'), (4, 5, 'PLACE')]
    """
    found: list[tuple[int, int, str]] = []
    for part in spans_of(tags):
        start, end, kind = part
        if not found or found[-1][1] != start:
            found.append(part)
        elif tags[start][0] == "I" and kind in _WHOLES:
            start, *_ = found.pop()
            if found and found[-1][1:] == (start, kind):
                start, *_ = found.pop()
            found.append((start, end, kind))
        elif found[-1][2] in _WHOLES and words[start - 1].lower() in _JOINING:
            start, _, kind = found.pop()
            found.append((start, end, kind))
        else:
            found.append(part)
    return found


def best_path(scores: NDArray[np.float32], labels: Sequence[str]) -> list[str]:
    """Return the most probable tags in which no `I-` stands where no name began (Viterbi).

    It may stand behind another type: see `whole_names`.

    Args:
        scores: log probabilities, shape (words, labels).
        labels: name of each column, `O`, `B-…`, `I-…`.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s

    barred = np.array(
        [[after[0] == "I" and before == "O" for after in labels] for before in labels]
    )
    step = np.where(barred, -np.inf, 0.0)
    start = np.where([label[0] == "I" for label in labels], -np.inf, 0.0)
    best, back = scores[0] + start, []
    for row in scores[1:]:
        paths = best[:, None] + step
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    place = int(best.argmax())
    path = [place]
    for pointers in reversed(back):
        place = int(pointers[place])
        path.append(place)
    return [labels[index] for index in reversed(path)]
