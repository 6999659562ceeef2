"""Map-reduce: when it sets in, that rounds shrink, that nothing unsupported is passed on."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.writer import NeuralBackend
from digest.errors import BackendError
from digest.text.sentences import count_words
from tests.digest.backends.neural.events import about, fact, task_of
from tests.digest.backends.neural.fakes import FakeGenerator, extractive, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.neural.generator import Request
    from digest.records import Summary, Task, WritingReport

MANY = task_of(about(*([fact(12 * a + i) for i in range(12)] for a in range(5))), max_words=44)
INVENTED = "Dragons breathe purple sulphur across sleepy vineyards forever."


def write(generator: FakeGenerator, task: Task = MANY) -> tuple[Summary, WritingReport]:
    backend = NeuralBackend(kind="seq2seq", generator=generator)
    summary = backend.summarize(task.cluster, task.facts, max_words=task.max_words)
    assert summary.report is not None
    return summary, summary.report


def size(requests: Sequence[Request]) -> int:
    return sum(count_words(document) for request in requests for document in request.documents)


def test_half_of_the_facts_are_enough_for_one_call() -> None:
    assert len(MANY.facts.facts) == 60
    whole = sum(count_words(s.text) for a in MANY.cluster.articles for s in a.sentences)
    _, report = write(FakeGenerator(limit=whole // 2 + 12))
    assert (report.rounds, report.calls) == (1, 1)
    assert 25 <= sum(len(out.sentences) for out in report.left_out) <= 30
    _, report = write(FakeGenerator(limit=whole // 2 - 24))
    assert (report.rounds, report.calls) == (2, 4)


def test_with_fewer_there_are_rounds_and_every_fact_is_heard() -> None:
    generator = FakeGenerator(limit=150)
    summary, report = write(generator)
    first, last = generator.asked
    assert all(request.partial for request in first)
    assert [request.partial for request in last] == [False]
    assert (report.rounds, report.calls) == (2, len(first) + 1)
    assert report.left_out == ()
    heard = [s for request in first for d in request.documents for s in sentences(d)]
    assert sorted(heard) == sorted(s.text for a in MANY.cluster.articles for s in a.sentences)
    assert report.input_tokens == size([*first, *last])
    assert sum(count_words(s.text) for s in summary.sentences) <= MANY.max_words


def test_every_chunk_fits_and_has_sentences_of_several_articles() -> None:
    generator = FakeGenerator(limit=150)
    write(generator)
    for request in generator.asked[0]:
        assert size([request]) <= 150
        assert len(request.documents) >= 4
        assert request.max_words <= size([request]) // 2


def test_every_round_shrinks() -> None:
    generator = FakeGenerator(limit=72)
    _, report = write(generator)
    sizes = [size(requests) for requests in generator.asked]
    assert report.rounds == len(sizes) >= 3
    assert all(after < before for before, after in pairwise(sizes))


class Verbose(FakeGenerator):
    """A tokenizer that takes four times as many tokens for what its model wrote."""

    def count(self, texts: Sequence[str]) -> list[int]:
        return [count_words(t) * (4 if "Allegedly" in t else 1) for t in texts]


def test_a_round_that_does_not_shrink_is_the_last() -> None:
    def longer(request: Request) -> list[str]:
        (text,) = extractive(request)
        return [text.replace("The ", "Allegedly the ")] if request.partial else [text]

    generator = Verbose(script=longer, limit=150)
    summary, report = write(generator, replace(MANY, max_words=200))
    first, last = generator.asked
    assert report.rounds == 2
    assert summary.sentences
    assert 0 < sum(generator.count(last[0].documents)) <= 150 < size(first)


def test_what_a_chunk_does_not_support_is_not_passed_on() -> None:
    def inventing(request: Request) -> list[str]:
        (text,) = extractive(request)
        return [f"{INVENTED} {text}"] if request.partial else [text]

    generator = FakeGenerator(script=inventing, limit=150)
    summary, report = write(generator)
    assert "unsupported" in report.removed
    assert INVENTED not in " ".join(generator.asked[-1][0].documents)
    assert all(sentence.origin for sentence in summary.sentences)


def test_a_sentence_of_another_chunk_is_not_passed_on_either() -> None:
    stray = fact(0)

    def straying(request: Request) -> list[str]:
        (text,) = extractive(request)
        return [f"{stray} {text}"] if request.partial else [text]

    generator = FakeGenerator(script=straying, limit=150)
    _, report = write(generator)
    assert "unsupported" in report.removed
    final = " ".join(generator.asked[-1][0].documents)
    assert final.count(stray) == 1


def test_origins_survive_the_rounds() -> None:
    summary, _ = write(FakeGenerator(limit=150))
    for sentence in summary.sentences:
        (origin,) = sentence.origin
        assert origin.text == sentence.text
        article = next(a for a in MANY.cluster.articles if a.id == origin.article_id)
        assert article.sentences[origin.sentence].text == sentence.text


@pytest.mark.parametrize("partial", ["", INVENTED, "No end", "<think>Hm."])
def test_without_usable_partial_texts_one_call_has_to_do(partial: str) -> None:
    generator = FakeGenerator(
        script=lambda request: [partial] if request.partial else extractive(request), limit=150
    )
    summary, report = write(generator)
    assert summary.sentences
    assert report.rounds == 2
    assert size(generator.asked[-1]) <= 150
    assert sum(len(out.sentences) for out in report.left_out) >= 30


def test_a_chunk_that_fails_is_left_out_and_told_of() -> None:
    def failing(request: Request) -> list[str]:
        if request.partial and fact(0) in request.documents[0]:
            raise BackendError("out of memory")
        return extractive(request)

    generator = FakeGenerator(script=failing, limit=150)
    summary, report = write(generator)
    assert summary.sentences
    assert 0 in report.left_out[0].sentences
    assert report.calls == len(generator.requests)


def test_if_all_chunks_fail_so_does_the_summary() -> None:
    def failing(request: Request) -> list[str]:
        raise BackendError(f"time-out, partial {request.partial}")

    with pytest.raises(BackendError, match="time-out, partial True"):
        write(FakeGenerator(script=failing, limit=150))


def test_a_model_with_room_for_no_sentence_says_so() -> None:
    generator = FakeGenerator(limit=5)
    with pytest.raises(BackendError, match=r"room for 5 tokens .* shortest sentence has 11"):
        write(generator)
    assert generator.asked == []


def test_a_model_that_most_sentences_are_too_long_for_says_so() -> None:
    long = [f"{fact(number)[:-1]} that nobody in the valley had expected." for number in range(5)]
    task = task_of(about([*long, fact(8), fact(9)]))
    generator = FakeGenerator(limit=13)
    with pytest.raises(BackendError, match="2 of 7 facts have a sentence that fits"):
        write(generator, task)
    assert generator.asked == []
    assert write(FakeGenerator(limit=40), task)[1].calls > 1


def test_a_small_room_costs_a_bounded_number_of_calls() -> None:
    many = task_of(about(*([fact(40 * a + i) for i in range(40)] for a in range(8))), max_words=44)
    generator = FakeGenerator(limit=34)
    summary, report = write(generator, many)
    assert summary.sentences
    assert len(generator.asked[0]) == 32
    assert report.calls == len(generator.requests) <= 70
    articles = {a.id: len(a.sentences) for a in many.cluster.articles}
    unheard = {left.article_id: len(left.sentences) for left in report.left_out}
    assert unheard.keys() == articles.keys()
    assert max(unheard.values()) - min(unheard.values()) <= 4  # nobody was drowned out
