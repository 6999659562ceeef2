"""Names that the embedded model finds, as mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import whole_names
from digest.backends.embedded.pieces import word_spans
from digest.backends.embedded.tagger import shipped
from digest.records import Label, Mention
from digest.text.memory import remember
from digest.text.names import without_possessive
from digest.text.sentences import sentence_spans

if TYPE_CHECKING:
    from digest.backends.embedded.tagger import Tagger

# Dates and amounts are found better by rules, which know their values; MISC is works and products
# as often as events, and nothing that a briefing is checked for.
_LABELS: Final = {
    "PERSON": Label.PERSON,
    "ORG": Label.ORG,
    "PLACE": Label.PLACE,
    "NORP": Label.NORP,
}


@remember(characters=500_000)
def model_names(text: str, tagger: Tagger | None = None) -> tuple[Mention, ...]:
    """Return the people, bodies, places and peoples that a text names, by start, none overlapping.

    Args:
        text: cased text, one sentence or more.
        tagger: a model with a head `names`; None for the one that ships.

    Raises:
        BackendError: the model is not installed.
    """
    model = tagger or shipped("ner")
    spans = [
        [(sentence.start + start, sentence.start + end) for start, end in word_spans(piece)]
        for sentence in sentence_spans(text)
        if (piece := text[sentence.start : sentence.end])
    ]
    sentences = [[text[start:end] for start, end in row] for row in spans]
    (found,) = model.tags([sentences])
    return tuple(
        _mention(text, row[start][0], row[end - 1][1], _LABELS[kind])
        for row, words, tags in zip(spans, sentences, found, strict=True)
        for start, end, kind in whole_names(words, tags)
        if kind in _LABELS
    )


def _mention(text: str, start: int, end: int, label: Label) -> Mention:
    end = start + len(without_possessive(text[start:end]))
    return Mention(text=text[start:end], label=label, start=start, end=end)
