"""Balanced marks, and the form in which quotations are compared."""

from __future__ import annotations

import pytest

from digest.text.quotes import balanced, quotation_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("“Yes,” he said, “no.”", True),
        ('"Yes," he said.', True),
        ("“Yes,” he said, “no.", False),
        ("Yes,” he said.", False),
        ("“Yes “no” he said.”", False),
        ('"Yes, he said.', False),
    ],
)
def test_balanced(text: str, *, expected: bool) -> None:
    assert balanced(text) is expected


def test_edges_and_apostrophes_do_not_count() -> None:
    assert quotation_key(" …We’re  done,") == quotation_key("we're done!")
    assert quotation_key("done") != quotation_key("done in")
