"""Sentence spans where the splitter does something unforeseen, and in very long paragraphs."""

from __future__ import annotations

import pytest

from digest.text import sentences
from digest.text.sentences import sentence_spans


class _Splitter:
    def __init__(self, *pieces: str) -> None:
        self._pieces = list(pieces)

    def segment(self, _text: str) -> list[str]:
        return self._pieces


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        # Rewritten: what cannot be found again stays one sentence.
        ("One. Two... Three.", ["One. ", "Two\u2026 ", "Three."], ["One.", "Two... Three."]),
        # Lost: a character between two pieces goes to the second.
        ("One. - Two.", ["One. ", "Two."], ["One.", "- Two."]),
        ("One. Two.", ["One. "], ["One.", "Two."]),
        # A closing mark left to the next sentence comes back, an opening one stays there.
        ("One.\u201d Two.", ["One.", "\u201d Two."], ["One.\u201d", "Two."]),
        ('One."Two.', ["One.", '"Two.'], ["One.", '"Two.']),
        # Bare punctuation and white space are no sentences.
        ("One. ?! Two.", ["One. ", "?! ", "Two."], ["One. ?!", "Two."]),
        ("One.  Two.", ["One. ", " ", "Two."], ["One.", "Two."]),
        ("One.) ", ["One.", ")"], ["One.)"]),
    ],
)
def test_what_the_splitter_gets_wrong(
    monkeypatch: pytest.MonkeyPatch, text: str, pieces: list[str], expected: list[str]
) -> None:
    monkeypatch.setattr(sentences, "_segmenter", lambda: _Splitter(*pieces))
    assert [text[s.start : s.end] for s in sentence_spans(text)] == expected


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The river rose again and nobody slept."
    text = " ".join([sentence] * 300)
    assert {text[s.start : s.end] for s in sentence_spans(text)} == {sentence}
    unbroken = "word " * 1_500
    pieces = [unbroken[s.start : s.end] for s in sentence_spans(unbroken)]
    assert " ".join(pieces) == unbroken.strip()
    solid = "x" * 7_000
    assert "".join(solid[s.start : s.end] for s in sentence_spans(solid)) == solid
