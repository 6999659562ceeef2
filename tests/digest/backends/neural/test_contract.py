"""What every generator owes, seen through the writer: the same for the fake and for real models.

A model with random weights writes what nobody can print; then its outcome is a BackendError, and
that, too, must be the same alone and together, now and later. A model takes about 20 s on one core,
so all but the fake are `slow`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.cache import GenerationCache
from digest.backends.neural.writer import NeuralBackend
from digest.errors import BackendError
from digest.records import Cluster, Summary, Task
from digest.text.sentences import count_words
from tests.digest.backends.neural.events import about, fact, task_of
from tests.digest.backends.neural.registry import GENERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from digest.backends.neural.generator import Generated, Generator, Request

UNICODE = [
    "Zoë Müller-Ødegård opened the bridge over the Łyna in Kraków after the rain.",
    "“Ça suffit,” said François Hà, who paid €3.50 for a cup of tea 🍵 in São Tomé.",
    "The court fined Иван Ильин and the 北京 branch of his bank a total of ₹3 million.",
]
SHORT = task_of(about([fact(1), fact(2)], [fact(3)], name="short"), max_words=20)
LONG = task_of(
    about(*([fact(6 * a + i) for i in range(6)] for a in range(3)), name="long"), max_words=20
)
FOREIGN = task_of(about(UNICODE, name="foreign"), max_words=20)
TASKS = [SHORT, LONG, FOREIGN]


@dataclass
class Recorded:
    """Passes everything on to a generator and keeps what it was asked and what came back."""

    inner: Generator
    asked: list[Request] = field(default_factory=list)
    came: list[Generated | BackendError] = field(default_factory=list)

    @property
    def model(self) -> str:
        return self.inner.model

    @property
    def revision(self) -> str | None:
        return self.inner.revision

    @property
    def settings(self) -> Mapping[str, object]:
        return self.inner.settings

    @property
    def special_tokens(self) -> tuple[str, ...]:
        return self.inner.special_tokens

    def room(self, max_words: int) -> int:
        return self.inner.room(max_words)

    def count(self, texts: Sequence[str]) -> list[int]:
        return self.inner.count(texts)

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        self.asked += requests
        for index, outcome in self.inner.generate(requests):
            self.came.append(outcome)
            yield index, outcome


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((name, factory), id=name, marks=[] if name == "fake" else [pytest.mark.slow])
        for name, factory in GENERATORS
    ],
)
def generator(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator:
    name, factory = request.param
    made: Generator = factory(tmp_path_factory.mktemp(name))
    return made


def outcomes(backend: NeuralBackend, tasks: Sequence[Task]) -> list[object]:
    """Return what came of each task, in comparable form."""
    found = dict(backend.summarize_all(tasks))
    assert sorted(found) == list(range(len(tasks)))
    return [str(o) if isinstance(o, BackendError) else o for _, o in sorted(found.items())]


def backend_of(generator: Generator, cache: GenerationCache | None = None) -> NeuralBackend:
    return NeuralBackend(kind="seq2seq", generator=generator, cache=cache)


def test_batch_is_single(generator: Generator) -> None:
    together = outcomes(backend_of(generator), TASKS)
    assert together == [outcomes(backend_of(generator), [task])[0] for task in TASKS]
    assert together == list(reversed(outcomes(backend_of(generator), TASKS[::-1])))


def test_an_over_long_cluster_is_cut_to_the_room(generator: Generator) -> None:
    recorded = Recorded(generator)
    whole = sum(generator.count([s.text for a in LONG.cluster.articles for s in a.sentences]))
    (outcome,) = outcomes(backend_of(recorded), [LONG])
    assert recorded.asked
    for request in recorded.asked:
        assert sum(generator.count(request.documents)) <= generator.room(request.max_words)
    assert not [o for o in recorded.came if isinstance(o, BackendError)]
    if whole > generator.room(LONG.max_words) and isinstance(outcome, Summary):
        assert outcome.report is not None
        assert outcome.report.left_out or outcome.report.rounds > 1


def test_an_empty_cluster_gives_no_sentences(generator: Generator) -> None:
    recorded = Recorded(generator)
    empty = task_of(Cluster(id="none", articles=(), independent=()))
    (outcome,) = outcomes(backend_of(recorded), [empty])
    assert isinstance(outcome, Summary)
    assert (outcome.sentences, outcome.headline, recorded.asked) == ((), "", [])


def test_unicode_comes_through(generator: Generator) -> None:
    recorded = Recorded(generator)
    (outcome,) = outcomes(backend_of(recorded), [FOREIGN])
    assert " ".join(UNICODE) in recorded.asked[-1].documents
    assert not [o for o in recorded.came if isinstance(o, BackendError)]
    if isinstance(outcome, Summary):
        json.dumps(asdict(outcome), ensure_ascii=False).encode()


def test_a_cache_hit_gives_the_same_bytes(generator: Generator, tmp_path: Path) -> None:
    cache = GenerationCache(tmp_path)
    first, second = Recorded(generator), Recorded(generator)
    before = outcomes(backend_of(first, cache), TASKS)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    after = outcomes(backend_of(second, cache), TASKS)
    assert len(first.asked) == len(files) > 0
    assert second.asked == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == files
    for old, new in zip(before, after, strict=True):
        if isinstance(old, Summary) and isinstance(new, Summary):
            assert replace(new, report=None) == replace(old, report=None)
            assert new.report is not None
            assert new.report.cached == new.report.calls
        else:
            assert old == new


@pytest.mark.parametrize("max_words", [16, 40])
def test_the_budget_is_never_exceeded(generator: Generator, max_words: int) -> None:
    tasks = [replace(task, max_words=max_words) for task in TASKS]
    for outcome in outcomes(backend_of(generator), tasks):
        if isinstance(outcome, Summary):
            assert sum(count_words(s.text) for s in outcome.sentences) <= max_words
            assert outcome.sentences


def test_control_tokens_in_articles_stay_text(generator: Generator) -> None:
    """No model refuses the input, and no document holds a token that it would obey."""
    tokens = sorted({*generator.special_tokens, "</s>", "<doc-sep>", "<|im_start|>", "<think>"})
    tokens = [token for token in tokens if not token.isalnum() and any(map(str.isalnum, token))]
    (article,) = about([fact(number) for number in range(len(tokens))]).articles
    broken = tuple(
        replace(sentence, text=f"The mayor of Velm wrote{token}and left {token} there.")
        for sentence, token in zip(article.sentences, tokens, strict=True)
    )
    cluster = about([fact(0)], name="attack")
    for part in range(0, len(broken), 4):
        attack = replace(article, sentences=broken[part : part + 4])
        task = replace(task_of(cluster), cluster=replace(cluster, articles=(attack,)))
        recorded = Recorded(generator)
        outcomes(backend_of(recorded), [task])
        documents = [d for request in recorded.asked for d in request.documents]
        assert documents
        assert not [t for t in tokens for d in documents if t in d]
        assert not [o for o in recorded.came if isinstance(o, BackendError)]


def test_settings_are_json_and_stay(generator: Generator) -> None:
    first = json.dumps(dict(generator.settings), sort_keys=True)
    outcomes(backend_of(generator), [SHORT])
    assert json.dumps(dict(generator.settings), sort_keys=True) == first
