from __future__ import annotations

import pytest

from digest.backends.fusion.headline import headline
from digest.config import FactsConfig
from digest.facts import find_facts
from digest.records import Conflict, ConflictKind, ConflictValue, Facts
from digest.text.clauses import opening
from tests.digest.building import article, cluster_of

LEAD = "A gate of the Tamrin dam failed on Saturday and flooded Beldan, officials said."
NOTHING = Facts(cluster_id="event", facts=(), entities=(), conflicts=())


def of_titles(*titles: str | None, lead_id: str | None = None, facts: Facts = NOTHING) -> str:
    made = [article(f"a{n}", LEAD, title=title) for n, title in enumerate(titles)]
    return headline(cluster_of(*made), facts, [LEAD], lead_id=lead_id)


@pytest.mark.parametrize(
    "unfit",
    [
        "Why did the Tamrin dam gate in Beldan fail?",
        "Tamrin dam gate failed and flooded Beldan:",
        "Tamrin dam gate failed, flooded Beldan …",
        "Flood",
        (
            "The gate of the Tamrin dam failed on Saturday and flooded Beldan as "
            "officials said in a very long title that nobody would print"
        ),
        None,
    ],
)
def test_an_unfit_title_is_not_used(unfit: str | None) -> None:
    assert of_titles(unfit, "Gate failure floods Beldan") == "Gate failure floods Beldan"


def test_the_name_of_the_outlet_goes() -> None:
    assert of_titles("Tamrin dam floods Beldan | Lisk Valley Voice") == "Tamrin dam floods Beldan"
    assert of_titles("Tamrin dam floods Beldan - The Voice") == "Tamrin dam floods Beldan"


def test_headline_case_becomes_sentence_case() -> None:
    assert of_titles("Tamrin Dam Gate Failed and Flooded Beldan") == (
        "Tamrin dam gate failed and flooded Beldan"
    )


def test_the_title_above_the_lead_is_preferred() -> None:
    titles = ("Tamrin dam floods Beldan", "Gate of Tamrin dam fails")
    assert of_titles(*titles, lead_id="a0") == titles[0]
    assert of_titles(*titles, lead_id="a1") == titles[1]


def test_a_later_title_is_preferred() -> None:
    made = [
        article("a", LEAD, title="Tamrin dam floods Beldan", published="2025-04-05"),
        article("b", LEAD, title="Tamrin dam failure floods Beldan", published="2025-04-07"),
    ]
    assert headline(cluster_of(*made), NOTHING, [LEAD]) == "Tamrin dam failure floods Beldan"


def test_an_outdated_figure_is_avoided() -> None:
    values = tuple(ConflictValue(value=v, article_ids=("a",)) for v in ("31", "Nineteen"))
    old = Conflict(kind=ConflictKind.UPDATE, slot="people dead", values=values)
    facts = Facts(cluster_id="event", facts=(), entities=(), conflicts=(old,))
    titles = ("Tamrin dam flood in Beldan kills 19", "Flood in Beldan kills 31")
    assert of_titles(*titles) == titles[0]
    assert of_titles(*titles, facts=facts) == titles[1]


def test_without_a_title_the_lead_opens() -> None:
    assert of_titles(None, None) == (
        "A gate of the Tamrin dam failed on Saturday and flooded Beldan"
    )
    cluster = cluster_of(article("a", LEAD))
    assert headline(cluster, find_facts(cluster, FactsConfig()), []) == ""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Leaders met in Paris, a day before talks.", "Leaders met in Paris"),
        ("Leaders met in Paris amid fears of war.", "Leaders met in Paris"),
        ("In Kyiv, the president spoke; others left.", "In Kyiv, the president spoke"),
        ("“No, never again in Paris,” said he, and left.", "“No, never again in Paris,” said he"),
        (
            (
                "The governor of Orsava who had been away on a visit to the northern islands of "
                "the republic came back."
            ),
            (
                "The governor of Orsava who had been away on a visit to the northern islands of "
                "the republic came back"
            ),
        ),
    ],
)
def test_openings(sentence: str, expected: str) -> None:
    assert opening(sentence) == expected


def test_a_title_that_says_more_than_the_summary_is_avoided() -> None:
    titles = ("Tamrin dam gate fails: 83 percent of Beldan flooded", "Tamrin gate fails")
    assert of_titles(*titles, lead_id="a0") == titles[1]
    assert of_titles(titles[0], lead_id="a0") == titles[0]
