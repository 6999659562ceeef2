"""What one summary took: the outcomes of its calls, read and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.neural.answers import Removal, read_answer
from digest.backends.neural.candidates import best
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.neural.generator import Generated, Request
    from digest.records import Facts
    from digest.sourcing import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The outcome of one request, and whether it was on disk already."""

    outcome: Generated | BackendError
    cached: bool = False

    @property
    def failed(self) -> bool:
        """Whether there is no text."""
        return isinstance(self.outcome, BackendError)

    @property
    def error(self) -> BackendError:
        """Return the failure of a failed request."""
        assert isinstance(self.outcome, BackendError)  # noqa: S101 - the caller asked `failed`
        return self.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a million tokens cost, in any one currency."""

    input: float
    output: float


class Tally:
    """Reads the answers for one summary and keeps count of them."""

    def __init__(
        self, sources: Sources, facts: Facts, *, candidates: int, prompt: Sequence[str]
    ) -> None:
        """Begin with nothing counted.

        Args:
            sources: the sentences of the cluster.
            facts: what they say.
            candidates: how many texts of a call are looked at.
            prompt: texts that the model is instructed with.
        """
        self._sources, self._facts = sources, facts
        self._most, self._prompt = candidates, prompt
        self._removed: list[Removal] = []
        self.rounds = self.candidates = 1
        self.calls = self.cached = self.failed = self.retries = 0
        self.estimated = False
        self.input_tokens = self.output_tokens = 0
        self.cached_input_tokens = self.cached_output_tokens = 0

    def read(self, answered: Answered, request: Request) -> tuple[str, ...]:
        """Return the sentences of the best text of the last call.

        Raises:
            BackendError: the call failed, or no text of it has a printable sentence.
        """
        if answered.failed:
            self._count_failure(answered.error)
            raise answered.error
        before = list(self._removed)
        sentences = self._read(answered, request)
        if not sentences:
            codes = ", ".join(dict.fromkeys(self._removed[len(before) :])) or "it was empty"
            raise BackendError(
                f"the model wrote nothing fit to print, cut from its text: {codes}; "
                "try another model, or more candidates"
            )
        return sentences

    def read_partial(self, answered: Answered, request: Request) -> tuple[str, ...]:
        """Return the sentences of the best text about a chunk, none where there is no text."""
        if answered.failed:
            self._count_failure(answered.error)
            return ()
        return self._read(answered, request)

    def unsupported(self) -> None:
        """Note that a partial sentence was not passed on."""
        self._removed.append(Removal.UNSUPPORTED)

    @property
    def removed(self) -> tuple[str, ...]:
        """Return the codes of what was cut, in order of first occurrence."""
        return tuple(code.value for code in dict.fromkeys(self._removed))

    def cost(self, prices: Prices | None) -> float | None:
        """Return what the calls cost, those answered from disk nothing; None without prices."""
        if prices is None:
            return None
        cost = self.input_tokens * prices.input + self.output_tokens * prices.output
        return round(cost / 1_000_000, 9)

    def _read(self, answered: Answered, request: Request) -> tuple[str, ...]:
        generated = answered.outcome
        assert not isinstance(generated, BackendError)  # noqa: S101 - the callers look
        self._count(generated, cached=answered.cached)
        texts = list(zip(generated.texts, generated.finished, strict=True))[: self._most]
        answers = [
            read_answer(text, max_words=request.max_words, finished=finished, prompt=self._prompt)
            for text, finished in texts
        ]
        if not request.partial:
            self.candidates = max(1, len(answers))
        chosen = best([answer.sentences for answer in answers], self._sources, self._facts)
        if chosen is None:
            self._removed += [code for answer in answers for code in answer.removed]
            return ()
        self._removed += answers[chosen].removed
        return answers[chosen].sentences

    def _count_failure(self, error: BackendError) -> None:
        self.failed += 1
        if error.took is None:
            self.calls += 1
        else:
            self._count(error.took, cached=False)

    def _count(self, generated: Generated, *, cached: bool) -> None:
        self.calls += 1
        self.estimated |= generated.estimated
        if cached:
            self.cached += 1
            self.cached_input_tokens += generated.input_tokens
            self.cached_output_tokens += generated.output_tokens
        else:
            self.retries += generated.retries
            self.input_tokens += generated.input_tokens
            self.output_tokens += generated.output_tokens
