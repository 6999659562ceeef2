"""The splitter cuts where pysbd itself does."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # pysbd 0.3.4 has unescaped regexes
    from pysbd.segmenter import Segmenter

    from digest.text.splitter import EnglishSegmenter

_PYSBD = Segmenter(language="en", clean=False)
_OURS = EnglishSegmenter()

_PIECES = st.sampled_from(
    [
        *("Mr. Mr mr. Sen. sen. Gov. St. No. no. p. pp. art. Inc. Co. U.S. u.s. e.g.".split()),
        *("Ph.D. dr.phil. May. is. İnc. ınc. ſt. is.. v. vs. a. b. 1. 2. 7 (7) i.e. {".split()),
        *("The He I I'm I'll said . ! ? , : - … “ ” \" ' ( ) a.m. p.m. 3.5 $4 A".split()),
        *("{mr}", " ", "\n", "\t", "\u00a0", "\u2028"),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_PIECES, max_size=25), st.sampled_from([" ", ""]))
def test_any_text_is_cut_as_pysbd_cuts_it(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    assert _OURS.segment(text) == _PYSBD.segment(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sen. Smith of Ga. said so. No. 5 fell. It cost $3.5 billion. Mr. Lee, of Acme Inc., left.",
        "He said so. He said so. He said so.  She left.",
        "On Jan. 5 the U.S. acted. The U.S. He left {mr Lee}. Dr. No came, e.g. to St. Ives.",
        "1. One thing. 2. Another thing. (a) First. b) Second. a. Third. b. Fourth.",
    ],
)
def test_news_is_cut_as_pysbd_cuts_it(text: str) -> None:
    assert _OURS.segment(text) == _PYSBD.segment(text)
    assert len(_OURS.segment(text)) > 2
