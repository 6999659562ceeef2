from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from digest.backends.embedded.labels import NAME_LABELS, best_path
from digest.backends.embedded.pieces import Pieces
from digest.backends.embedded.tagger import Tagger, shipped
from digest.errors import BackendError
from digest.training.tagging.examples import split, tagged
from digest.training.tagging.export import export
from digest.training.tagging.trainee import TaggingTrainee
from tests.digest.backends.embedded.tiny_bert import WORDS, encoder

if TYPE_CHECKING:
    from pathlib import Path

HEADS = {"names": NAME_LABELS, "gap": ("whole", "gap")}
TEXTS = [
    ["The", "Mayor", "of", "Oslo", "left", "the", "bank", "."],
    ["Anna"],
    [*WORDS, "!"],
    ["He", "didn’t", "—", "“", "Łódź", "”"],
    ["met", "\u200b", "Clara"],
]


class Made(NamedTuple):
    trainee: TaggingTrainee
    folder: Path
    tagger: Tagger


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A tiny network with random heads, and the same as it ships."""
    source = encoder(tmp_path_factory.mktemp("encoder"))
    sizes = {name: len(labels) for name, labels in HEADS.items()}
    trainee = TaggingTrainee(source, heads=sizes, weights=dict.fromkeys(HEADS, 1.0), seed=3)
    trainee.network.shapes.weight.data.normal_(std=0.2)  # fresh ones are all zero
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    export(trainee, HEADS, folder, encoder=source)
    return Made(trainee, folder, Tagger(folder))


def copied(made: Made, target: Path) -> Path:
    target.mkdir(parents=True)
    for path in made.folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_scores_are_those_of_torch(made: Made) -> None:
    items = split([tagged(words) for words in TEXTS], made.trainee.pieces)
    wide = []
    for ours, theirs in zip(made.tagger.scores(TEXTS), made.trainee.scores(items), strict=True):
        for head in HEADS:
            assert ours[head].shape == theirs[head].shape
            assert np.exp(ours[head]).sum(axis=-1) == pytest.approx(1, abs=1e-4)
            assert np.exp(ours[head]) == pytest.approx(np.exp(theirs[head]), abs=0.06)
            wide.append(np.ptp(theirs[head], axis=0).max())
    assert max(wide) > 0.5, "a network that says the same of every word would prove nothing"


def test_alone_as_in_a_batch(made: Made) -> None:
    together = list(made.tagger.scores(TEXTS * 3))
    for words, scores in zip(TEXTS * 3, together, strict=True):
        (alone,) = made.tagger.scores([words])
        for head in HEADS:
            assert np.exp(scores[head]) == pytest.approx(np.exp(alone[head]), abs=0.05)


def test_one_row_of_scores_a_word(made: Made) -> None:
    texts = [*TEXTS, [], ["\u200b"], ["\x00", "\ufeff"], ["bank"] * 600, ["z" * 600, "Oslo"]]
    found = list(made.tagger.scores(texts))
    assert [len(scores["names"]) for scores in found] == [len(words) for words in texts]
    assert found[0]["names"].shape == (8, len(NAME_LABELS))
    assert found[5]["gap"].shape == (0, 2)
    assert all(np.isfinite(scores[head]).all() for scores in found for head in HEADS)


def test_words_behind_the_last_piece_have_the_scores_of_the_last_one_read(made: Made) -> None:
    (scores,) = made.tagger.scores([["bank"] * 600])
    assert (scores["gap"][510:] == scores["gap"][509]).all()
    assert not (scores["gap"][:509] == scores["gap"][509]).all()


def test_no_texts(made: Made) -> None:
    assert list(made.tagger.scores([])) == []
    assert made.tagger.tags([]) == []


def test_tags_of_texts_without_words(made: Made) -> None:
    assert made.tagger.tags([[], [[], []]]) == [[], [[], []]]
    ((tags,),) = made.tagger.tags([[["\u200b", "\u200b"]]])
    assert len(tags) == 2


def test_each_word_of_each_sentence_has_a_tag(made: Made) -> None:
    texts = [TEXTS * 20, [], TEXTS[:1]]
    found = made.tagger.tags(texts)
    assert [[len(tags) for tags in text] for text in found] == [
        [len(words) for words in text] for text in texts
    ]
    assert all(tags[0][0] != "I" for text in found for tags in text), "no name spans sentences"


def test_sentences_are_read_together(made: Made) -> None:
    (together,), (alone,) = (
        list(made.tagger.scores([[word for words in text for word in words]]))
        for text in (TEXTS[:2], TEXTS[1:2])
    )
    assert not np.allclose(together["names"][-1], alone["names"][-1])
    expected = best_path(together["names"][-1:], NAME_LABELS)
    assert made.tagger.tags([TEXTS[:2]])[0][1] == expected


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "model.safetensors", "labels.json", "tokenizer.json", "embeddings.safetensors"],
)
def test_a_missing_file_is_named(name: str, made: Made, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "model")
    (folder / name).unlink()
    with pytest.raises(BackendError, match=f"holds no embedded model: {name} not there; install"):
        Tagger(folder)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match=r"or train one with `digest train`"):
        Tagger(tmp_path / "nowhere")
    with pytest.raises(BackendError, match="no-such-model holds no embedded model"):
        shipped("no-such-model")


def test_tokenizer_and_embeddings_may_lie_in_the_shared_folder(made: Made, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "names")
    (tmp_path / "encoder").mkdir()
    for name in ("tokenizer.json", "embeddings.safetensors"):
        (folder / name).rename(tmp_path / "encoder" / name)
    (shared,), (own,) = (list(tagger.scores(TEXTS[:1])) for tagger in (Tagger(folder), made.tagger))
    assert (shared["names"] == own["names"]).all()


def test_replaced_embeddings_are_read_anew(made: Made, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file  # noqa: PLC0415 - for this test alone

    folder = copied(made, tmp_path / "model")
    (before,) = Tagger(folder).scores(TEXTS[:1])
    table = load_file(folder / "embeddings.safetensors")
    save_file({**table, "scale": table["scale"][::-1].copy()}, folder / "new")
    (folder / "new").rename(folder / "embeddings.safetensors")
    (after,) = Tagger(folder).scores(TEXTS[:1])
    assert not np.allclose(before["names"], after["names"])


def test_pieces_are_plain_values(made: Made) -> None:
    (cut,) = made.trainee.pieces.split([["Oslo"]])
    assert cut == Pieces(ids=cut.ids, first=(1,), shapes=(0, 2, 0))
