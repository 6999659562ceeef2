"""Which language a text is in, with and without the model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from digest.clean.language import find_language

if TYPE_CHECKING:
    import pytest

ENGLISH = (
    "The council said that the river would rise again. They have closed the bridge and moved "
    "those who live there, which took all night. What comes next is not known."
)
GERMAN = (
    "Der Rat sagte, dass der Fluss wieder steigen werde. Die Brücke ist gesperrt, und wer dort "
    "wohnt, wurde in der Nacht in Sicherheit gebracht. Was nun kommt, weiß niemand."
)
NAMES = (
    "Lee Park Kim Cho Nakamura Sato Suzuki Tanaka Ito Yamamoto Watanabe Kobayashi Kato Yoshida "
    "Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Saito"
)


def test_plain_english_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)  # an import now fails
    assert find_language(ENGLISH) == ("en", 1.0)


def test_other_texts_are_asked_about() -> None:
    german = find_language(GERMAN)
    assert german is not None
    assert german[0] == "de"
    assert german[1] > 0.99
    names = find_language(NAMES)
    assert names is not None
    assert names[1] < 1


def test_english_words_in_a_text_of_another_language_do_not_make_it_english() -> None:
    mixed = find_language(f"{GERMAN} {GERMAN} „The show that they have made“ heißt das Stück.")
    assert mixed is not None
    assert mixed[0] == "de"
