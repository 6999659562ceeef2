from __future__ import annotations

import json
import math
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    RobertaModel,
)

from digest.errors import UsageError
from eval.metrics.citations import CitedText, citation_scores
from eval.metrics.nli import NliScorer, NliSupport
from eval.metrics.similarity import EncoderSimilarity
from eval.models import Encoder, PairClassifier
from eval.records import ArticleRow, SourceSpan

if TYPE_CHECKING:
    from pathlib import Path

_WORDS = "the dam broke on monday rescue teams came talks failed again night fell two villages"
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_LABELS = {0: "contradiction", 1: "neutral", 2: "entailment"}
_CHANCES = (0.2, 0.1, 0.7)
_LENGTH = 16  # positions of both models; RoBERTa loses two


def _tokenizer() -> Any:
    vocabulary = {word: n for n, word in enumerate([*_SPECIAL, *_WORDS.split(), "."])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), _SPECIAL, strict=True))
    untyped: Any = PreTrainedTokenizerFast
    return untyped(tokenizer_object=raw, **names)


def _sizes(**more: Any) -> dict[str, Any]:
    return {
        "vocab_size": 32,
        "hidden_size": 16,
        "num_hidden_layers": 4,
        "num_attention_heads": 2,
        "intermediate_size": 24,
        "max_position_embeddings": _LENGTH,
        "pad_token_id": 0,
        **more,
    }


def _saved(folder: Path, model: Any) -> Path:
    model.save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny models with random weights; `known` answers `_CHANCES` whatever it is asked."""
    torch.manual_seed(7)
    labels = {"id2label": _LABELS, "label2id": {name: n for n, name in _LABELS.items()}}
    base = tmp_path_factory.mktemp("models")
    known = BertForSequenceClassification(BertConfig(**_sizes(**labels)))
    with torch.no_grad():
        known.classifier.weight.zero_()
        known.classifier.bias.copy_(torch.tensor([math.log(p) for p in _CHANCES]))
    wild = RobertaForSequenceClassification(RobertaConfig(**_sizes(**labels)))
    with torch.no_grad():
        for parameter in wild.classifier.parameters():
            parameter.normal_(std=2.0)  # answers that differ from pair to pair
    return {
        "known": _saved(base / "known", known),
        "wild": _saved(base / "wild", wild),
        "unlabeled": _saved(
            base / "unlabeled", BertForSequenceClassification(BertConfig(**_sizes()))
        ),
        "bert": _saved(base / "bert", BertModel(BertConfig(**_sizes()))),
        "roberta": _saved(base / "roberta", RobertaModel(RobertaConfig(**_sizes()))),
    }


def test_known_biases_give_known_probabilities(folders: dict[str, Path]) -> None:
    model = PairClassifier(folders["known"])
    assert model.labels == tuple(_LABELS.values())
    pairs = [("the dam broke", "dam"), ("talks failed", "night fell on two villages")]
    for answer in model.classify(pairs):
        assert answer.probabilities == pytest.approx(_CHANCES, abs=1e-6)
        assert not answer.truncated
    assert model.classify([]) == []


def test_batches_pads_and_orders_change_nothing(folders: dict[str, Path]) -> None:
    words = _WORDS.split()
    pairs = [(" ".join(words[n : n + 1 + n % 5]), words[-n - 1]) for n in range(11)]
    one, many = (PairClassifier(folders["wild"], batch_size=size) for size in (1, 4))
    answers = many.classify(pairs)
    assert len({answer.probabilities for answer in answers}) > 5
    assert many.classify(pairs[::-1]) == answers[::-1]
    assert many.classify([*pairs, pairs[0]])[-1] == answers[0]
    for answer, alone in zip(answers, one.classify(pairs), strict=True):
        assert answer.probabilities == pytest.approx(alone.probabilities, abs=2e-6)


def test_probabilities_are_the_models_own(folders: dict[str, Path]) -> None:
    model: Any = RobertaForSequenceClassification.from_pretrained(folders["wild"])
    model.eval()
    given = _tokenizer()("the dam broke", "talks failed", return_tensors="pt")
    with torch.inference_mode():
        logits = model(input_ids=given["input_ids"], attention_mask=given["attention_mask"]).logits
    found = PairClassifier(folders["wild"]).classify([("the dam broke", "talks failed")])
    assert found[0].probabilities == pytest.approx(logits.softmax(-1)[0].tolist(), abs=2e-6)


@pytest.mark.parametrize(("name", "limit"), [("known", _LENGTH), ("wild", _LENGTH - 1)])
def test_long_pairs_are_cut_to_what_the_configuration_says(
    folders: dict[str, Path], name: str, limit: int
) -> None:
    model = PairClassifier(folders[name])
    assert model._loaded.tokenizer.model_max_length > 1_000_000
    assert model._loaded.limit == limit
    fits, cut = model.classify([("dam " * (limit - 4), "dam"), ("dam " * 500, "dam " * 500)])
    assert not fits.truncated
    assert cut.truncated
    assert sum(cut.probabilities) == pytest.approx(1.0, abs=1e-5)


def test_the_signature_changes_with_the_weights(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(folders["known"], tmp_path / "known")
    assert PairClassifier(copy).signature == PairClassifier(folders["known"]).signature
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 1e-5}))
    assert PairClassifier(copy).signature != PairClassifier(folders["known"]).signature
    assert PairClassifier(copy).signature.startswith("known@")


def test_a_missing_model_says_the_way_out(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path, "no-such-org/no-such-model"):
        with pytest.raises(UsageError, match=r"no model to load here .* name a folder with config"):
            PairClassifier(path)
        with pytest.raises(UsageError, match="or allow the download"):
            EncoderSimilarity(path)


def test_an_encoder_is_no_classifier(folders: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match=r"lacks 2 weights .* first classifier\.bias"):
        PairClassifier(folders["bert"])


def test_a_model_without_an_entailment_label_is_refused(folders: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="'entailment', they are LABEL_0, LABEL_1; name a model"):
        NliScorer(folders["unlabeled"])


def test_nli_with_a_real_model(folders: dict[str, Path]) -> None:
    scorer = NliScorer(folders["known"], windows=2)
    found = scorer.score("The dam broke.\nTalks failed.", ["the dam broke. night fell."])
    assert found.entailment == pytest.approx(0.7, abs=1e-6)
    assert (len(found.sentences), found.pairs) == (2, 6)
    wild = NliScorer(folders["wild"])
    sources = ["the dam broke.", "talks failed again.", "night fell."]
    best = wild.score("two villages.", sources).sentences[0]
    each = [wild.entails(source, "two villages.") for source in sources]
    assert best.entailment == pytest.approx(max(each), abs=2e-6)
    assert best.source == each.index(max(each))


def test_nli_decides_about_citations(folders: dict[str, Path]) -> None:
    article = ArticleRow(id="a", text="The dam broke.")
    span = SourceSpan(article_id="a", start=0, end=14, quote="The dam broke.")
    texts = [CitedText(sentence="Talks failed.", citations=(span,))]
    scorer = NliScorer(folders["known"])
    for at_least, recall in ((0.5, 1.0), (0.71, 0.0)):
        judge = NliSupport(scorer, at_least=at_least)
        assert citation_scores(texts, [article], supports=judge).recall == recall
        assert judge.signature.startswith("nli-known@")
        assert "|" not in judge.signature


@pytest.mark.parametrize("name", ["bert", "roberta"])
def test_vectors_are_unit_rows_without_special_tokens(folders: dict[str, Path], name: str) -> None:
    texts = ["the dam broke", "", "talks failed again on monday"]
    found = Encoder(folders[name]).vectors(texts)
    assert [rows.shape for rows in found] == [(3, 16), (0, 16), (5, 16)]
    assert np.linalg.norm(np.concatenate(found), axis=1) == pytest.approx(np.ones(8), abs=1e-5)
    alone = Encoder(folders[name], batch_size=1).vectors(texts)
    assert np.concatenate(found) == pytest.approx(np.concatenate(alone), abs=1e-5)


def test_vectors_are_those_of_the_stated_layer(folders: dict[str, Path]) -> None:
    model: Any = BertModel.from_pretrained(folders["bert"])
    model.eval()
    with torch.inference_mode():
        states = model(
            **_tokenizer()("the dam broke", return_tensors="pt"), output_hidden_states=True
        ).hidden_states
    for layer, wanted in ((None, 3), (0, 0), (4, 4)):
        encoder = Encoder(folders["bert"], layer=layer)
        assert encoder.signature.endswith(f"-L{wanted}/4")
        rows = states[wanted][0, 1:-1].numpy()
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        assert encoder.vectors(["the dam broke"])[0] == pytest.approx(rows, abs=1e-5)
    with pytest.raises(UsageError, match="layer must be in 0 to 4"):
        Encoder(folders["bert"], layer=5)


def test_long_texts_are_read_in_pieces(folders: dict[str, Path]) -> None:
    words = _WORDS.split() * 4
    rows = Encoder(folders["bert"]).vectors([" ".join(words)])[0]
    assert rows.shape == (len(words), 16)
    room = _LENGTH - 2
    second = Encoder(folders["bert"]).vectors([" ".join(words[room : 2 * room])])[0]
    assert rows[room : 2 * room] == pytest.approx(second, abs=1e-5)


def test_similarity_with_a_real_model(folders: dict[str, Path]) -> None:
    scorer = EncoderSimilarity(folders["roberta"])
    same = scorer.score("the dam broke", ["the dam broke"]).best
    assert same is not None
    assert (same.precision, same.recall, same.fmeasure) == (1.0, 1.0, 1.0)
    other = scorer.score("the dam broke", ["talks failed again"]).best
    assert other is not None
    assert other.fmeasure < 1.0
    back = scorer.score("talks failed again", ["the dam broke"]).best
    assert back is not None
    assert (back.precision, back.recall) == (other.recall, other.precision)
    assert scorer.score("", ["the dam broke"]).best is None
