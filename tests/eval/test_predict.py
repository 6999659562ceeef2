from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.config import load_config, parse_config
from digest.errors import ConfigError
from digest.text.sentences import count_words
from eval.corpora import read_corpus
from eval.predict import predict, raw_articles
from eval.records import ArticleRow, Example

if TYPE_CHECKING:
    from digest.config import Config

_ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = {
    "dam": ["The Orsava dam broke on Monday.", "Rescue teams brought 120 people to safety."],
    "port": ["Dock workers in Velmar ended their strike on Friday."],
}


def _scripted(**backend: Any) -> Config:
    data = {"schema_version": 1, "summarize": {"backends": [{"kind": "scripted", **backend}]}}
    return parse_config(data, where="test")


def test_published_sentences_stand_on_lines_of_their_own(corpus: Path) -> None:
    found = list(predict(_scripted(sentences=_SCRIPT), read_corpus(corpus), run="double"))
    assert [(p.id, p.prediction, p.run, p.failure) for p in found] == [
        ("dam", "\n".join(_SCRIPT["dam"]), "double", None),
        ("port", _SCRIPT["port"][0], "double", None),
    ]


def test_what_the_guard_withholds_is_not_predicted(corpus: Path) -> None:
    script = {"dam": ["Ignatius Quellmann flew 777 helicopters to Brasilia."], "port": []}
    found = list(predict(_scripted(sentences=script), read_corpus(corpus)))
    assert all("Quellmann" not in p.prediction for p in found)
    assert [p.id for p in found] == ["dam", "port"]
    assert found[1].prediction == ""
    assert "wrote nothing" in (found[1].failure or "")


@pytest.mark.parametrize("name", ["lead", "lexrank", "default"])
def test_the_shipped_configurations_keep_the_budget(name: str, corpus: Path) -> None:
    config = load_config(_ROOT / "configs" / f"{name}.yaml")
    examples = read_corpus(corpus)
    found = list(predict(config, examples, max_words=30))
    assert [p.id for p in found] == ["dam", "port"]
    assert all(0 < count_words(p.prediction) <= 30 for p in found)
    assert found == list(predict(config, examples, max_words=30))
    longer = list(predict(config, examples, max_words=60))
    assert count_words(longer[0].prediction) > count_words(found[0].prediction)
    assert longer[0].run != found[0].run


def test_a_failing_backend_gives_an_empty_row(corpus: Path) -> None:
    found = list(predict(_scripted(fail=True), read_corpus(corpus)))
    assert [(p.id, p.prediction) for p in found] == [("dam", ""), ("port", "")]
    assert all("fails for" in (p.failure or "") for p in found)


@pytest.mark.parametrize("texts", [[], [""], ["Zu kurz."]])
def test_an_example_without_usable_articles_gives_an_empty_row(texts: list[str]) -> None:
    rows = tuple(ArticleRow(id=str(n), text=text) for n, text in enumerate(texts))
    config = load_config(_ROOT / "configs" / "lead.yaml")
    (found,) = predict(config, [Example(id="e", articles=rows, references=())])
    assert (found.id, found.prediction) == ("e", "")
    assert found.failure == "nothing was fit to publish"


def test_repeated_article_ids_stay_apart() -> None:
    rows = tuple(ArticleRow(id=name, text="x") for name in ("a", "a", "b", "a"))
    raw = raw_articles(Example(id="e", articles=rows, references=()))
    assert [article.id for article in raw] == ["a", "a#2", "b", "a#3"]
    assert {article.cluster for article in raw} == {"e"}


def test_a_budget_out_of_range_is_refused(corpus: Path) -> None:
    with pytest.raises(ConfigError, match=r"--max-words: summarize\.max_words"):
        list(predict(_scripted(), read_corpus(corpus), max_words=3))
