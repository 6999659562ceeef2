"""Run folders of `digest run` -> Examples and Predictions.

Each section is an example, its cluster's articles are the sources. The draft is scored beside the
briefing: the guard has the rule for "supported" that the metrics have, so the briefing alone would
be faithful by construction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.codec import load_draft
from digest.errors import DigestError, UsageError
from digest.explain import open_run
from eval.records import ArticleRow, Example, Prediction, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from digest.explain import RunRecord
    from digest.records import BriefingSentence, CitedSentence, Cluster

DRAFT = ":draft"


def read_run(
    folder: Path, *, name: str, references: Mapping[str, Sequence[str]]
) -> tuple[tuple[Example, ...], tuple[Prediction, ...]]:
    """Return the clusters of a run as examples, and what was drafted and published of each.

    Args:
        folder: a finished run.
        name: what to call the system; its draft is called `name:draft`.
        references: cluster id -> texts by people, for the clusters that have any.

    Returns:
        Examples by cluster, and two predictions per cluster: a section that the guard withheld
        whole is a failed output.

    Raises:
        UsageError: the folder holds no finished run, or a damaged one.
    """
    run = open_run(folder)
    examples = tuple(
        _example(cluster, references.get(cluster.id, ())) for cluster in run.clusters.values()
    )
    published = {section.id: section.sentences for section in run.briefing.sections}
    drafted = _drafted(folder, run)
    predictions = [
        _prediction(identity, sentences.get(identity, ()), system)
        for system, sentences in ((name, published), (name + DRAFT, drafted))
        for identity in run.clusters
    ]
    return examples, tuple(predictions)


def _drafted(folder: Path, run: RunRecord) -> dict[str, tuple[CitedSentence, ...]]:
    path = folder / "draft.json"
    try:
        text = path.read_text(encoding="utf-8")
        draft = load_draft(text, tuple(run.clusters.values()), tuple(run.facts.values()))
    except (OSError, ValueError, KeyError, TypeError, DigestError) as error:
        raise UsageError(f"{path} is damaged ({error}); make the run again") from error
    return {section.id: section.sentences for section in draft.sections}


def _example(cluster: Cluster, references: Sequence[str]) -> Example:
    articles = tuple(
        ArticleRow(
            id=article.id,
            text=article.text,
            title=article.title,
            publisher=article.publisher,
            url=article.url,
            published=article.published,
        )
        for article in cluster.articles
    )
    return Example(id=cluster.id, articles=articles, references=tuple(references))


def _prediction(
    identity: str, sentences: Iterable[BriefingSentence | CitedSentence], system: str
) -> Prediction:
    lines = [(" ".join(sentence.text.split()), sentence.citations) for sentence in sentences]
    return Prediction(
        id=identity,
        prediction="\n".join(text for text, _ in lines),
        run=system,
        failure=None if lines else "nothing of this cluster was published",
        citations=tuple(
            tuple(
                SourceSpan(article_id=c.article_id, start=c.start, end=c.end, quote=c.quote)
                for c in citations
            )
            for _, citations in lines
        ),
    )
