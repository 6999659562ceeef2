from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from digest.records import Label, Mention
from eval.metrics.entities import Family, entity_scores, entity_signature, family_scores, judge
from eval.metrics.extractors import CASED_RULES, RULES
from eval.records import ArticleRow, EntityVerdict, Level

_ROOT = Path(__file__).parents[3]
_CASES: list[dict[str, Any]] = json.loads(
    (_ROOT / "tests" / "cases" / "entities" / "verdicts.json").read_text(encoding="utf-8")
)


def _rows(*texts: str) -> tuple[ArticleRow, ...]:
    return tuple(ArticleRow(id=f"a{n}", text=text) for n, text in enumerate(texts))


def _verdicts(prediction: str, rows: tuple[ArticleRow, ...]) -> tuple[EntityVerdict, ...]:
    mentions = RULES.mentions(prediction, sources=[row.text for row in rows])
    return judge(prediction, mentions, rows)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: str(case["label"]))
def test_verdicts_and_what_shows_them(case: dict[str, Any]) -> None:
    rows = tuple(ArticleRow(id=str(n), **source) for n, source in enumerate(case["sources"]))
    found = entity_scores(case["prediction"], rows).verdicts
    shown = [[v.text, v.union.value, v.evidence.quote if v.evidence else None] for v in found]
    assert shown == case["expected"]
    for verdict in found:
        assert case["prediction"][verdict.start : verdict.end] == verdict.text
        if verdict.evidence and verdict.evidence.end:
            row = next(row for row in rows if row.id == verdict.evidence.article_id)
            assert row.text[verdict.evidence.start : verdict.evidence.end] == verdict.evidence.quote


def test_precision_counts_distinct_entities() -> None:
    found = entity_scores("Ada Brandt left Rome. Brandt met Otto Vale.", _rows("Ada Brandt left."))
    names = found.names.union
    assert (names.alias.hits, names.alias.total) == (1.0, 3.0)
    assert [v.key for v in found.verdicts] == ["ada brandt", "rome", "ada brandt", "otto vale"]


def test_levels_are_cumulative() -> None:
    text = "NATO, the US and American troops, and Kiev."
    found = entity_scores(text, _rows("NATO spoke. The U.S. agreed. Then Kyiv did."))
    by_mention = {v.text: v.union.value for v in found.verdicts}
    assert by_mention == {
        "NATO": "verbatim",
        "US": "normalised",
        "American": "alias",
        "Kiev": "alias",
    }
    names = found.names.union  # "US" and "American" are one entity: the weaker level is its level
    assert [names.verbatim.hits, names.normalised.hits, names.alias.hits] == [1.0, 1.0, 3.0]
    assert {value.total for value in (names.verbatim, names.normalised, names.alias)} == {3.0}


def test_an_entity_is_as_weak_as_its_weakest_mention() -> None:
    found = entity_scores("John Vale came. Vale spoke.", _rows("Vale came and spoke."))
    assert [v.union for v in found.verdicts] == [Level.NONE, Level.VERBATIM]
    assert found.names.union.alias.value == 0.0


def test_a_conflict_is_unsupported_and_counted_apart() -> None:
    found = entity_scores("Otto Brandt left Rome.", _rows("Ada Brandt left Rome."))
    assert (found.names.conflicts.value, found.names.conflicts.total) == (1.0, 2.0)
    assert found.names.anchored.alias.value == found.names.union.alias.value == 0.5


def test_families_are_apart() -> None:
    text = "Ada Brandt paid $50 for 3 of them on Monday: “Too much!”"
    found = entity_scores(text, _rows("Ada Brandt paid $50 for 4 of them on Monday. “Too much!”"))
    totals = {f.value: found.family(f).union.alias.total for f in Family}
    assert totals == {"names": 1.0, "numbers": 2.0, "dates": 1.0, "quotes": 1.0, "all": 5.0}
    assert found.numbers.union.alias.value == 0.5
    assert found.all.union.alias.value == 0.8


def test_nothing_named_is_none_and_says_so() -> None:
    found = entity_scores("It rained.", _rows("It rained in Rome."))
    for family in Family:
        for precision in (found.family(family).union, found.family(family).anchored):
            assert precision.alias.value is None
            assert precision.alias.note == "no entity named"
    assert entity_scores("", _rows("Rome.")).all.union.alias.value is None
    assert entity_scores("Ada left Rome.", ()).all.union.alias.note == "no sources"


def test_unscorable_dates_are_in_no_total() -> None:
    found = entity_scores("Ada Brandt left last week.", _rows("Ada Brandt left on 3 May."))
    assert found.all.union.alias.total == 1.0
    assert found.dates.union.alias.value is None
    assert found.dates.union.alias.note == "no scorable entity"
    assert found.dates.unscorable.value == 1.0


_FLOOD = "The dam at Orsava broke and water flooded the valley farms. Ada Brandt led the rescue."
_STRIKE = "Dock workers in Velmar ended their strike. Otto Hale called the pay deal fair."


def test_anchored_asks_only_the_articles_the_sentence_is_about() -> None:
    rows = _rows(
        _FLOOD, _STRIKE, *(f"Voters in town {n} chose a council of women." for n in range(5))
    )
    wrong = entity_scores("Otto Hale led the rescue as water flooded the valley farms.", rows)
    assert [(v.union, v.anchored) for v in wrong.verdicts] == [(Level.VERBATIM, Level.NONE)]
    assert wrong.verdicts[0].evidence is not None
    assert wrong.verdicts[0].evidence.article_id == "a1"
    assert (wrong.names.union.alias.value, wrong.names.anchored.alias.value) == (1.0, 0.0)
    right = entity_scores("Ada Brandt led the rescue as water flooded the valley farms.", rows)
    assert right.names.anchored.alias.value == 1.0


def test_unrelated_articles_move_the_union_only() -> None:
    names = [f"{given} {last}" for given in ("Otto", "Mara") for last in ("Hale", "Quist", "Orlo")]
    others = [f"{name} sang at festival {n} in Lund." for n, name in enumerate(names * 4)]
    text = "Ada Brandt led the rescue in the valley.\nMara Quist led the rescue in the valley."
    alone = entity_scores(text, _rows(_FLOOD))
    among = entity_scores(text, _rows(_FLOOD, *others))
    assert alone.names.anchored == among.names.anchored
    assert (alone.names.union.alias.value, among.names.union.alias.value) == (0.5, 1.0)


def test_given_mentions_are_judged_in_their_order() -> None:
    text = "Vale met Brandt."
    given = [
        Mention(text="Brandt", label=Label.PERSON, start=9, end=15),
        Mention(text="Vale", label=Label.PERSON, start=0, end=4),
    ]
    found = judge(text, given, _rows("Ada Brandt waited."), k=1)
    assert [(v.text, v.union) for v in found] == [("Brandt", Level.VERBATIM), ("Vale", Level.NONE)]


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="k must be 1 or more, got 0"):
        judge("Ada", [], (), k=0)
    outside = Mention(text="Ada", label=Label.PERSON, start=9, end=12)
    with pytest.raises(ValueError, match=r"'Ada' at 9\.\.12 lies outside a prediction of 3"):
        judge("Ada", [outside], ())


def test_target_side_against_each_reference() -> None:
    found = entity_scores(
        "Ada Brandt left Rome.",
        _rows("Ada Brandt left."),
        ["Brandt left Rome with Otto Vale.", " ", "It rained in Oslo."],
    ).targets
    assert len(found.each) == 2
    first, second = found.each
    assert first.precision.value == 0.5
    assert first.recall.value == pytest.approx(2 / 3)
    assert first.f1.value == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))
    assert (second.precision.value, second.recall.value, second.f1.value) == (0.0, 0.0, 0.0)
    assert found.best == first
    assert found.mean.precision.value == 0.25
    assert (found.mean.precision.hits, found.mean.precision.total) == (1.0, 4.0)


def test_target_side_without_names() -> None:
    none = entity_scores("It rained.", _rows("Rome."), ["Ada Brandt left Rome."]).targets.best
    assert (none.precision.value, none.recall.value, none.f1.value) == (None, 0.0, 0.0)
    neither = entity_scores("It rained.", _rows("Rome."), ["It poured."]).targets.best
    assert neither.f1.value is None
    assert neither.f1.note == "neither names anything"
    assert entity_scores("Rome.", _rows("Rome.")).targets.mean.f1.note == "no reference"


def test_source_recall_weighs_by_articles() -> None:
    rows = _rows("Ada Brandt left Rome.", "Brandt left Rome with Mr Orlo.", "Now Rome waits.")
    found = entity_scores("Rome waits.", rows).source_recall
    assert (found.hits, found.total) == (3.0, 5.0)  # Rome in 3, Ada Brandt in 2, Orlo in one: out
    assert entity_scores("rome waits.", rows).source_recall.hits == 3.0
    assert entity_scores("It waits.", rows[:1]).source_recall.total == 2.0
    none = entity_scores("Rome.", _rows("Rain.", "Sun.")).source_recall
    assert (none.value, none.note) == (None, "no name in two articles")


def test_one_repeated_article_adds_no_claim() -> None:
    once = entity_scores("Ada Brandt met Otto Vale.", _rows("Ada Brandt left."))
    twice = entity_scores(
        "Ada Brandt met Otto Vale.", _rows("Ada Brandt left.", "Ada Brandt left.")
    )
    assert once.names == twice.names


def test_the_extractor_is_in_the_signature() -> None:
    rows = _rows("They met Ada Brandt.")
    found = entity_scores("ada brandt left.", rows)
    assert found.signature == entity_signature("rules+uncased")
    blind = entity_scores("ada brandt left.", rows, extractor=CASED_RULES)
    assert blind.signature != found.signature
    assert blind.names.union.alias.value is None
    assert found.names.union.alias.value == 1.0
    assert entity_signature("rules", k=1) != entity_signature("rules", k=2)


def test_family_scores_of_no_verdicts() -> None:
    assert family_scores((), Family.NAMES).conflicts.value is None


def test_results_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from eval.metrics.entities import entity_scores\n"
        "from eval.records import ArticleRow\n"
        f"rows = [ArticleRow(id=str(n), text=t) for n, t in enumerate(({_FLOOD!r}, {_STRIKE!r}))]\n"
        "print(entity_scores('ada brandt met otto hale in velmar.', rows, ['Ada left.']))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(_ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(printed) == 1
