from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer

from digest.text.words import common_words
from eval.metrics.porter import stem

_SUFFIXES = """
ational tional enci anci izer abli bli alli entli eli ousli ization ation ator alism iveness fulness
ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able
ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e l ll s es ies sses ss eed ed ing
ied y yy at bl iz ated bling ly zz
"""
_NLTK = PorterStemmer()
_ORIGINAL = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)
_MADE = st.builds(
    lambda start, ends: start + "".join(ends),
    st.text("aeiouybtslzwxcr7", max_size=6),
    st.lists(st.sampled_from(_SUFFIXES.split()), max_size=3),
)


def test_every_common_word_has_the_stem_that_nltk_gives_it() -> None:
    words = [
        word
        for word in sorted(common_words())
        if word.isascii() and word.islower() and word.isalnum()
    ]
    assert len(words) > 15_000
    assert [stem(word, nltk=True) for word in words] == [_NLTK.stem(word) for word in words]
    assert [stem(word, nltk=False) for word in words] == [_ORIGINAL.stem(word) for word in words]


@settings(max_examples=800, deadline=None)
@given(_MADE)
def test_made_up_words_have_the_stem_that_nltk_gives_them(word: str) -> None:
    assert stem(word, nltk=True) == _NLTK.stem(word)
    assert stem(word, nltk=False) == _ORIGINAL.stem(word)


@settings(max_examples=200, deadline=None)
@given(_MADE.filter(lambda word: len(word) > 3))
def test_something_is_left_of_every_word_that_rouge_stems(word: str) -> None:
    assert stem(word, nltk=True)
    assert stem(word, nltk=False)


@pytest.mark.parametrize(
    ("word", "original", "extended"),
    [
        ("dying", "dy", "die"),
        ("skies", "ski", "sky"),
        ("news", "new", "news"),
        ("innings", "in", "inning"),
        ("ties", "ti", "tie"),
        ("died", "di", "die"),
        ("spied", "spi", "spi"),
        ("enjoy", "enjoi", "enjoy"),
        ("fly", "fly", "fli"),
        ("theology", "theologi", "theolog"),
        ("hopefully", "hopefulli", "hope"),
        ("rationally", "ration", "ration"),
        ("as", "a", "as"),
        ("s", "", "s"),
        ("", "", ""),
        ("2023s", "2023", "2023"),
        ("yyyy", "yyyi", "yyyi"),
        ("y" * 5_000, "y" * 4_999 + "i", "y" * 4_999 + "i"),
    ],
)
def test_where_the_two_forms_part(word: str, original: str, extended: str) -> None:
    assert (stem(word, nltk=False), stem(word, nltk=True)) == (original, extended)
    assert (_ORIGINAL.stem(word), _NLTK.stem(word)) == (original, extended)
