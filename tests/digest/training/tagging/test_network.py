from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from digest.training.tagging.examples import split, tagged
from digest.training.tagging.network import IGNORED, _loss
from digest.training.tagging.trainee import TaggingTrainee, inputs_of
from tests.digest.backends.embedded.tiny_bert import encoder

if TYPE_CHECKING:
    from digest.training.tagging.examples import Item

HEADS = {"a": 3, "b": 4}


def _backward(loss: Any) -> None:
    loss.backward()


@pytest.fixture(scope="module")
def trainee(tmp_path_factory: pytest.TempPathFactory) -> TaggingTrainee:
    folder = encoder(tmp_path_factory.mktemp("encoder"))
    made = TaggingTrainee(folder, heads=HEADS, weights={"a": 1.0, "b": 0.5}, seed=1)
    made.network.eval()
    return made


@pytest.fixture
def items(trainee: TaggingTrainee) -> list[Item]:
    examples = [
        tagged(["The", "bank", "left"], {"a": [0, 1, 2]}),
        tagged(["Oslo", "xyz"], {"a": [2, IGNORED]}),
        tagged(["He", "met", "Anna", "."], allowed={"b": [1, 0b0110, 0, 8]}),
    ]
    return split(examples, trainee.pieces)


def test_the_loss_of_a_head_is_its_mean_over_labelled_words(
    trainee: TaggingTrainee, items: list[Item]
) -> None:
    found = list(trainee.scores(items))
    with torch.no_grad():
        loss = float(trainee.network(**trainee.collate([items[:2]]))["loss"])
    chosen = [found[0]["a"][0, 0], found[0]["a"][1, 1], found[0]["a"][2, 2], found[1]["a"][0, 2]]
    assert loss == pytest.approx(-np.mean(chosen), rel=1e-4)


def test_of_labels_that_may_be_right_the_sum_counts(
    trainee: TaggingTrainee, items: list[Item]
) -> None:
    (scores,) = trainee.scores(items[2:])
    chance = np.exp(scores["b"])
    known = [chance[0, 0], chance[1, 1] + chance[1, 2], chance[3, 3]]
    with torch.no_grad():
        loss = float(trainee.network(**trainee.collate([items[2:]]))["loss"])
    assert loss == pytest.approx(-0.5 * np.mean(np.log(known)), rel=1e-4)


def test_partial_labels_raise_what_is_left_open_and_nothing_else() -> None:
    scores = torch.zeros(1, 2, 4, requires_grad=True)
    labels = torch.tensor([[[1, 0, 1, 0], [0, 0, 0, 0]]])
    loss = _loss(scores, labels)
    assert float(loss.detach()) == pytest.approx(math.log(2))
    _backward(loss)
    assert scores.grad is not None
    signs = scores.grad[0].sign().tolist()
    assert signs[0] == [-1, 1, -1, 1], "a step against the gradient raises the first and the third"
    assert signs[1] == [0, 0, 0, 0], "nothing is known of the second word"


def test_all_labels_allowed_teach_nothing() -> None:
    scores = torch.randn(1, 1, 4, requires_grad=True)
    loss = _loss(scores, torch.ones(1, 1, 4, dtype=torch.int64))
    _backward(loss)
    assert float(loss.detach()) == pytest.approx(0, abs=1e-6)
    assert scores.grad is not None
    assert scores.grad.abs().max() < 1e-6


@pytest.mark.parametrize(
    "labels", [torch.full((1, 2), IGNORED), torch.zeros(1, 2, 4, dtype=torch.int64)]
)
def test_a_batch_of_which_nothing_is_known_has_no_loss_and_no_nan(labels: torch.Tensor) -> None:
    scores = torch.randn(1, 2, 4, requires_grad=True)
    loss = _loss(scores, labels)
    _backward(loss)
    assert float(loss.detach()) == 0
    assert scores.grad is not None
    assert (scores.grad == 0).all()


def test_padding_changes_no_scores(trainee: TaggingTrainee, items: list[Item]) -> None:
    together = list(trainee.scores(items))
    for item, scores in zip(items, together, strict=True):
        (alone,) = trainee.scores([item])
        assert all(scores[head] == pytest.approx(alone[head], abs=1e-4) for head in HEADS)


def test_scores_come_in_the_order_asked_for(trainee: TaggingTrainee, items: list[Item]) -> None:
    small = list(trainee.scores(items, size=1))
    assert [len(scores["a"]) for scores in small] == [3, 2, 4]


def test_heads_without_labels_in_a_batch_are_not_asked(
    trainee: TaggingTrainee, items: list[Item]
) -> None:
    assert "labels_b" not in trainee.collate([items[:2]])
    made = trainee.collate([items[2:]])
    assert "labels_a" not in made
    assert made["labels_b"].tolist() == [
        [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    ]


def test_inputs_have_a_place_for_every_word(items: list[Item]) -> None:
    made = inputs_of(items)
    assert made["first"].shape == (3, 4)
    assert made["input_ids"].shape == made["attention_mask"].shape == made["shapes"].shape
    assert made["attention_mask"].sum(dim=1).tolist() == [len(item.pieces.ids) for item in items]


def test_word_embeddings_are_not_trained(trainee: TaggingTrainee) -> None:
    frozen = [name for name, value in trainee.network.named_parameters() if not value.requires_grad]
    assert frozen == ["encoder.embeddings.word_embeddings.weight"]
