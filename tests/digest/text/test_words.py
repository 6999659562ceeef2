"""Words, stems, and the packaged counts."""

from __future__ import annotations

from digest.text.words import (
    STOPWORDS,
    common_words,
    content_stems,
    document_frequency,
    lower_case_words,
    stem,
    words,
)


def test_words_keep_what_belongs_to_them() -> None:
    assert words("U.S. half-way isn’t A.B.C. 3,5") == [
        "U.S.", "half-way", "isn’t", "A.B.C.", "3", "5",
    ]  # fmt: skip


def test_stems_meet() -> None:
    assert stem("Ministers’") == stem("minister")
    assert stem("Italy’s") == stem("Italy's") == stem("ITALY")
    assert stem("U.S.") == "us"


def test_a_page_of_base64_is_no_word_to_stem() -> None:
    assert stem("negotiations" * 5_000) == "negotiations" * 5_000


def test_stop_words_carry_no_content() -> None:
    assert content_stems("She isn’t where they were.") == ()


def test_packaged_counts_are_shares() -> None:
    shares = document_frequency()
    assert len(shares) > 1_000
    assert all(0 < share <= 1 for share in shares.values())
    assert shares[stem("government")] > shares.get(stem("volcano"), 0.0)
    assert "government" in common_words()
    assert not any(word[0].isupper() for word in common_words())
    assert "the" in STOPWORDS


def test_lower_case_words() -> None:
    assert lower_case_words(["Reds won", "the reds lost"]) == {"won", "the", "reds", "lost"}
