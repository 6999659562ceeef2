"""What every backend that copies whole sentences shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.records import Summary, SummarySentence, Variant
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.records import Article, Cluster


def take(
    cluster: Cluster, ranked: Iterable[tuple[Article, int]], *, backend: str, max_words: int
) -> Summary:
    """Return a summary of the ranked sentences, in their order, those that no longer fit left out.

    Args:
        cluster: what is summarized.
        ranked: articles with sentence indices, best first.
        backend: the name to record.
        max_words: the budget in whitespace-separated words.
    """
    room = max_words
    chosen: list[SummarySentence] = []
    for article, index in ranked:
        text = article.sentences[index].text
        words = count_words(text)
        if words <= room:
            room -= words
            origin = Variant(article_id=article.id, sentence=index, text=text)
            chosen.append(SummarySentence(text=text, origin=(origin,)))
    title = next((article.title for article in cluster.articles if article.title), "")
    return Summary(cluster_id=cluster.id, backend=backend, headline=title, sentences=tuple(chosen))
