"""The guard against 30 tampered sentences of the seed articles, and against untouched ones."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.cite import cite
from digest.config import VerifyConfig
from digest.records import Draft, Status, Summary, SummarySentence, Verdict
from digest.verify import verify
from digest.verify.checks import fault
from tests.digest.verify.seeds import CLUSTERS, seed_cluster

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

_FILE = Path(__file__).parents[2] / "cases" / "verify" / "tampered.json"
_CASES: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
_CHECKED = ("number", "name", "date", "quote", "speaker")


def verdict_on(cluster_name: str, *texts: str) -> tuple[Verdict, ...]:
    """Cite and check sentences that a backend claims to have written."""
    cluster, facts = seed_cluster(cluster_name)
    summary = Summary(
        cluster_id=cluster.id,
        backend="scripted",
        headline="",
        sentences=tuple(SummarySentence(text=text) for text in texts),
    )
    return verify(
        Draft(sections=(cite(summary, cluster, facts),)),
        VerifyConfig(mode="enforce"),
        title="Test",
        created="2026-01-01T00:00:00Z",
        articles_read=len(cluster.articles),
        articles_dropped=0,
    ).verdicts


def source_of(case: dict[str, Any]) -> str:
    articles = seed_cluster(case["cluster"])[0].articles
    texts = [s.text for a in articles for s in a.sentences if case["find"] in s.text]
    return next(text for text in texts if case["old"] in text)


def caught(case: dict[str, Any]) -> bool:
    tampered = source_of(case).replace(case["old"], case["new"])
    (verdict,) = verdict_on(case["cluster"], tampered)
    return verdict.published != tampered


def _parameters(*, passing: bool) -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=case["label"],
            marks=[] if passing else [pytest.mark.xfail(reason=case["xfail"], strict=True)],
        )
        for case in _CASES
        if ("xfail" not in case) is passing
    ]


@pytest.mark.parametrize("case", [*_parameters(passing=True), *_parameters(passing=False)])
def test_a_tampered_sentence_is_not_published(case: dict[str, Any]) -> None:
    assert caught(case)


def test_nine_in_ten_wrong_mentions_are_caught() -> None:
    checked = [case for case in _CASES if case["kind"] in _CHECKED]
    assert len(checked) >= 25
    assert Counter(case["kind"] for case in checked).keys() == set(_CHECKED)
    assert sum(map(caught, checked)) >= 0.9 * len(checked)


@pytest.mark.parametrize("name", CLUSTERS)
def test_untouched_sentences_are_published_as_they_are(name: str) -> None:
    cluster, facts = seed_cluster(name)
    suspect = {(v.article_id, v.sentence) for v in facts.suspect}
    texts = [
        sentence.text
        for article in cluster.articles
        for index, sentence in enumerate(article.sentences)
        if fault(sentence.text) is None and (article.id, index) not in suspect
    ]
    assert len(texts) >= 60
    verdicts = [verdict for text in texts for verdict in verdict_on(name, text)]
    lost = [v.sentence for v in verdicts if v.published is None]
    changed = [v.sentence for v in verdicts if v.action is not Status.KEPT]
    assert len(lost) <= 0.02 * len(texts), lost
    assert len(changed) <= 0.03 * len(texts), changed
