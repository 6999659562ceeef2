"""Articles as vectors over four channels: words, names, lead, numbers.

Each channel is a TF-IDF vector of its own; the cosine of two articles is the weighted mean of the
channels' cosines. On ECB+ (982 texts, 86 events), retuned without a channel each, B-cubed F1 was
.939 without names, .938 without numbers, .946 without the lead, .924 for words alone, .945 for all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.dates import MONTHS, WEEKDAYS
from digest.text.words import STOPWORDS, document_frequency, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import ndarray
    from scipy.sparse import csr_matrix

CHANNELS = ("words", "names", "lead", "numbers")
WEIGHTS = (0.3, 0.3, 0.2, 0.2)
LEAD_WORDS = 60
# Articles in the collection at which a term seen in one article only counts half: in a large
# collection such a term says nothing, in a small one it is all that says "another story".
_LONE = 30
# Articles of ordinary news that document frequencies start from. Where a collection is one event,
# everything in it is shared and only ordinary news tells what a shared word says: five texts of one
# ECB+ event are one cluster at F1 1.00 with it and .78 without (at threshold .1).
PRIOR = 1000

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_CALENDAR = frozenset(WEEKDAYS) | frozenset(MONTHS)
_SKIPPED = STOPWORDS | _CALENDAR | frozenset(("mr mrs ms new year years according").split())

Bags = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Rows whose dot product is the similarity in [0, 1], and (channel, term) of each column."""

    rows: csr_matrix
    columns: tuple[tuple[str, str], ...]


def bags(text: str) -> Bags:
    """Count the terms of a text by channel.

    A name is a capitalized word that this text never writes in lower case; words and lead hold
    neighbouring pairs, too.

    >>> found = bags("Police in Sonoma felt 2 quakes, police said.")
    >>> sorted(found["names"]), sorted(found["numbers"])
    (['sonoma'], ['2'])
    """
    tokens = _TOKEN.findall(text)
    lower = {token for token in tokens if token[0].islower()}
    out: Bags = {channel: Counter() for channel in CHANNELS}
    previous = ""
    for position, token in enumerate(tokens):
        plain = re.sub(r"['’]s$", "", token.lower()).replace(",", "")
        if token[0].isdigit():
            out["numbers"][plain] += 1
        if len(plain) < 2 or plain in _SKIPPED:
            previous = ""
            continue
        root = stem(plain)
        terms = [root, f"{previous} {root}"] if previous else [root]
        out["words"].update(terms)
        if position < LEAD_WORDS:
            out["lead"].update(terms)
        if token[0].isupper() and plain not in lower:
            out["names"][root] += 1
        previous = root
    return out


def vectorize(texts: Sequence[str]) -> Channels:
    """Return the weighted channel vectors of some texts; terms of one text only are left out."""
    from scipy.sparse import hstack  # noqa: PLC0415 - 0.3 s

    counted = [bags(text) for text in texts]
    blocks: list[csr_matrix] = []
    columns: list[tuple[str, str]] = []
    for channel, weight in zip(CHANNELS, WEIGHTS, strict=True):
        block, terms = _channel([bag[channel] for bag in counted], channel, weight)
        blocks.append(block)
        columns += [(channel, term) for term in terms]
    return Channels(rows=hstack(blocks).tocsr(), columns=tuple(columns))


def _expected_holders(terms: Sequence[str], holders: Counter[str]) -> ndarray:
    """Return how many articles hold each term, PRIOR articles of ordinary news added."""
    import numpy as np  # noqa: PLC0415 - 0.1 s

    ordinary = document_frequency()
    return np.array([holders[term] + PRIOR * ordinary.get(term, 0.0) for term in terms])


def _channel(
    bags_: Sequence[Counter[str]], channel: str, weight: float
) -> tuple[csr_matrix, list[str]]:
    """Return rows of length sqrt(weight) and the terms of the columns that two texts share."""
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.sparse import csr_matrix as matrix  # noqa: PLC0415 - 0.3 s
    from scipy.sparse import diags  # noqa: PLC0415 - as above

    n = len(bags_)
    holders = Counter(term for bag in bags_ for term in bag)
    terms = sorted(holders)
    column = {term: index for index, term in enumerate(terms)}
    cells = [(r, column[t], count) for r, bag in enumerate(bags_) for t, count in bag.items()]
    rows, cols, counts = np.array(cells, dtype=int).reshape(-1, 3).T
    idf = np.log((1 + n + PRIOR) / (1 + _expected_holders(terms, holders))) + 1
    # Squared idf: rare terms tell twin events apart. Repeating a word soon adds nothing; repeating
    # a name says who the text is about.
    tf = counts / (counts + 0.5) if channel in {"words", "lead"} else 1 + np.log(counts)
    values = matrix((tf * idf[cols] ** 2, (rows, cols)), shape=(n, len(terms)))
    shared = np.array([holders[t] > 1 for t in terms], dtype=bool)
    square = values.multiply(values) @ np.where(shared, 1.0, 1.0 / (1.0 + n / _LONE))
    norm = np.sqrt(np.where(square > 0, square, 1.0) / weight)
    block = (diags(1.0 / norm) @ values).tocsc()[:, shared].tocsr()
    return block, [term for term in terms if holders[term] > 1]
