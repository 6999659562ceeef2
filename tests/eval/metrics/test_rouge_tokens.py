from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer
from rouge_score.tokenize import tokenize

from eval.metrics import rouge_tokens
from eval.metrics.rouge_tokens import Stem, Tok, token_lines, tokens

_STEMMERS: dict[Stem, PorterStemmer | None] = {
    "porter-nltk": PorterStemmer(),
    "porter-orig": PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM),
    "none": None,
}


@given(st.text(), st.sampled_from(["porter-nltk", "porter-orig", "none"]))
def test_any_text_has_the_tokens_of_the_package(text: str, stem: Stem) -> None:
    assert tokens(text, stem=stem, tok="rouge155") == tokenize(text, _STEMMERS[stem])


@pytest.mark.parametrize(
    "text",
    ["İSTANBUL", "\u212aelvin", "ﬁne", "Straße", "a\ud800b", "１２", "x\x0by\u2028z", "don't_stop"],
)
def test_letters_are_made_small_before_anything_is_cut(text: str) -> None:
    assert tokens(text, stem="none", tok="rouge155") == tokenize(text, None)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_texts_have_the_same_tokens_under_both(text: str) -> None:
    assert tokens(text, stem="porter-orig", tok="unicode") == tokens(
        text, stem="porter-orig", tok="rouge155"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Größe STRASSE", ["grösse", "strasse"]),
        ("１２３ ﬁne", ["123", "fine"]),
        ("cafe\u0301 café", ["café", "café"]),
        ("Приве́т, мир!", ["приве\u0301т", "мир"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("भारत\u200dका", ["भारतका"]),
        ("東京タワー・ビル 2024年", [*"東京タワービル", "2024", "年"]),
        ("สวัสดี", ["ส", "วั", "ส", "ดี"]),
        ("ສະບາຍ", ["ສ", "ະ", "ບ", "າ", "ຍ"]),
        ("ភាសា", ["ភា", "សា"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("서울은 큰 도시", ["서울은", "큰", "도시"]),
        ("ก1a", ["ก", "1a"]),
        ("İzmir ΣΟΦΟΣ", ["i\u0307zmir", "σοφοσ"]),
        ("snake_case x—y", ["snake", "case", "x", "y"]),
        ("👍🏽 ❤\ufe0f €", []),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    assert tokens(text, stem="none", tok="unicode") == words


def test_only_ascii_words_are_stemmed() -> None:
    assert tokens("cafés rules", stem="porter-orig", tok="unicode") == ["cafés", "rule"]


def test_the_table_of_stems_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rouge_tokens, "_MOST_WORDS", 10)
    table = rouge_tokens._Stems("porter-orig")
    assert [table[f"{'ab' * n}ing"] for n in range(1, 50)] == ["ab" * n for n in range(1, 50)]
    assert len(table) <= 10
    assert table["w" * 51] == "w" * 51
    assert "w" * 51 not in table


@given(st.text(st.sampled_from("aB1 .\n\r\x0b\u2028\u0301é")))
def test_line_feeds_alone_end_a_line(text: str) -> None:
    for tok in get_args(Tok):
        lines = [tokens(line, stem="none", tok=tok) for line in text.split("\n")]
        assert token_lines(text, stem="none", tok=tok) == lines


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(ValueError, match=r"stem must be one of .*, got 'lancaster'"):
        tokens("a", stem="lancaster", tok="rouge155")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"tok must be one of rouge155, unicode, got 'moses'"):
        tokens("a", stem="none", tok="moses")  # type: ignore[arg-type]
