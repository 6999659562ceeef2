from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import UsageError
from eval.meta import peers
from eval.meta.measuring import measure
from eval.meta.records import Agreement, MetaReport, Reproduced
from eval.meta.tables import as_table, as_tables, reproduced_table, shown

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parents[2] / "cases" / "meta" / "entities.jsonl"
_COPYING = ("coverage", "rouge1_f", "novel_3grams")


def _written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _found(report: MetaReport, **wanted: str) -> Agreement:
    wanted = {"subset": ""} | wanted
    [one] = [a for a in report.agreements if all(getattr(a, k) == v for k, v in wanted.items())]
    return one


def _value(report: MetaReport, **wanted: str) -> float:
    value = _found(report, **wanted).estimate.value
    assert value is not None
    return value


@pytest.fixture(scope="module", name="embedded")
def embedded_fixture() -> MetaReport:
    return measure([CASES], distractors=11)


def test_the_embedded_set_is_measured(embedded: MetaReport) -> None:
    """Made for the traps: where the peers fall, ours must stand; intrinsic errors stay unseen."""
    f1 = {
        rule: _value(embedded, metric=rule, statistic="f1")
        for rule in ("anchored", "nan rule", "case-insensitive", "token-boundary")
    }
    assert f1["anchored"] >= 0.85
    assert f1["nan rule"] == pytest.approx(0.580, abs=0.001)
    assert f1["case-insensitive"] == pytest.approx(0.721, abs=0.001)
    assert f1["token-boundary"] == pytest.approx(0.759, abs=0.001)
    found = _found(embedded, metric="anchored", statistic="f1").estimate
    assert found.n == 142
    assert found.low is not None
    assert found.high is not None
    assert found.low < f1["anchored"] < found.high
    intrinsic = _value(
        embedded, metric="anchored", statistic="recall", subset="Intrinsic Hallucination"
    )
    assert intrinsic <= 0.2


def test_eleven_strangers_move_the_union_and_not_the_anchored_score(embedded: MetaReport) -> None:
    alone = _value(embedded, metric="anchored", statistic="f1")
    assert _value(embedded, metric="union", statistic="f1") == alone
    assert _value(embedded, metric="anchored +11", statistic="f1") == pytest.approx(alone, abs=0.02)
    assert _value(embedded, metric="union +11", statistic="f1") < alone - 0.03


def test_unscorable_dates_stand_apart(embedded: MetaReport) -> None:
    [note] = embedded.notes
    assert note.startswith("entities: 1 of 142 mentions are unscorable")
    assert note.endswith("flagged as not found, and people reject 1")
    scorable = _value(embedded, metric="anchored and scorable", statistic="recall")
    assert scorable < _value(embedded, metric="anchored", statistic="recall")


def test_the_same_seed_gives_the_same_report(embedded: MetaReport) -> None:
    again = measure([CASES], distractors=11)
    assert again == embedded


@pytest.mark.parametrize(
    ("rule", "found", "missed"),
    [
        (peers.nan_rule, ["US", "Jane Smythe", "the harbour"], ["Velmar", "a U.N."]),
        (peers.case_insensitive, ["US", "jane smith"], ["Jane Smythe", "Smith, Jane"]),
        (peers.token_boundary, ["the bus", "Jane Smith's", "the"], ["US", "Jane Smit"]),
    ],
)
def test_peers_are_as_good_and_as_bad_as_their_rules(
    rule: Callable[[str, str], bool], found: list[str], missed: list[str]
) -> None:
    source = "The bus stopped, and Jane Smith left for the harbour."
    assert [entity for entity in [*found, *missed] if rule(entity, source)] == found


_WORDS = "dam river bridge tower field house street harbour market school garden church".split()


def _outputs() -> list[dict[str, Any]]:
    """Return outputs that copy from 3 to 12 words in a row, the more the better they are rated."""
    source = f"The {' '.join(_WORDS)} stood under water on Monday."
    return [
        {
            "id": f"d{n % 5}",
            "system": f"S{n % 4}",
            "prediction": " ".join([*_WORDS[: 3 + n % 10], *["elsewhere"] * (9 - n % 10)]),
            "human": {"consistency": float(n % 10), "fluency": [3, 3]},
            "source": source,
            "references": [source],
        }
        for n in range(40)
    ]


def test_ratings_per_output_and_per_system(tmp_path: Path) -> None:
    report = measure([_written(tmp_path / "rated.jsonl", _outputs())], metrics=_COPYING)
    wanted = {"metric": "coverage", "against": "consistency", "level": "output"}
    assert _value(report, **wanted, statistic="spearman") == pytest.approx(1)
    assert _value(report, **wanted, statistic="kendall") == pytest.approx(1)
    assert _value(report, **wanted | {"metric": "novel_3grams"}, statistic="pearson") < -0.9
    system = _found(report, **wanted | {"level": "system"}, statistic="pearson")
    assert system.estimate.n == 4
    assert system.estimate.value == pytest.approx(1)
    flat = _found(report, **wanted | {"against": "fluency"}, statistic="pearson").estimate
    assert flat.value is None
    assert flat.note == "all 40 values of the second variable are 3"


def test_documents_of_rated_outputs_are_found_beside_them(tmp_path: Path) -> None:
    rows = _outputs()
    sources = {row["id"]: {k: row.pop(k) for k in ("source", "references")} for row in rows}
    path = _written(tmp_path / "rated.jsonl", rows)
    with pytest.raises(UsageError, match=r"rated\.jsonl: 5 documents are missing, the first 'd0'"):
        measure([path], metrics=_COPYING)
    beside = _written(tmp_path / "docs.jsonl", [{"id": k} | v for k, v in sources.items()])
    found = measure([path], metrics=_COPYING)
    assert found.notes == ("rated: documents read from docs.jsonl beside it",)
    given = measure([path, beside], metrics=_COPYING)
    assert given.agreements == found.agreements
    assert given.notes == ()


def test_votes_are_held_against_every_metric(tmp_path: Path) -> None:
    rows = [
        {
            "source": row["source"] + str(n),
            "sentences": [
                {"text": row["prediction"], "votes": ["yes" if n % 10 > 4 else "no"] * 3}
            ],
        }
        for n, row in enumerate(_outputs())
    ]
    report = measure([_written(tmp_path / "voted.jsonl", rows)])
    metrics = {one.metric for one in report.agreements}
    assert metrics == {
        "rouge1_precision_source", "rouge2_precision_source", "rougeL_precision_source",
        "coverage", "density", "novel_3grams", "entity_precision", "name_precision",
    }  # fmt: skip
    assert _value(report, metric="coverage", statistic="spearman") > 0.8
    names = _found(report, metric="name_precision", statistic="pearson")
    assert names.without == 1
    assert names.estimate.value is None
    assert names.estimate.note == "no rows"


def _annotated() -> list[dict[str, Any]]:
    rows = []
    for n, row in enumerate(_outputs()):
        start = row["prediction"].find("elsewhere")
        mark = {"worker": "w", "start": start + 1 if start >= 0 else -1}
        mark["end"] = len(row["prediction"]) + 1 if start >= 0 else -1
        rows.append(
            {
                "bbcid": str(n // 2),
                "system": "BERTS2S" if n % 2 else "PtGen",
                "source": row["source"],
                "prediction": row["prediction"],
                "hallucinations": [mark],
                "is_factual": ["no"] if start >= 0 else [],
            }
        )
    return rows


def test_annotations_without_published_scores(tmp_path: Path) -> None:
    report = measure([_written(tmp_path / "marked.jsonl", _annotated())], metrics=_COPYING)
    assert _value(report, metric="coverage", against="faithful") == pytest.approx(1)
    auc = _found(report, metric="coverage", against="a hallucinated span", statistic="auc")
    assert auc.estimate.value == 1
    novel = _found(report, metric="novel_3grams", against="a hallucinated span", statistic="auc")
    assert novel.estimate.value == 1
    assert "20 groups" in auc.estimate.method
    accuracy = _found(
        report, metric="coverage", against="a hallucinated span", statistic="balanced_accuracy"
    ).estimate
    assert accuracy.value == 1
    assert "chosen on the other half" in accuracy.method
    assert {one.against for one in report.agreements} == {
        "faithful", "factual", "a hallucinated span",
    }  # fmt: skip


def test_published_scores_join_by_system_and_document(tmp_path: Path) -> None:
    marked = _written(tmp_path / "marked.jsonl", _annotated())
    scores = [
        {"system_bbcid": f"bert_withckpt_{n}", "R1": str(n % 7), "Faithful": n % 7, "Factual": 0}
        for n in range(15)
    ]
    report = measure([marked, _written(tmp_path / "scores.jsonl", scores)], metrics=_COPYING)
    one = _found(report, metric="R1 (published)", against="published Faithful")
    assert one.estimate.value == pytest.approx(1)
    assert one.estimate.n == 15
    assert report.notes == ("marked: 15 of 40 outputs have published scores",)


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled outputs given"):
        measure([])
    source = _written(tmp_path / "source.jsonl", [{"id": "a", "source": "The dam broke."}])
    with pytest.raises(UsageError, match="no labelled outputs given"):
        measure([source])
    with pytest.raises(UsageError, match="no metric is called 'bleu'; there are coverage"):
        measure([CASES], metrics=["bleu"])
    bare = _written(tmp_path / "bare.jsonl", [{"source": "A.", "prediction": "B.", "entities": []}])
    assert measure([bare]).notes == ("bare: no labelled mention",)


def test_tables_show_every_number_once(embedded: MetaReport) -> None:
    header, *rows = as_table(embedded)
    assert len(rows) == len(embedded.agreements)
    assert all(len(row) == len(header) for row in rows)
    [table] = as_tables(embedded)
    assert table.title == "entities, per mention"
    assert table.header[4:] == ("precision", "recall", "F1", "balanced acc.")
    assert all(len(row) == len(table.header) for row in table.rows)
    by_metric = {row[0]: row for row in table.rows}
    found = _found(embedded, metric="nan rule", statistic="f1").estimate
    assert by_metric["nan rule"][6] == shown(found)
    assert by_metric["nan rule"][2] == "142"


def test_a_reproduced_number_is_the_same_or_close_or_not() -> None:
    def one(ours: float, tolerance: float | None = None) -> Reproduced:
        return Reproduced(
            what="x", published=0.425, ours=ours, decimals=3, n=9, tolerance=tolerance
        )

    numbers = [one(0.42549), one(0.4259), one(0.427), one(0.427, 0.002), one(0.4254, 0.0001)]
    table = reproduced_table(numbers)
    assert [row[4] for row in table.rows] == ["same", "yes", "no", "yes", "same"]
    assert [number.within for number in numbers] == [True, True, False, True, False]
    assert table.title == "Published numbers: 3 of 5 reproduced"
    assert table.rows[0][:4] == ("x", "0.425", "0.4255", "+0.0005")
