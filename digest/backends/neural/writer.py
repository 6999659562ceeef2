"""The backend that asks a model: what to give it, and what to take of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.fusion.headline import headline
from digest.backends.neural.cache import cache_key, canonical
from digest.backends.neural.candidates import anchor, variants
from digest.backends.neural.generator import Request
from digest.backends.neural.prompts import messages
from digest.backends.neural.rounds import write
from digest.backends.neural.selection import left_out
from digest.backends.neural.tally import Answered, Tally
from digest.errors import BackendError
from digest.records import Summary, SummarySentence, Task, WritingReport
from digest.sourcing import Sources
from digest.text.entities import Aliases

if TYPE_CHECKING:
    from collections.abc import Generator as Coroutine
    from collections.abc import Iterator, Sequence

    from digest.backends.neural.cache import GenerationCache
    from digest.backends.neural.generator import Generator
    from digest.backends.neural.rounds import Written
    from digest.backends.neural.tally import Prices
    from digest.records import Cluster, Facts, LeftOut

    Writing = Coroutine[list[Request], list[Answered], Summary]
    Outcome = Summary | BackendError

# A string of fewer words in a generator's settings is a name, no instruction that could be echoed.
_INSTRUCTS = 8


@dataclass(frozen=True, slots=True)
class NeuralBackend:
    """Writes with a model. Nothing of the model is touched before there is something to write.

    Attributes:
        kind: the name used in configurations.
        generator: the model.
        candidates: how many texts of one call are compared, at most.
        cache: where generations are kept; None keeps none.
        prices: what tokens cost; None where nobody said.
    """

    kind: str
    generator: Generator
    candidates: int = 1
    cache: GenerationCache | None = None
    prices: Prices | None = None

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return self.kind

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        """Return a summary of at most `max_words` words.

        Raises:
            BackendError: the model failed, or wrote nothing fit to print.
        """
        task = Task(cluster=cluster, facts=facts, max_words=max_words)
        ((_, outcome),) = self.summarize_all([task])
        if isinstance(outcome, BackendError):
            raise outcome
        return outcome

    def summarize_all(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcome of every task, with its index, as soon as it is known.

        The requests of one round of all tasks go to the model together.
        """
        waiting: dict[int, tuple[Writing, list[Request]]] = {}
        for number, task in enumerate(tasks):
            if not any(article.sentences for article in task.cluster.articles):
                yield number, _nothing(task, self.name)
                continue
            writing = self._writing(task)
            step = _step(writing, None)
            if isinstance(step, list):
                waiting[number] = writing, step
            else:
                yield number, step
        while waiting:
            following: dict[int, tuple[Writing, list[Request]]] = {}
            for number, answers in self._round({n: asked for n, (_, asked) in waiting.items()}):
                writing, _ = waiting[number]
                step = _step(writing, answers)
                if isinstance(step, list):
                    following[number] = writing, step
                else:
                    yield number, step
            waiting = dict(sorted(following.items()))

    def _round(self, asked: dict[int, list[Request]]) -> Iterator[tuple[int, list[Answered]]]:
        """Yield the answers to all requests of a task as soon as the last one is there."""
        flat = [(number, place) for number, some in asked.items() for place in range(len(some))]
        answers: dict[int, dict[int, Answered]] = {number: {} for number in asked}
        for index, answered in self._ask([asked[n][place] for n, place in flat]):
            number, place = flat[index]
            answers[number][place] = answered
            if len(answers[number]) == len(asked[number]):
                yield number, [answers[number][p] for p in range(len(asked[number]))]

    def _ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answered]]:
        """Yield an outcome for every request, each once, whatever the generator does."""
        open_ = set(range(len(requests)))
        error = BackendError(
            f"backend {self.name} gave no answer to a request; this is a fault of its generator"
        )
        try:
            for index, answered in self._answers(requests):
                if index in open_:
                    open_.remove(index)
                    yield index, answered
        except BackendError as failure:
            error = failure
        for index in sorted(open_):
            yield index, Answered(outcome=error)

    def _answers(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answered]]:
        keys = [cache_key(self.generator, r) for r in requests] if self.cache else []
        missing: list[int] = []
        for index in range(len(requests)):
            kept = self.cache.get(keys[index]) if self.cache else None
            if kept is None:
                missing.append(index)
            else:
                yield index, Answered(outcome=kept, cached=True)
        if not missing:
            return
        for place, outcome in self.generator.generate([requests[index] for index in missing]):
            index = missing[place]
            if self.cache and not isinstance(outcome, BackendError):
                self.cache.put(keys[index], outcome)
            yield index, Answered(outcome=outcome)

    def _writing(self, task: Task) -> Writing:
        """Write one summary; see `rounds.write` for how it is asked for."""
        sources = Sources(task.cluster, Aliases(task.facts.entities))
        prompt = (*_built_in(task.max_words), *_instructions(self.generator.settings))
        tally = Tally(sources, task.facts, candidates=self.candidates, prompt=prompt)
        try:
            written = yield from write(task, self.generator, sources, tally)
        except BackendError as error:
            raise BackendError(str(error), reports=self._spent(tally)) from error
        sentences = _sentences(written, sources)
        lead = sentences[0].origin
        return Summary(
            cluster_id=task.cluster.id,
            backend=self.name,
            headline=headline(
                task.cluster,
                task.facts,
                written.sentences,
                lead_id=lead[0].article_id if lead else None,
            ),
            sentences=sentences,
            report=self._report(tally, left_out(written.lines, written.given)),
        )

    def _spent(self, tally: Tally) -> tuple[WritingReport, ...]:
        """Return the report of a summary that failed; none of a model that cannot even be read."""
        try:
            return (self._report(tally),) if tally.calls else ()
        except BackendError:
            return ()

    def _report(self, tally: Tally, left: tuple[LeftOut, ...] = ()) -> WritingReport:
        return WritingReport(
            model=self.generator.model,
            revision=self.generator.revision,
            generation=canonical(dict(self.generator.settings)),
            input_tokens=tally.input_tokens,
            output_tokens=tally.output_tokens,
            cached_input_tokens=tally.cached_input_tokens,
            cached_output_tokens=tally.cached_output_tokens,
            calls=tally.calls,
            cached=tally.cached,
            failed=tally.failed,
            retries=tally.retries,
            rounds=tally.rounds,
            candidates=tally.candidates,
            left_out=left,
            removed=tally.removed,
            cost=tally.cost(self.prices),
            estimated=tally.estimated,
            unkept=self.cache.fault if self.cache else None,
        )


def _step(writing: Writing, answers: list[Answered] | None) -> list[Request] | Outcome:
    """Take one summary as far as it goes: to its next requests, or to its outcome."""
    try:
        return next(writing) if answers is None else writing.send(answers)
    except StopIteration as done:
        summary: Summary = done.value
        return summary
    except BackendError as error:
        return error


def _nothing(task: Task, name: str) -> Summary:
    """Return the summary of a cluster in which nothing stands: no model is asked."""
    return Summary(cluster_id=task.cluster.id, backend=name, headline="", sentences=())


def _sentences(written: Written, sources: Sources) -> tuple[SummarySentence, ...]:
    """Return what was written, each sentence with the source sentence closest to it.

    Only those that reached the last call, as themselves or in a partial text, are looked at.
    """
    within = frozenset(place for line in written.last for place in line.places)
    every = variants(sources)
    return tuple(
        SummarySentence(
            text=text,
            origin=tuple(every[place] for place in anchor(text, sources, within).places[:1]),
        )
        for text in written.sentences
    )


def _built_in(max_words: int) -> Iterator[str]:
    for partial in (False, True):
        request = Request(documents=("", ""), max_words=max_words, partial=partial)
        yield from (message["content"] for message in messages(request, None))


def _instructions(settings: object) -> tuple[str, ...]:
    """Return the texts that a model may have been instructed with, to know their echo by."""
    if isinstance(settings, str):
        return (settings,) if len(settings.split()) >= _INSTRUCTS else ()
    if isinstance(settings, Mapping):
        return tuple(text for v in settings.values() for text in _instructions(v))
    if isinstance(settings, (list, tuple)):
        return tuple(text for v in settings for text in _instructions(v))
    return ()
