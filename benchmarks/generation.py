"""What batching and CTranslate2 gain on a CPU: a model of BART-base's size, random weights.

python -m benchmarks.generation [--markdown] [--inputs 32] [--beams 4] [--threads 2]

Every row writes the same number of tokens for the same inputs of 30 to 900 tokens, in this process,
one row after the other; loading, conversion and one text to warm up are not timed. "loop" is what
somebody writes first: `model.generate` on one input after the other. "in order" takes the inputs in
batches of eight as they come, padded to the longest. The others are the generators of `digest`.
Random weights never end a text, so that each has exactly the same length. "cpu s" is the time of
all threads: where it is less than the seconds of one thread, or load is above the number of
threads, others had the cores. Load is the machine's average over a minute, when a row ends.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch

from benchmarks.tables import machine, table
from digest.backends.neural.batching import pad
from digest.backends.neural.ctranslate2 import CTranslate2Generator
from digest.backends.neural.generation import Limits, decoding, effective, token_ids
from digest.backends.neural.generator import Generated, Request
from digest.backends.neural.loading import Checkpoint, libraries, quiet
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import CTranslate2Config, GenerationConfig, Seq2SeqConfig

if TYPE_CHECKING:
    from digest.backends.neural.generator import Generator

System = Callable[[Sequence[Request]], list[str]]

SHORTEST: Final = 30
LONGEST: Final = 900
WRITTEN: Final = 40  # tokens of each text: 15 words and 25 to end the sentence, a token each
MAX_WORDS: Final = 15
VOCABULARY: Final = 50265
_SPECIALS: Final = ("<s>", "<pad>", "</s>", "<unk>")
_PER_BATCH: Final = 8
LIBRARIES: Final = ("torch", "transformers", "ctranslate2")
HEADER: Final = ("system", "seconds", "cpu s", "tokens / s", "x loop", "same as loop", "load")


def build(folder: Path) -> None:
    """Save a model of BART-base's size that never ends a text, and a tokenizer of whole words."""
    import transformers  # noqa: PLC0415 - 5 s with a model class
    from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: PLC0415 - as above

    words = [*_SPECIALS, *(f"w{i}" for i in range(VOCABULARY - len(_SPECIALS)))]
    backend = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>")  # noqa: S106 - a token of text
    )
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    wrap: Any = transformers.PreTrainedTokenizerFast
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), _SPECIALS, strict=True))
    wrap(tokenizer_object=backend, **names).save_pretrained(folder)
    torch.manual_seed(7)
    config = transformers.BartConfig(
        vocab_size=VOCABULARY,
        d_model=768,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=12,
        decoder_attention_heads=12,
        encoder_ffn_dim=3072,
        decoder_ffn_dim=3072,
        init_std=0.1,  # at .02 all inputs would get one text
    )
    model: Any = transformers.BartForConditionalGeneration(config)
    model.final_logits_bias[0, config.eos_token_id] = -1000.0
    model.save_pretrained(folder)


def inputs(count: int) -> list[Request]:
    """Return requests whose lengths are spread evenly on a logarithmic scale, in random order."""
    dice = random.Random(7)  # noqa: S311 - a fixed seed for texts
    ratio = LONGEST / SHORTEST
    lengths = [int(SHORTEST * ratio ** (i / max(1, count - 1))) for i in range(count)]
    dice.shuffle(lengths)
    return [
        Request(
            documents=(" ".join(f"w{dice.randrange(40000)}" for _ in range(length)),),
            max_words=MAX_WORDS,
        )
        for length in lengths
    ]


class Plain:
    """`model.generate` on padded batches, and nothing else."""

    def __init__(self, folder: Path, beams: int) -> None:
        self.checkpoint = Checkpoint(Seq2SeqConfig(kind="seq2seq", model=str(folder), device="cpu"))
        self.model = self.checkpoint.weights("AutoModelForSeq2SeqLM")
        self.ids = token_ids(self.checkpoint)
        self.strategy = decoding(GenerationConfig(num_beams=beams), candidates=1)

    def write(self, requests: Sequence[Request], *, size: int) -> list[str]:
        """Return the texts of inputs taken in order, `size` at a time."""
        tokenizer = self.checkpoint.tokenizer
        limits = Limits(min_new_tokens=MAX_WORDS, max_new_tokens=WRITTEN)
        texts: list[str] = []
        for start in range(0, len(requests), size):
            batch = [tokenizer(r.documents[0])["input_ids"] for r in requests[start : start + size]]
            columns, mask = pad(batch, value=self.ids.pad, side="right", device="cpu")
            with torch.inference_mode(), quiet():
                written = self.model.generate(
                    input_ids=columns,
                    attention_mask=mask,
                    generation_config=effective(self.strategy, self.ids, limits),
                )
            texts += [tokenizer.decode(row[1:]) for row in written.tolist()]
        return texts


def texts_of(generator: Generator, requests: Sequence[Request]) -> list[str]:
    """Return what a generator of `digest` writes, in the order of the requests."""
    found = dict(generator.generate(requests))
    outcomes = [found[number] for number in range(len(requests))]
    for outcome in outcomes:
        if not isinstance(outcome, Generated):
            raise outcome
    return [outcome.texts[0] for outcome in outcomes if isinstance(outcome, Generated)]


def one_by_one(generator: Generator, requests: Sequence[Request]) -> list[str]:
    """Return the same, each request asked on its own."""
    return [texts_of(generator, [request])[0] for request in requests]


def systems(folder: Path, *, beams: int, threads: int) -> dict[str, System]:
    """Return what is timed, by name."""
    generation = GenerationConfig(num_beams=beams, min_words=MAX_WORDS)
    ours = Seq2SeqGenerator(
        Seq2SeqConfig(kind="seq2seq", model=str(folder), device="cpu", generation=generation)
    )
    plain = Plain(folder, beams)
    found: dict[str, System] = {
        "loop": lambda requests: plain.write(requests, size=1),
        f"in order, {_PER_BATCH} a batch": lambda requests: plain.write(requests, size=_PER_BATCH),
        "seq2seq, batched": lambda requests: texts_of(ours, requests),
    }
    for compute_type in ("float32", "int8"):
        fast = CTranslate2Generator(
            CTranslate2Config(
                kind="ctranslate2",
                model=str(folder),
                device="cpu",
                compute_type=compute_type,
                threads=threads,
                cache_dir=str(folder / "converted"),
                generation=generation,
            )
        )
        if compute_type == "int8":
            found["ctranslate2 int8, single"] = partial(one_by_one, fast)
        found[f"ctranslate2 {compute_type}, batched"] = partial(texts_of, fast)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--inputs", type=int, default=32)
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    requests = inputs(options.inputs)
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as scratch, quiet():
        build(Path(scratch))
        loop: tuple[float, list[str]] | None = None
        timed = systems(Path(scratch), beams=options.beams, threads=options.threads)
        for name, write in timed.items():
            write(requests[:1])
            began, spent = time.perf_counter(), time.process_time()
            texts = write(requests)
            seconds, spent = time.perf_counter() - began, time.process_time() - spent
            loop = loop or (seconds, texts)
            written = sum(len(text.split()) for text in texts)
            same = sum(mine == theirs for mine, theirs in zip(texts, loop[1], strict=True))
            rows.append(
                [
                    name,
                    f"{seconds:.1f}",
                    f"{spent:.1f}",
                    f"{written / seconds:.0f}",
                    f"{loop[0] / seconds:.2f}",
                    f"{same}/{len(texts)}",
                    f"{os.getloadavg()[0]:.1f}",
                ]
            )
            print("  ".join(rows[-1]), file=sys.stderr, flush=True)  # it takes minutes
    versions = ", ".join(f"{k} {v}" for k, v in libraries(*LIBRARIES).items())
    print(f"{machine()}, {options.threads} threads, {options.beams} beams, {versions}\n")
    print(table(HEADER, rows, markdown=options.markdown))


if __name__ == "__main__":
    main()
