"""How long a text is."""

from __future__ import annotations

from dataclasses import dataclass

from digest.text.sentences import count_words
from eval.metrics.lines import SENTENCES, sentences, without_marks
from eval.signature import signature

SIGNATURE = signature("length", words="white-space", chars="code-points", sents=SENTENCES, v=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Counts of one text; of a text that says nothing all are 0, which is its length."""

    words: int
    sentences: int
    characters: int

    @property
    def words_per_sentence(self) -> float | None:
        """Return the mean length of a sentence in words, None where there is no sentence."""
        return self.words / self.sentences if self.sentences else None


def length(text: str) -> Length:
    r"""Return the length of a text, the line marks of other systems counted as line breaks.

    Words are what white space separates, the unit of every budget of the pipeline; characters are
    code points, white space between words counted as one each.

    >>> length("The U.S. paid $3.5 billion.\nNobody  asked.")
    Length(words=7, sentences=2, characters=41)
    """
    plain = without_marks(text)
    return Length(
        words=count_words(plain),
        sentences=len(sentences(text)),
        characters=len(" ".join(plain.split())),
    )
