"""The model under training: reads exactly what the `seq2seq` backend would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from digest.backends.neural.batching import pad
from digest.backends.neural.fit import MisfitError
from digest.backends.neural.generator import Request
from digest.backends.neural.lines import lines_of
from digest.backends.neural.loading import quiet
from digest.backends.neural.neutral import neutralize
from digest.backends.neural.positions import output_limit
from digest.backends.neural.selection import select
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import GenerationConfig, Seq2SeqConfig
from digest.errors import UsageError
from digest.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import torch

    from digest.records import Task
    from digest.training.examples import Pair
    from digest.training.settings import Seq2SeqTraining

# Longer references are rare: those of Multi-News have about 260 words.
_TARGET_TOKENS: Final = 512
# What the loss passes over, as torch.nn.CrossEntropyLoss has it.
_IGNORED: Final = -100


class Trainee(Seq2SeqGenerator):
    """A `Seq2SeqGenerator` whose weights can be changed: what it reads is made by the same code.

    Weights are float32, whatever the device: an update of 1e-5 is lost in 8 bits of mantissa.
    """

    def __init__(self, settings: Seq2SeqTraining) -> None:
        super().__init__(
            Seq2SeqConfig(
                kind="seq2seq",
                model=settings.model,
                revision=settings.revision,
                download=settings.download,
                device=settings.device,
                dtype="float32",
                max_input_tokens=settings.max_input_tokens,
                prefix=settings.prefix,
                separator=settings.separator,
                generation=GenerationConfig(num_beams=1),
            )
        )
        self._max_target_tokens = settings.max_target_tokens

    def check(self) -> None:
        """Refuse what cannot be trained, before any weight is read.

        Raises:
            UsageError: the model is no encoder-decoder, or cannot write so many tokens.
            BackendError: it cannot be read.
        """
        try:
            _ = self._checkpoint.config
        except MisfitError as error:
            raise UsageError(f"{error}; `digest train seq2seq` takes encoder-decoders") from error
        if self._tokens.decoder_start is None:
            raise UsageError(
                f"{self.model} does not say which token its decoder starts with; set"
                " decoder_start_token_id in its config.json"
            )
        positions, wanted = output_limit(self._checkpoint), self._max_target_tokens
        if positions is not None and wanted is not None and wanted > positions:
            raise UsageError(
                f"--max-target-tokens {wanted} is more than the {positions} positions that"
                f" {self.model} can write; lower it, or leave it out"
            )

    @property
    def network(self) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        """The weights."""
        return self._model

    @property
    def device(self) -> str:
        """Where it is trained: cpu, cuda or mps."""
        return self._checkpoint.device

    @property
    def target_limit(self) -> int:
        """The most tokens of a reference, special tokens included."""
        positions = output_limit(self._checkpoint) or _TARGET_TOKENS
        return self._max_target_tokens or min(positions, _TARGET_TOKENS)

    def asked(self, task: Task) -> tuple[Request, bool] | None:
        """Return what the backend would ask for in one call, and whether all sentences are in it.

        None where no sentence fits. Copies, which never go in, do not count.
        """
        lines = lines_of(task, self)
        chosen = select(lines, room=self.room(task.max_words), count=self.count)
        if not chosen.lines:
            return None
        whole = len(chosen.lines) == sum(line.usable for line in lines)
        return Request(documents=chosen.documents, max_words=task.max_words), whole

    def read(self, request: Request) -> tuple[int, ...]:
        """Return the input that the backend gives the model for a request."""
        with quiet():
            return self._prepare(request).ids

    def target(self, reference: str) -> tuple[tuple[int, ...], bool] | None:
        """Return what is to be written, and whether that is the whole reference.

        White space becomes single spaces and control tokens are made harmless, as in the input. A
        reference over the limit ends with the last sentence that fits; None where the first does
        not, or there is no text.
        """
        text = neutralize(" ".join(reference.split()), self.special_tokens)
        ends = [span.end for span in sentence_spans(text)]
        for end in reversed(ends):
            with quiet():
                ids = self._checkpoint.tokenizer(text_target=text[:end])["input_ids"]
            if len(ids) <= self.target_limit:
                return tuple(ids), end == ends[-1]
        return None

    def collate(self, pairs: Sequence[Pair]) -> dict[str, torch.Tensor]:
        """Return a batch: inputs as for generation, and the decoder's inputs, one step behind."""
        ids, mask = pad(
            [list(pair.input_ids) for pair in pairs],
            value=self._tokens.pad,
            side=self.side,
            device="cpu",
        )
        targets = [list(pair.labels) for pair in pairs]
        start = self._tokens.decoder_start
        begun = [[start or 0, *target[:-1]] for target in targets]
        labels, _ = pad(targets, value=_IGNORED, side="right", device="cpu")
        decoder, decoder_mask = pad(begun, value=self._tokens.pad, side="right", device="cpu")
        return {
            "input_ids": ids,
            "attention_mask": mask,
            **self._inputs(ids, mask),
            "decoder_input_ids": decoder,
            "decoder_attention_mask": decoder_mask,
            "labels": labels,
        }

    def save(self, folder: Path) -> None:
        """Write weights, configuration, vocabulary and the token ids that steer generation."""
        from transformers import GenerationConfig as Defaults  # noqa: PLC0415 - 0.9 s

        steering = {
            name: value
            for name, value in self._checkpoint.defaults.items()
            if name.endswith("_token_id") and value is not None
        }
        untyped: Any = Defaults
        with quiet():
            self.network.generation_config = untyped(**steering)
            self.network.save_pretrained(folder)
            self._checkpoint.tokenizer.save_pretrained(folder)
            self.network.generation_config = untyped()
