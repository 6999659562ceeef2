"""Between a task and a generator: batching, errors, the cache, the report, what is built when."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.cache import GenerationCache, canonical
from digest.backends.neural.generator import Generated
from digest.backends.neural.tally import Prices
from digest.backends.neural.writer import NeuralBackend
from digest.errors import BackendError
from digest.protocols import BatchBackend
from digest.records import Cluster, Summarized, Summary
from digest.summarize import summarize_all
from tests.digest.backends.neural.events import about, fact, task_of
from tests.digest.backends.neural.fakes import FakeGenerator, extractive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digest.backends.neural.generator import Request
    from digest.records import Task

INVENTED = "President Zog Vandermeer spent 99 million dollars on dragons."


def event(number: int, *, articles: int = 2, size: int = 3, max_words: int = 40) -> Task:
    texts = [[fact(number * 7 + a * size + i) for i in range(size)] for a in range(articles)]
    return task_of(about(*texts, name=f"event-{number}"), max_words=max_words)


def backend_of(generator: FakeGenerator, **more: object) -> NeuralBackend:
    return replace(NeuralBackend(kind="seq2seq", generator=generator), **more)  # type: ignore[arg-type]


def summary_of(backend: NeuralBackend, task: Task) -> Summary:
    return backend.summarize(task.cluster, task.facts, max_words=task.max_words)


def test_it_is_a_batch_backend() -> None:
    assert isinstance(backend_of(FakeGenerator()), BatchBackend)
    assert backend_of(FakeGenerator()).name == "seq2seq"


def test_a_summary_with_headline_origins_and_report() -> None:
    task = event(1)
    generator = FakeGenerator(retries=2)
    summary = summary_of(backend_of(generator), task)
    (request,) = generator.requests
    texts = [sentence.text for sentence in summary.sentences]
    assert texts == [fact(7), fact(10), fact(8)]
    assert [s.origin[0].text for s in summary.sentences] == texts
    assert summary.headline == "Report 0 on the flood"
    assert (summary.cluster_id, summary.backend) == ("event-1", "seq2seq")
    report = summary.report
    assert report is not None
    assert asdict(report) == {
        "model": "fake",
        "revision": "fake-1",
        "generation": canonical(generator.options),
        "input_tokens": sum(map(len, map(str.split, request.documents))),
        "output_tokens": sum(map(len, map(str.split, texts))),
        "cached_input_tokens": 0,
        "cached_output_tokens": 0,
        "calls": 1,
        "cached": 0,
        "failed": 0,
        "retries": 2,
        "rounds": 1,
        "candidates": 1,
        "left_out": (),
        "removed": (),
        "cost": None,
        "estimated": False,
        "unkept": None,
    }


def test_an_empty_cluster_costs_nothing() -> None:
    generator = FakeGenerator()
    nothing = Cluster(id="none", articles=(), independent=())
    summary = summary_of(backend_of(generator), task_of(nothing))
    assert (summary.sentences, summary.headline, summary.report) == ((), "", None)
    bare = about([fact(0)])
    silent = replace(bare, articles=tuple(replace(a, sentences=()) for a in bare.articles))
    assert summary_of(backend_of(generator), task_of(silent)).sentences == ()
    assert not generator.touched


def test_all_tasks_of_a_round_are_asked_for_together() -> None:
    tasks = [event(number) for number in range(4)]
    many = [event(number, articles=5, size=12) for number in (5, 6)]
    generator = FakeGenerator(limit=150)
    outcomes = dict(backend_of(generator).summarize_all([*tasks, *many]))
    assert sorted(outcomes) == list(range(6))
    assert all(isinstance(outcome, Summary) for outcome in outcomes.values())
    assert len(generator.asked) == 2
    assert [request.partial for request in generator.asked[1]] == [False, False]
    for number, task in enumerate([*tasks, *many]):
        assert summary_of(backend_of(FakeGenerator(limit=150)), task) == outcomes[number]


def test_what_is_done_is_told_before_the_rest_is_asked_for() -> None:
    generator = FakeGenerator(limit=150)
    told = backend_of(generator).summarize_all([event(5, articles=5, size=12), event(1)])
    assert next(told)[0] == 1
    assert len(generator.asked) == 1


def test_one_failure_costs_no_other_task() -> None:
    def failing(request: Request) -> list[str]:
        if fact(7) in request.documents[0]:
            raise BackendError("out of memory")
        return [] if fact(14) in request.documents[0] else extractive(request)

    tasks = [event(number) for number in range(4)]
    outcomes = dict(backend_of(FakeGenerator(script=failing)).summarize_all(tasks))
    assert isinstance(outcomes[0], Summary)
    assert isinstance(outcomes[3], Summary)
    assert str(outcomes[1]) == "out of memory"
    assert "nothing fit to print, cut from its text: it was empty" in str(outcomes[2])


class Broken(FakeGenerator):
    """Stops after the first outcome, names one twice, or cannot even be looked at."""

    fault = "stops"

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        found = list(super().generate(requests))
        yield found[0]
        yield found[0]
        if self.fault == "raises":
            raise BackendError("the server is gone")

    def count(self, texts: Sequence[str]) -> list[int]:
        if self.fault == "unloadable":
            raise BackendError("no such model: /nowhere")
        return super().count(texts)


@pytest.mark.parametrize(
    ("fault", "message"),
    [("stops", "gave no answer"), ("raises", "the server is gone"), ("unloadable", "/nowhere")],
)
def test_a_broken_generator_is_a_failure_of_each_task(fault: str, message: str) -> None:
    generator = Broken()
    generator.fault = fault
    outcomes = list(backend_of(generator).summarize_all([event(n) for n in range(3)]))
    assert sorted(number for number, _ in outcomes) == [0, 1, 2]
    failed = [outcome for _, outcome in outcomes if isinstance(outcome, BackendError)]
    assert len(failed) == (3 if fault == "unloadable" else 2)
    assert all(message in str(error) for error in failed)


def test_nothing_fit_to_print_says_what_ate_it() -> None:
    def leaking(_: Request) -> list[str]:
        return ["<think>Two articles.</think> As an AI, I cannot say. The end is"]

    with pytest.raises(BackendError, match="reasoning, ai_disclaimer, fragment; try another"):
        summary_of(backend_of(FakeGenerator(script=leaking)), event(1))


def test_what_is_cut_is_in_the_report() -> None:
    def chatty(request: Request) -> list[str]:
        return [f"Sure! Here is the summary: {extractive(request)[0]} [1]"]

    summary = summary_of(backend_of(FakeGenerator(script=chatty)), event(1))
    assert summary.report is not None
    assert summary.report.removed == ("citation_mark", "chatter")
    assert not any("Sure" in s.text or "[1]" in s.text for s in summary.sentences)


def test_an_echo_of_the_settings_is_cut() -> None:
    told = "Always begin with the weather and never mention any sports at all, please."

    def echoing(request: Request) -> list[str]:
        return [f"{told} {extractive(request)[0]}"]

    generator = FakeGenerator(script=echoing, options={"chat": [{"content": told}]})
    summary = summary_of(backend_of(generator), event(1))
    assert summary.report is not None
    assert summary.report.removed == ("prompt_echo",)
    assert [s.text for s in summary.sentences] == [fact(7), fact(10), fact(8)]


def test_the_faithful_candidate_is_kept() -> None:
    def several(request: Request) -> list[str]:
        return [INVENTED, "Sure!", extractive(request)[0]]

    generator = FakeGenerator(script=several)
    kept = summary_of(backend_of(generator, candidates=3), event(1))
    assert [s.text for s in kept.sentences] == [fact(7), fact(10), fact(8)]
    assert kept.report is not None
    assert (kept.report.candidates, kept.report.removed) == (3, ())
    first = summary_of(backend_of(generator, candidates=1), event(1))
    assert [s.text for s in first.sentences] == [INVENTED]
    assert first.sentences[0].origin == ()


def test_the_budget_is_kept_whatever_the_model_does() -> None:
    def endless(request: Request) -> list[str]:
        return [" ".join(request.documents)]

    summary = summary_of(backend_of(FakeGenerator(script=endless)), event(1, size=8))
    assert 0 < sum(len(s.text.split()) for s in summary.sentences) <= 40
    assert summary.report is not None
    assert summary.report.removed == ("too_long",)


def test_a_cached_text_is_not_asked_for_again(tmp_path: Path) -> None:
    cache = GenerationCache(tmp_path)
    prices = Prices(input=1_000_000.0, output=2_000_000.0)
    tasks = [event(number) for number in range(3)]
    first = FakeGenerator(retries=1)
    fresh = dict(backend_of(first, cache=cache, prices=prices).summarize_all(tasks[:2]))
    second = FakeGenerator(retries=1)
    again = dict(backend_of(second, cache=cache, prices=prices).summarize_all(tasks))
    assert len(first.requests) == 2
    assert [len(some) for some in second.asked] == [1]
    for number in range(2):
        old, new = fresh[number], again[number]
        assert isinstance(old, Summary)
        assert isinstance(new, Summary)
        assert old.report is not None
        assert new.report is not None
        assert replace(new, report=None) == replace(old, report=None)
        assert new.report == replace(
            old.report,
            cached=1,
            retries=0,
            cost=0.0,
            input_tokens=0,
            output_tokens=0,
            cached_input_tokens=old.report.input_tokens,
            cached_output_tokens=old.report.output_tokens,
        )
        assert old.report.cost == old.report.input_tokens + 2 * old.report.output_tokens


def test_failures_are_not_cached(tmp_path: Path) -> None:
    def failing(_: Request) -> list[str]:
        raise BackendError("time-out")

    cache = GenerationCache(tmp_path)
    with pytest.raises(BackendError, match="time-out"):
        summary_of(backend_of(FakeGenerator(script=failing), cache=cache), event(1))
    assert list(tmp_path.rglob("*.json")) == []
    assert summary_of(backend_of(FakeGenerator(), cache=cache), event(1)).sentences


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = GenerationCache(tmp_path / "file")
    summary = summary_of(backend_of(FakeGenerator(), cache=cache), event(1))
    assert summary.sentences
    assert summary.report is not None
    assert summary.report.unkept == cache.fault is not None


def test_it_takes_its_place_in_a_chain() -> None:
    def failing(request: Request) -> list[str]:
        return [] if fact(7) in request.documents[0] else extractive(request)

    chain = [backend_of(FakeGenerator(script=failing)), backend_of(FakeGenerator(), kind="chat")]
    written = dict(summarize_all([event(0), event(1)], chain))
    wrote = [w.summary.backend for _, w in sorted(written.items()) if isinstance(w, Summarized)]
    assert wrote == ["seq2seq", "chat"]


def test_a_text_that_nobody_can_print_was_paid_for() -> None:
    generator = FakeGenerator(script=lambda _: ["<think> no end"], retries=1)
    backend = backend_of(generator)
    task = task_of(about([fact(1), fact(2)]))

    with pytest.raises(BackendError, match="nothing fit to print") as failed:
        backend.summarize(task.cluster, task.facts, max_words=task.max_words)

    (report,) = failed.value.reports
    assert (report.calls, report.retries, report.failed) == (1, 1, 0)
    assert report.output_tokens > 0


def took(retries: int) -> Generated:
    """Return what a call took that brought no text."""
    return Generated(texts=(), finished=(), input_tokens=70, output_tokens=9, retries=retries)


def test_a_call_that_failed_is_counted_with_what_it_took() -> None:
    def failing(_: Request) -> list[str]:
        raise BackendError("refused", took=took(3))

    priced = backend_of(FakeGenerator(script=failing), prices=Prices(input=1e6, output=2e6))
    with pytest.raises(BackendError, match="refused") as failed:
        summary_of(priced, event(1))

    (report,) = failed.value.reports
    assert (report.calls, report.failed, report.retries) == (1, 1, 3)
    assert (report.input_tokens, report.output_tokens) == (70, 9)
    assert report.cost == 70 + 2 * 9


def test_failed_chunks_are_counted_whether_others_succeed_or_not() -> None:
    task = event(5, articles=5, size=12)

    def some(request: Request) -> list[str]:
        if request.partial and fact(35) in request.documents[0]:
            raise BackendError("refused", took=took(1))
        return extractive(request)

    def none(_: Request) -> list[str]:
        raise BackendError("refused", took=took(1))

    generator = FakeGenerator(script=some, limit=150)
    report = summary_of(backend_of(generator), task).report
    assert report is not None
    assert (report.failed, report.retries) == (1, 1)
    heard = [r for r in generator.requests if not (r.partial and fact(35) in r.documents[0])]
    assert report.input_tokens == 70 + sum(len(d.split()) for r in heard for d in r.documents)

    with pytest.raises(BackendError, match="refused") as failed:
        summary_of(backend_of(FakeGenerator(script=none, limit=150)), task)
    (report,) = failed.value.reports
    assert report.failed == report.calls > 1
    assert report.output_tokens == 9 * report.calls
