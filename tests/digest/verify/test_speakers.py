from __future__ import annotations

import pytest

from digest.records import CitedSentence
from digest.sourcing import Sources
from digest.text.entities import Aliases
from digest.verify.speakers import misattributed, speakers
from tests.digest.building import article, cluster_of

SOURCE = article(
    "a",
    "Olaf Scholz left early and irritated. He said the talks were “completely premature” and left. "
    "“We will send troops,” said Keir Starmer.\n\n"
    "Ada Brandt spoke last.\n\n“It is late,” she told reporters.\n\nEverybody went home.",
)
SOURCES = Sources(cluster_of(SOURCE), Aliases())


def wrong(text: str, *cited: int) -> list[str]:
    matches = SOURCES.matches(" ".join(s.text for s in SOURCE.sentences), limit=9)
    by_index = {match.index: SOURCES.citation(match) for match in matches}
    sentence = CitedSentence(text=text, citations=tuple(by_index[i] for i in cited))
    return [mention.text for mention in misattributed(sentence, SOURCES)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("“No,” said Olaf Scholz.", ["Olaf Scholz"]),
        ("“No,” Olaf Scholz said.", ["Olaf Scholz"]),
        ("Olaf Scholz has said “no”.", ["Olaf Scholz"]),
        ("“No,” said German Chancellor Olaf Scholz.", ["Olaf Scholz"]),
        ("“No,” said Lisk Bank director Ada Brandt.", ["Ada Brandt"]),
        ("Olaf Scholz, the German chancellor, called it “late”.", ["Olaf Scholz"]),
        ("Olaf Scholz met Keir Starmer.", []),
        ("“Olaf Scholz said no,” she explained.", []),
        ("“No,” said the chancellor.", []),
    ],
)
def test_speakers(text: str, names: list[str]) -> None:
    assert [mention.text for mention in speakers(text)] == names


def test_the_speaker_the_source_names_is_right() -> None:
    assert wrong("“We will send troops,” said Keir Starmer.", 2) == []
    assert wrong("“We will send troops,” said Olaf Scholz.", 2) == ["Olaf Scholz"]


def test_where_the_source_says_he_its_paragraph_names_him() -> None:
    assert wrong("Olaf Scholz said the talks were “completely premature”.", 1) == []
    assert wrong("Ada Brandt said the talks were “completely premature”.", 1) == ["Ada Brandt"]


def test_the_sentence_next_to_it_may_stand_in_another_paragraph() -> None:
    assert wrong("“It is late,” Ada Brandt told reporters.", 4) == []
    assert wrong("“It is late,” Olaf Scholz told reporters.", 4) == ["Olaf Scholz"]


def test_without_a_quotation_there_is_nothing_to_attribute() -> None:
    assert wrong("Ada Brandt said the talks were premature.", 1) == []
    assert wrong("“Never said,” said Ada Brandt.", 1) == []
    assert wrong("“It is late,” said Ada Brandt.") == []
