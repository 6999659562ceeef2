from __future__ import annotations

from digest.backends.embedded.names import model_names
from digest.records import Label


def names(text: str) -> list[tuple[str, Label]]:
    found = model_names(text)
    assert all(text[m.start : m.end] == m.text for m in found)
    return [(m.text, m.label) for m in found]


def test_names_of_a_sentence() -> None:
    text = "French President Emmanuel Macron met NATO’s Mark Rutte in Paris."
    assert names(text) == [
        ("French", Label.NORP),
        ("Emmanuel Macron", Label.PERSON),
        ("NATO", Label.ORG),
        ("Mark Rutte", Label.PERSON),
        ("Paris", Label.PLACE),
    ]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Nothing happened here today. Angela Merkel left Berlin."
    assert names(text) == [("Angela Merkel", Label.PERSON), ("Berlin", Label.PLACE)]


def test_dates_and_amounts_are_left_to_rules() -> None:
    assert names("It paid $3 million on Monday.") == []


def test_nothing_is_named_in_nothing() -> None:
    assert names("") == []
