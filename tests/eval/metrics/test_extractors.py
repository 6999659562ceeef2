from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from digest.errors import UsageError
from digest.records import Label
from digest.text.uncased import is_uncased, restore_capitals
from eval.metrics.extractors import CASED_RULES, RULES, Spacy, extractor, spacy_extractor

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "cases" / "entities" / "uncased.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def _no_remembered_pipeline() -> None:
    spacy_extractor.cache_clear()


@pytest.mark.parametrize("case", _CASES, ids=lambda case: str(case["label"]))
def test_capitals_are_restored(case: dict[str, Any]) -> None:
    found = restore_capitals(case["input"], tuple(case["related"]))
    assert found == case["expected"]
    assert len(found) == len(case["input"])
    assert restore_capitals(found, tuple(case["related"])) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("police in glasgow arrested a man", True),
        ("Police in glasgow arrested a man .", True),
        ("Police in Glasgow arrested a man.", False),
        ("Police arrested a man.", False),
        ("Then I left glasgow for france.", True),
        ("Scotland, France and Italy met in Glasgow with wales.", False),
        ("", False),
        ("2016 - 2017", False),
        ("北京", False),
    ],
)
def test_capitals_say_something_or_not(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_uncased(text) is expected


def test_a_cased_text_is_read_as_it_stands() -> None:
    text = "The zorbist Ada Brandt left Rome."
    assert RULES.mentions(text) == CASED_RULES.mentions(text)
    assert [m.text for m in RULES.mentions(text)] == ["Ada Brandt", "Rome"]


def test_offsets_index_the_text_as_given() -> None:
    text = "yesterday paul merson left england with 20 men."
    sources = ["They saw Paul Merson."]
    for mention in RULES.mentions(text, sources=sources):
        assert text[mention.start : mention.end] == mention.text.lower()
    labels = [m.label for m in RULES.mentions(text, sources=sources)]
    assert labels == [Label.DATE, Label.PERSON, Label.PLACE, Label.NUMBER]


def test_a_date_takes_its_number_along() -> None:
    found = CASED_RULES.mentions("It rained two days ago.")
    assert [(m.text, m.label) for m in found] == [("two days ago", Label.DATE)]


def test_what_a_tokenizer_does_not_know_is_no_name() -> None:
    found = RULES.mentions("Then Gustavo [UNK] beat [UNK] in Rome.")
    assert [m.text for m in found] == ["Gustavo", "Rome"]


def test_names_of_extractors() -> None:
    assert RULES.name == "rules+uncased"
    assert CASED_RULES.name == "rules"
    with pytest.raises(
        UsageError, match="rules, cased-rules, embedded or spacy:MODEL, got 'flair'"
    ):
        extractor("flair")


def test_without_spacy_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(UsageError, match=r"pip install spacy.*extractor `rules`"):
        extractor("spacy:en_core_web_sm")


class _Pipeline:
    """What spaCy returns, as far as it is used; it knows the words it is given."""

    def __init__(self, known: dict[str, str]) -> None:
        self.meta = {"lang": "en", "name": "fake", "version": "1.2"}
        self._known = known

    def __call__(self, text: str) -> SimpleNamespace:
        found = [
            SimpleNamespace(
                text=word,
                label_=label,
                start_char=text.index(word),
                end_char=text.index(word) + len(word),
            )
            for word, label in self._known.items()
            if word in text
        ]
        return SimpleNamespace(ents=found)


def _install(monkeypatch: pytest.MonkeyPatch, known: dict[str, str]) -> None:
    def load(model: str) -> _Pipeline:
        if model != "en_fake":
            raise OSError(f"[E050] Can't find model {model!r}")
        return _Pipeline(known)

    module = ModuleType("spacy")
    module.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)


def test_labels_of_ontonotes_become_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"Tower Bridge": "FAC", "Ada": "PERSON", "Hamlet": "WORK_OF_ART", "two": "CARDINAL"}
    _install(monkeypatch, known)
    found = extractor("spacy:en_fake").mentions("Ada saw Hamlet at Tower Bridge, “so to say”, two.")
    assert [(m.text, m.label) for m in found] == [
        ("Ada", Label.PERSON),
        ("Tower Bridge", Label.PLACE),
        ("so to say", Label.QUOTE),
        ("two", Label.NUMBER),
    ]
    assert extractor("spacy:en_fake").name == "spacy-en_fake-1.2+uncased"


def test_spacy_sees_restored_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, {"Glasgow": "GPE"})
    found = extractor("spacy:en_fake").mentions("a man left glasgow")
    assert [(m.text, m.start, m.end) for m in found] == [("Glasgow", 11, 18)]


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, {})
    with pytest.raises(UsageError, match="spaCy has no model 'en_gone'"):
        extractor("spacy:en_gone")


def test_a_real_pipeline() -> None:
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "GPE", "pattern": "Orsava"}, {"label": "WORK_OF_ART", "pattern": "Hamlet"}]
    )
    found = Spacy(name="blank", pipeline=pipeline).mentions("Hamlet was played in Orsava.")
    assert [(m.text, m.label, m.start, m.end) for m in found] == [("Orsava", Label.PLACE, 21, 27)]


def test_the_embedded_model_finds_names_and_the_rules_the_rest() -> None:
    found = extractor("embedded").mentions("Angela Merkel left Berlin on Monday with 40 aides.")
    assert [(m.text, m.label) for m in found] == [
        ("Angela Merkel", Label.PERSON),
        ("Berlin", Label.PLACE),
        ("Monday", Label.DATE),
        ("40", Label.NUMBER),
    ]
    assert "embedded-ner" in extractor("embedded").name
