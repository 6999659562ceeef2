"""Examples -> Predictions: each example is one given cluster, sent through every stage.

A prediction is the text of the published sentences, one per line: what rougeLsum needs. Headlines,
citations and conflicts are no part of it, so that systems which only write text compare.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from digest.backends import build_backend
from digest.cite import cite
from digest.clean import clean
from digest.cluster import cluster
from digest.config import parse_config
from digest.dedup import dedup
from digest.facts import find_facts
from digest.merge import merge
from digest.records import Article, RawArticle
from digest.summarize import summarize
from digest.verify import verify
from eval.records import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digest.config import Config
    from digest.protocols import Backend
    from digest.records import Briefing, Section
    from eval.records import Example


def predict(
    config: Config,
    examples: Iterable[Example],
    *,
    max_words: int | None = None,
    run: str | None = None,
) -> Iterator[Prediction]:
    """Yield one prediction per example, in order, each as soon as it is written.

    An example that fails, or of which nothing can be published, gives "" and says why in
    `failure`: missing outputs are scored, never skipped.

    Args:
        config: the effective configuration.
        examples: what to write about.
        max_words: in place of `config.summarize.max_words`.
        run: the system's name in the output; the configuration's hash where none is given.

    Raises:
        ConfigError: `max_words` is out of range.
    """
    if max_words is not None:
        config = _with_budget(config, max_words)
    name = run or config.sha256[:12]
    backends = [build_backend(backend) for backend in config.summarize.backends]
    for example in examples:
        text, failure = "", None
        try:
            text = briefing_text(_briefing(config, example, backends))
        except Exception as error:  # noqa: BLE001 - one example must not cost the others; it is told
            failure = f"{type(error).__name__}: {error}"
        if not text and failure is None:
            failure = "nothing was fit to publish"
        yield Prediction(id=example.id, prediction=text, run=name, failure=failure)


def briefing_text(briefing: Briefing) -> str:
    """Return the published sentences of a briefing, one per line."""
    return "\n".join(
        " ".join(sentence.text.split())
        for section in briefing.sections
        for sentence in section.sentences
    )


def raw_articles(example: Example) -> list[RawArticle]:
    """Return an example's articles as input for `digest.clean`, all in one given cluster.

    Ids that repeat inside the example get a number: citations must lead to one article.
    """
    counted: dict[str, int] = {}
    found: list[RawArticle] = []
    for row in example.articles:
        counted[row.id] = counted.get(row.id, 0) + 1
        name = row.id if counted[row.id] == 1 else f"{row.id}#{counted[row.id]}"
        found.append(
            RawArticle(
                id=name,
                source=f"{example.id}/{name}",
                text=row.text,
                sha256=hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest(),
                title=row.title,
                publisher=row.publisher,
                url=row.url,
                published=row.published,
                cluster=example.id,
            )
        )
    return found


def _with_budget(config: Config, max_words: int) -> Config:
    data = config.model_dump(mode="json")
    data["summarize"]["max_words"] = max_words
    return parse_config(data, where="--max-words")


def _briefing(config: Config, example: Example, backends: list[Backend]) -> Briefing:
    given = raw_articles(example)
    cleaned = [clean(raw, config.clean) for raw in given]
    deduped = dedup([item for item in cleaned if isinstance(item, Article)], config.dedup)
    sections: list[Section] = []
    for one in cluster(deduped.kept, config.cluster, superseded=deduped.superseded).clusters:
        facts = find_facts(one, config.facts)
        written = summarize(one, facts, backends, max_words=config.summarize.max_words)
        sections.append(cite(written.summary, one, facts))
    verified = verify(
        merge(sections, config.merge),
        config.verify,
        title=config.render.title,
        created="",  # the clock is no part of a prediction
        articles_read=len(given),
        articles_dropped=len(given) - len(deduped.kept),
    )
    return verified.briefing
