from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import digest
from digest.errors import UsageError
from digest.pipeline import run as run_pipeline
from eval.batches import corpus_batch, run_batches
from eval.runs import read_run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "monday"
    config = digest.load_config(ROOT / "configs" / "lead.yaml")
    articles = ROOT / "seeds" / "articles" / "paris-talks"
    run_pipeline(config, [str(articles)], output=folder)
    return folder


def test_draft_and_briefing_are_two_systems(run: Path) -> None:
    examples, predictions = read_run(run, name="monday", references={})

    assert {p.run for p in predictions} == {"monday", "monday:draft"}
    assert len(predictions) == 2 * len(examples) > 0
    assert all(p.prediction and p.failure is None for p in predictions)


def test_citations_quote_the_articles_that_are_the_sources(run: Path) -> None:
    (example, *_), (prediction, *_) = read_run(run, name="monday", references={})

    texts = {article.id: article.text for article in example.articles}
    assert prediction.citations is not None
    assert len(prediction.citations) == len(prediction.prediction.split("\n"))
    spans = [span for line in prediction.citations for span in line]
    assert spans
    assert all(texts[s.article_id][s.start : s.end] == s.quote for s in spans)


def test_references_are_joined_by_cluster(run: Path) -> None:
    plain, _ = read_run(run, name="r", references={})
    joined, _ = read_run(run, name="r", references={plain[0].id: ("By hand.",), "other": ("No.",)})

    assert plain[0].references == ()
    assert joined[0].references == ("By hand.",)


def test_a_section_withheld_whole_is_a_failed_output(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    briefing = json.loads((folder / "briefing.json").read_text())
    briefing["sections"] = []
    (folder / "briefing.json").write_text(json.dumps(briefing))

    _, predictions = read_run(folder, name="r", references={})

    failures = {p.run: p.failure for p in predictions}
    assert failures == {"r": "nothing of this cluster was published", "r:draft": None}


def test_runs_of_one_name_are_told_apart_by_their_paths(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "monday")

    batches = list(run_batches([run, tmp_path / "monday"], None))

    assert {p.run for batch in batches for p in batch.predictions} == {
        f"{folder}{end}" for folder in (run, tmp_path / "monday") for end in ("", ":draft")
    }


def test_a_damaged_draft_is_told(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    (folder / "draft.json").write_text("{")

    with pytest.raises(UsageError, match=r"draft\.json is damaged"):
        read_run(folder, name="r", references={})


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished run"):
        read_run(tmp_path, name="r", references={})


def test_references_of_another_shape_are_refused(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"id": "a", "references": "one"}\n')

    with pytest.raises(UsageError, match=r"r\.jsonl:1: a row must be"):
        list(run_batches([run], str(path)))


def test_events_without_references_are_told(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    (example,), _ = read_run(run, name="r", references={})

    def remark(row_id: str) -> str:
        path.write_text(json.dumps({"id": row_id, "references": ["By hand."]}) + "\n")
        (batch,) = run_batches([run], str(path))
        return batch.remark

    assert remark(example.id) == ", 1 with references"
    assert remark("other") == f", 0 with references; none for {example.id!r}"
    (plain,) = run_batches([run], None)
    assert not plain.remark


@pytest.mark.parametrize(("predictions", "corpus"), [(["p.jsonl"], None), ([], "c.jsonl")])
def test_predictions_and_corpus_belong_together(predictions: list[str], corpus: str | None) -> None:
    with pytest.raises(UsageError, match="belong together"):
        corpus_batch(predictions, corpus)
