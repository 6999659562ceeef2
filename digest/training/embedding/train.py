"""Train the vectors of sentences: news → a teacher's vectors → a table, measured as it ships."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from safetensors.numpy import save_file

from digest.backends.embedded.files import TOKENIZER, WEIGHTS
from digest.backends.embedded.pieces import WordPieces
from digest.backends.embedded.sentences import SentenceVectors
from digest.errors import UsageError
from digest.text.vectors import tfidf
from digest.training.embedded_card import Described, embedded_card
from digest.training.embedding import sentences
from digest.training.embedding.measure import agreement
from digest.training.embedding.teacher import Teacher, taught
from digest.training.embedding.trainee import EmbeddingTrainee
from digest.training.encoder import check_encoder
from digest.training.examples import file_sha256
from digest.training.folders import RECORD, Workshop, as_json
from digest.training.loop import fit
from digest.training.measured import Measured
from digest.training.seq2seq import library_versions
from digest.training.tagging.export import quantized_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digest.protocols import Progress
    from digest.training.settings import EmbeddingTraining

_LIBRARIES: Final = ("digest", "accelerate", "tokenizers", "torch", "transformers")
_ABOUT: Final = (
    "Turns an English sentence into a vector whose cosine with another's says how like the two are:"
    " the mean of a vector for each word piece, learned from what an encoder says of 65,000"
    " headlines and sentences of news articles (the texts are the publishers'). The teacher was"
    " all-MiniLM-L6-v2 (Apache-2.0)."
)
_WEIGHTS: Final = (
    "Weights are int8 with a scale for each row; the scores below are of what this folder holds:"
    " Spearman's correlation of its cosines with the teacher's over pairs of held-out sentences,"
    " `one_story` of one topic and week, `any` drawn by lot. Those of `tfidf` are the same of"
    " TF-IDF cosines."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """The texts that are learned from, as pieces, and what the teacher says of them."""

    told: Sequence[sentences.Told]
    pieces: Sequence[Sequence[int]]
    teacher: NDArray[np.float16]


def train_embedding(
    settings: EmbeddingTraining, *, resume: bool = False, progress: Progress
) -> Measured:
    """Teach a table of word pieces and put it, quantized, into `settings.output`.

    Args:
        settings: how, by which encoder, on which folder of corpora.
        resume: go on with an unfinished training; begins one where there is none.
        progress: told of the sentences the teacher has read, and of the steps.

    Raises:
        UsageError: the encoder or a corpus is not there or damaged, nothing can be learned, DIR is
            no model folder, or the unfinished training was another one.
        BackendError: memory ended, or the loss is no number any more.
    """
    workshop = Workshop(settings.output)
    workshop.check(resume=resume)
    check_encoder(settings.model)
    record = _record(settings)
    checkpoint = workshop.last(record)
    told = sentences.training(settings.corpora)
    if not told:
        raise UsageError(f"nothing to learn from in the corpora of {settings.corpora}")
    workshop.begin(record)
    began = time.perf_counter()
    teacher = Teacher(settings.model, dtype=_precision(settings))
    lesson = _lesson(told, teacher, settings, workshop.partial, progress)
    trainee = EmbeddingTrainee(
        teacher.word_embeddings,
        width=settings.width,
        texts=lesson.pieces,
        teacher=lesson.teacher,
        seed=settings.seed,
    )
    losses = fit(
        trainee,
        settings.model_copy(update={"batch_size": settings.batch_size // sentences.BLOCK}),
        sentences.blocks(lesson.told, seed=settings.seed),
        (),
        folder=workshop.partial,
        checkpoint=checkpoint,
        progress=progress,
    )
    seconds = time.perf_counter() - began
    scores: dict[str, float] = {}

    def write(folder: Path) -> None:
        save_file(quantized_rows(trainee.network.weighted().numpy()), folder / WEIGHTS)
        (folder / TOKENIZER).write_bytes((settings.model / TOKENIZER).read_bytes())
        scores.update(_measured(folder, teacher, settings.corpora))
        described = _described(record)
        card = embedded_card(
            described, record, losses, scores, examples=len(lesson.told), seconds=seconds
        )
        (folder / "README.md").write_text(card, encoding="utf-8")
        (folder / RECORD).write_text(as_json(record), encoding="utf-8")

    workshop.publish(write)
    return Measured(output=settings.output, losses=losses, scores=scores)


def _lesson(
    told: Sequence[sentences.Told],
    teacher: Teacher,
    settings: EmbeddingTraining,
    folder: Path,
    progress: Progress,
) -> _Lesson:
    pieces = WordPieces(settings.model / TOKENIZER)
    texts = [one.text for one in told]
    vectors = taught(teacher, pieces.ids(texts, special=True), folder / "taught", progress=progress)
    bare = pieces.ids(texts)
    read = [place for place, ids in enumerate(bare) if ids]
    return _Lesson(
        told=[told[place] for place in read],
        pieces=[bare[place] for place in read],
        teacher=vectors[read],
    )


def _measured(folder: Path, teacher: Teacher, corpora: Path) -> dict[str, float]:
    """Return how well the finished model, and TF-IDF, agree with the teacher on unseen news."""
    held = sentences.examined(corpora)
    texts = [one.text for one in held]
    right = teacher.vectors(WordPieces(folder / TOKENIZER).ids(texts, special=True))
    student = agreement(SentenceVectors(folder).embed(texts), right, held)
    words = agreement(tfidf(texts), right, held)
    return student | {f"tfidf_{name}": value for name, value in words.items()}


def _precision(settings: EmbeddingTraining) -> str:
    """Return what the teacher multiplies in: bfloat16 is three times as fast and as right.

    On 200 sentences every cosine of both vectors of one was .9999 and more.
    """
    return "float32" if settings.dtype == "float32" else "bfloat16"


def _described(record: Mapping[str, Any]) -> Described:
    return Described(
        name="embed",
        pipeline="sentence-similarity",
        library="numpy",
        about=_ABOUT,
        weights=_WEIGHTS,
        encoder=f"The teacher was `{record['encoder_sha256']}` (SHA-256).",
    )


def _record(settings: EmbeddingTraining) -> dict[str, Any]:
    """Return what decides the weights, as JSON: no time, no place on this machine."""
    return {
        "encoder_sha256": file_sha256(settings.model / "model.safetensors"),
        "settings": settings.decisive,
        "corpora": {path.name: file_sha256(path) for path in sentences.files(settings.corpora)},
        "libraries": library_versions(_LIBRARIES),
    }
