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


def test_a_name_that_comes_again_is_found_alike() -> None:
    text = (
        "Clara Dorn left Velm Energy on Friday. Dorn had led Velm Energy for years."
        " Nobody asked Dorn why."
    )
    found = names(text)
    assert [label for name, label in found if "Dorn" in name] == [Label.PERSON] * 3
    assert [label for name, label in found if "Velm" in name] == [Label.ORG] * 2


def test_names_within_names_are_one_name() -> None:
    text = "He told the Wall Street Journal and the Bank of Ghana."
    assert names(text) == [("Wall Street Journal", Label.ORG), ("Bank of Ghana", Label.ORG)]


def test_names_of_a_long_text_lie_where_they_stand() -> None:
    line = "Angela Merkel left Berlin on Monday, after the talks had ended. "
    found = names(line * 40)
    assert found == [("Angela Merkel", Label.PERSON), ("Berlin", Label.PLACE)] * 40


def test_dates_and_amounts_are_left_to_rules() -> None:
    assert names("It paid $3 million on Monday.") == []


def test_nothing_is_named_in_nothing() -> None:
    assert names("") == []
