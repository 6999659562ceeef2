"""What runs the embedded models: torch, onnxruntime in float32 and int8, and a table of vectors.

python -m benchmarks.embedded [--markdown] [--repeats 3] [--sentences 200]

Every figure is of a fresh process: "start" goes from its launch to the answer to one sentence,
interpreter, imports and weights included. Then all sentences, those of the seed articles, are
answered at once, on all cores. "cpu s" is the time of all threads, which other work on the machine
changes least. "x torch" is how many times as fast as torch, the first by "start cpu s".

"torch float32" is a BERT of the same size with random weights, in batches by length of the same
sizes: what it answers costs the same. "onnxruntime int8" is the model `compress` as it ships,
"float32" the same graph with its weights multiplied out and its products in float32, so that what
they disagree on is what rounding activations changes; what rounding weights changed is in both.
"word pieces" is a table as `digest train embed` writes it, with random vectors.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.embedded_peers import MODEL, build
from benchmarks.tables import ROOT, machine, table
from digest.backends.embedded.files import SHARED, SHIPPED, TOKENIZER
from digest.backends.embedded.pieces import WordPieces, word_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Answers = Callable[[Sequence[str]], object]

HEADER: Final = (
    "system",
    "start s",
    "start cpu s",
    "x torch",
    "sentences / s",
    "x torch",
    "sentences / cpu s",
    "x torch",
)
AGREEMENT: Final = ("int8 and float32", "value")
_BATCH_PIECES: Final = 512  # as in digest/backends/embedded/tagger.py


def seed_sentences(count: int) -> list[str]:
    """Return sentences of the seed articles, again from the first one where there are fewer."""
    from digest.config import IngestConfig  # noqa: PLC0415 - a child is to load what it times
    from digest.ingest import ingest  # noqa: PLC0415 - as above
    from digest.text.sentences import sentence_spans  # noqa: PLC0415 - as above

    articles = ingest([str(ROOT / "seeds" / "articles")], IngestConfig()).articles
    found = [
        article.text[span.start : span.end]
        for article in articles
        for span in sentence_spans(article.text)
    ]
    return [found[place % len(found)] for place in range(count)]


def words_of(text: str) -> list[str]:
    """Return the words of a sentence as the tagger wants them."""
    return [text[start:end] for start, end in word_spans(text)]


def _torch(folder: Path) -> Answers:
    import torch  # noqa: PLC0415 - timed
    from transformers import BertModel  # noqa: PLC0415 - timed

    untyped: Any = BertModel
    network = untyped.from_pretrained(folder / "torch", add_pooling_layer=False).eval()
    pieces = WordPieces(folder / SHARED / TOKENIZER)

    @torch.inference_mode()
    def answers(texts: Sequence[str]) -> object:
        rows = sorted((one.ids for one in pieces.split([words_of(t) for t in texts])), key=len)
        while rows:
            count = max(n for n in range(1, len(rows) + 1) if n == 1 or fits(rows, n))
            batch, rows = rows[:count], rows[count:]
            width = len(batch[-1])
            ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in batch])
            network(input_ids=ids, attention_mask=(ids > 0).long())
        return None

    return answers


def fits(rows: Sequence[Sequence[int]], count: int) -> bool:
    """Tell whether the first rows, sorted by length, are one batch as the tagger makes it."""
    return len(rows[count - 1]) * count <= _BATCH_PIECES


def _tagger(folder: Path) -> Answers:
    from digest.backends.embedded.tagger import Tagger  # noqa: PLC0415 - timed

    model = Tagger(folder)
    return lambda texts: list(model.scores([words_of(text) for text in texts]))


def _pieces(folder: Path) -> Answers:
    from digest.backends.embedded.sentences import SentenceVectors  # noqa: PLC0415 - timed

    return SentenceVectors(folder / "pieces").embed


SYSTEMS: Final[dict[str, Callable[[Path], Answers]]] = {
    "torch float32": _torch,
    "onnxruntime float32": lambda folder: _tagger(folder / "float32"),
    "onnxruntime int8": lambda _folder: _tagger(SHIPPED / MODEL),
    "word pieces": _pieces,
}


def child(system: str, folder: Path, launched: float) -> None:
    """Print what one system took, in a process of its own: the sentences come from stdin."""
    texts: list[str] = json.load(sys.stdin)
    answers = SYSTEMS[system](folder)
    answers(texts[:1])
    start, start_cpu = time.time() - launched, time.process_time()
    began = time.perf_counter()
    answers(texts)
    seconds, cpu = time.perf_counter() - began, time.process_time() - start_cpu
    print(json.dumps([start, start_cpu, len(texts) / seconds, len(texts) / cpu]))


def timed(system: str, folder: Path, texts: Sequence[str]) -> list[float]:
    """Return start, its cpu, sentences a second and a second of cpu, of one fresh process.

    Raises:
        SystemExit: the process failed; what it said is shown.
    """
    command = [sys.executable, "-m", "benchmarks.embedded", "--child", system]
    command += ["--folder", str(folder), "--launched", repr(time.time())]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{system} ended with {done.returncode}: {done.stderr}")
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def speed_rows(folder: Path, texts: Sequence[str], *, repeats: int) -> list[list[str]]:
    """Time every system, medians of fresh processes in turn."""
    runs: dict[str, list[list[float]]] = {system: [] for system in SYSTEMS}
    for _ in range(repeats):
        for system, found in runs.items():
            found.append(timed(system, folder, texts))
    middle = {
        system: [median(column) for column in zip(*found, strict=True)]
        for system, found in runs.items()
    }
    _, peer_start, peer_rate, peer_cpu_rate = middle["torch float32"]
    return [
        [
            system,
            f"{start:.2f}",
            f"{start_cpu:.2f}",
            f"{peer_start / start_cpu:.1f}",
            f"{rate:.0f}",
            f"{rate / peer_rate:.1f}",
            f"{cpu_rate:.0f}",
            f"{cpu_rate / peer_cpu_rate:.1f}",
        ]
        for system, (start, start_cpu, rate, cpu_rate) in middle.items()
    ]


def agreement_rows(folder: Path, texts: Sequence[str]) -> list[list[str]]:
    """Compare what int8 and float32 say of every word: keep it or not, and how surely."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - 1 s, and no child needs it

    from digest.backends.embedded.tagger import Tagger  # noqa: PLC0415 - as above

    words = [words_of(text) for text in texts]
    found = [
        np.concatenate([scores["keep"] for scores in Tagger(place).scores(words)])
        for place in (SHIPPED / MODEL, folder / "float32")
    ]
    same = [(scores[:, 1] > scores[:, 0]) for scores in found]
    surely = [scores[:, 1] - scores[:, 0] for scores in found]
    return [
        ["words", str(len(found[0]))],
        ["same decision to keep, %", f"{100 * float((same[0] == same[1]).mean()):.1f}"],
        ["Spearman of log odds", f"{float(spearmanr(*surely).statistic):.4f}"],
    ]


def main() -> None:
    """Print both tables; as a child, one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--child", choices=list(SYSTEMS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--launched", type=float, default=0.0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.folder, options.launched)
        return
    texts = seed_sentences(options.sentences)
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch) / "models")
        folder = Path(scratch) / "models"
        rows = speed_rows(folder, texts, repeats=options.repeats)
        print(table(HEADER, rows, markdown=options.markdown))
        print()
        print(table(AGREEMENT, agreement_rows(folder, texts), markdown=options.markdown))
    print(f"\nmedian of {options.repeats} processes, {len(texts)} sentences; {machine()}")


if __name__ == "__main__":
    main()
