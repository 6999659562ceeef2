"""The rule for "supported": the traps that other checkers fall into, row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from digest.records import Label, Mention, Support
from digest.text.entities import Aliases, evidence, strongest, support
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions

_FILE = Path(__file__).parents[2] / "cases" / "text" / "support.json"
_TRAPS: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))


def _level(text: str, label: Label, source: str, *cluster: str) -> str:
    """Return the support of a mention in `source`, with the aliases of `source` and `cluster`."""
    mentions = {str(n): find_mentions(body) for n, body in enumerate([source, *cluster])}
    mention = Mention(text=text, label=label, start=0, end=len(text))
    return support(mention, evidence(source), Aliases(link_entities(mentions))).value


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("US", "He took the bus.", "none"),
        ("US", "It told us nothing. Us too.", "none"),
        ("WHO", "People who left. Who left?", "none"),
        ("IT", "It rained and it froze.", "none"),
        ("Polish", "They polish the floor.", "none"),
        ("Polish", "The POLISH army left.", "normalised"),
        ("US", "The U.S. paid.", "normalised"),
        ("U.S.", "The US paid.", "normalised"),
        ("United States", "The US paid.", "normalised"),
        ("EU", "The European Union paid.", "normalised"),
        ("European Union", "The EU paid.", "normalised"),
        ("Erdogan", "Then Erdoğan left.", "normalised"),
        ("Erdoğan", "Then ERDOGAN left.", "normalised"),
        ("NATO", "Then Nato left.", "normalised"),
        ("Kosh-Oran", "Floods in Kosh Oran.", "normalised"),
        ("Government", "The government left.", "normalised"),
        ("Finland", "A Finnish ship sank.", "alias"),
        ("Finnish", "A ship left Finland.", "alias"),
        ("Americans", "The US paid.", "alias"),
        ("Kyiv", "Rockets hit Kiev.", "alias"),
        ("Zelenskyy", "Then Zelenskiy left.", "alias"),
        ("John Smith", "Then Jane Smith left.", "none"),
        ("Donald Tusk", "Then Donald Trump left.", "none"),
        ("Georgia", "Then Germany left.", "none"),
        ("Niger", "Then Nigeria left.", "none"),
        ("Iran", "Then Iraq left.", "none"),
        ("South Korea", "Then North Korea left.", "none"),
        ("Lavrov", "Then Sergei Lavrov left.", "verbatim"),
        ("Rubio", "The Rubio-Lavrov meeting ended.", "verbatim"),
    ],
)
def test_names(name: str, source: str, expected: str) -> None:
    assert _level(name, Label.ORG, source) == expected


@pytest.mark.parametrize(
    ("name", "source", "cluster", "expected"),
    [
        ("Sergei Lavrov", "Then Lavrov left.", "Sergei Lavrov arrived.", "alias"),
        ("Volodymyr Zelenskyy", "Then Zelensky left.", "Volodymyr Zelensky arrived.", "none"),
        ("Arctic Sea Council", "The ASC left.", "The Arctic Sea Council came.", "alias"),
        ("ASC", "The Arctic Sea Council came.", "The ASC left.", "alias"),
        # Where Smith is John, another source's Jane Smith is no mention of him.
        ("John Smith", "Then Jane Smith left.", "John Smith came. Later Smith ate.", "none"),
        # Two people share the surname: it names neither.
        ("John Smith", "Later Smith ate.", "John Smith and Jane Smith came.", "none"),
        # At a sentence's start "Page" is not found as a mention, and the word still stands there.
        ("Larry Page", "Page left.", "Yesterday Larry Page came. Then Page ate.", "alias"),
    ],
)
def test_names_of_a_cluster(name: str, source: str, cluster: str, expected: str) -> None:
    assert _level(name, Label.PERSON, source, cluster) == expected


@pytest.mark.parametrize(
    ("number", "source", "expected"),
    [
        ("455 g", "It weighs 455g.", "normalised"),
        ("455g", "It weighs 455 g.", "normalised"),
        ("455g", "It weighs 455g.", "verbatim"),
        ("455", "It weighs 1455 in all.", "none"),
        ("455", "It weighs 4550 in all.", "none"),
        ("455", "It weighs 1,455 in all.", "none"),
        ("455", "It weighs 455.5 in all.", "none"),
        ("455", "Call 555-455-1234x.", "verbatim"),
        ("5", "It is 95% full.", "none"),
        ("5", "It is 5% full.", "none"),
        ("5", "It is 5 per cent full.", "none"),
        ("5", "It costs $5.", "none"),
        ("5", "It costs 5 million.", "none"),
        ("5", "It came on 5 May.", "none"),
        ("5", "The F-5 landed.", "none"),
        ("$5", "It costs 5 dollars.", "normalised"),
        ("$5", "It costs A$5.", "none"),
        ("five", "The 5 left.", "normalised"),
        ("5%", "It is five percent.", "normalised"),
        ("2.5 thousand", "Then 2,500 left.", "normalised"),
        ("2,500", "Then 2500 left.", "normalised"),
        ("two dozen", "Then 24 left.", "normalised"),
        ("$3.5 billion", "It costs $3.5bn.", "normalised"),
        ("more than 50", "Then 53 left.", "alias"),
        ("more than 50", "Then over 50 left.", "normalised"),
        ("more than 50", "Then 80 left.", "none"),
        ("nearly 20", "Then 19 left.", "alias"),
        ("nearly 20", "Then 21 left.", "none"),
        ("about 1,000", "Then 950 left.", "alias"),
        ("1,000", "Then 1,020 left.", "alias"),
        ("1,020", "Then 1,000 left.", "none"),
        ("2022", "Then 2022 people left.", "verbatim"),
        ("2022", "It began in 2022.", "none"),
        ("no digits", "Then 1,000 left.", "none"),
    ],
)
def test_numbers(number: str, source: str, expected: str) -> None:
    assert _level(number, Label.NUMBER, source) == expected


@pytest.mark.parametrize(
    ("date", "source", "expected"),
    [
        ("Monday", "It rained on Tuesday.", "none"),
        ("Monday", "It rained on Monday.", "verbatim"),
        ("24 February 2022", "It began on February 24, 2022.", "normalised"),
        ("24 February", "It began on Feb. 24, 2022.", "normalised"),
        ("February 2022", "It began on 2022-02-24.", "normalised"),
        ("25 February 2022", "It began on February 24, 2022.", "none"),
        ("24 February 2022", "It began on 24 February.", "none"),
        ("2022", "There were 2022 people.", "none"),
        ("soon", "It comes soon.", "verbatim"),
        ("soon", "It comes sooner.", "none"),
    ],
)
def test_dates(date: str, source: str, expected: str) -> None:
    assert _level(date, Label.DATE, source) == expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("We’re done with this", "verbatim"),
        ("We're done with this,", "normalised"),
        ("we’re  done with this!", "normalised"),
        ("We’re done with that", "none"),
        ("We’re not done with this", "none"),
        ("one with this", "none"),
        ("We’re done with thi", "none"),
        ("…", "none"),
    ],
)
def test_quotations(quote: str, expected: str) -> None:
    source = "“We’re done with this,” said Ada Brandt."
    assert _level(quote, Label.QUOTE, source) == expected


def test_strongest() -> None:
    assert strongest([]) is Support.NONE
    assert strongest([Support.NONE, Support.ALIAS, Support.NORMALISED]) is Support.NORMALISED


def test_entities_know_their_users_and_fullest_name() -> None:
    found = {
        "a": find_mentions("Germany sent Olaf Scholz. Scholz spoke."),
        "b": find_mentions("The German chancellor Scholz left on 3 May."),
    }
    entities = {entity.name: entity for entity in link_entities(found)}
    assert entities["Olaf Scholz"].spellings == ("Olaf Scholz", "Scholz")
    assert entities["Olaf Scholz"].label is Label.PERSON
    assert entities["Olaf Scholz"].article_ids == ("a", "b")
    assert entities["Germany"].spellings == ("German", "Germany")
    assert len(entities) == 2


def test_an_acronym_of_two_bodies_joins_neither() -> None:
    texts = ("The Arctic Sea Council met.", "The Alpine Ski Club met.", "The ASC met.")
    found = {text: find_mentions(text) for text in texts}
    assert len(link_entities(found)) == 3


@pytest.mark.parametrize("case", _TRAPS, ids=[case["label"] for case in _TRAPS])
def test_traps(case: dict[str, Any]) -> None:
    texts = [case["source"], *([case["cluster"]] if "cluster" in case else [])]
    start = case.get("start", 0)
    mention = Mention(
        text=case["mention"],
        label=Label(case["kind"]),
        start=start,
        end=start + len(case["mention"]),
    )
    level = support(
        mention,
        evidence(case["source"]),
        Aliases(link_entities({text: find_mentions(text) for text in texts})),
        context=case.get("context"),
        published=case.get("published"),
        source_published=case.get("source_published"),
    )
    assert level.value == case["expected"]


def test_a_cut_label_stands_in_its_context() -> None:
    for case in _TRAPS:
        if "context" in case:
            start = case["start"]
            assert case["context"][start : start + len(case["mention"])] == case["mention"]
