from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval.metrics import rouge_texts
from eval.metrics.rouge import KINDS, ZERO, Mref, RougeState, rouge
from eval.metrics.rouge_texts import Overlap, Text, Texts, overlaps

_ROOT = Path(__file__).resolve().parents[3]


def test_the_stemmers_differ() -> None:
    assert rouge("dying", ["die"], stem="porter-nltk").rouge1 != ZERO
    assert rouge("dying", ["die"], stem="porter-orig").rouge1 == ZERO


def test_a_sentence_that_ends_inside_a_token_changes_rougelsum_alone() -> None:
    cut = "ab" * 2_000  # no paragraph is that long without a space: the splitter cuts it
    found = rouge(f"{cut} tail", [f"{cut} tail"])
    assert (found.rouge1, found.rougeL) == (found.rougeLsum, found.rougeLsum)
    text = Text(f"{cut} tail", stem="none", tok="rouge155")
    assert len(text.tokens) == 2
    assert text.line_unigrams.total() == 3
    assert [one.hits for one in overlaps(text, text)] == [2, 1, 2, 3]


def test_every_usable_reference_has_its_scores_and_place() -> None:
    found = rouge("a b\nc", ["", "a b\nc", "Москва", "b\nd"])
    assert [one.index for one in found.per_reference] == [1, 3]
    assert (found.references, found.excluded) == (2, 2)
    for one, reference in zip(found.per_reference, ["a b\nc", "b\nd"], strict=True):
        alone = rouge("a b\nc", [reference])
        assert [one.score(kind) for kind in KINDS] == [alone.score(kind) for kind in KINDS]
    assert found.per_reference[1].overlaps == (
        Overlap(hits=1, prediction=3, reference=2),
        Overlap(hits=0, prediction=2, reference=1),
        Overlap(hits=1, prediction=3, reference=2),
        Overlap(hits=1, prediction=3, reference=2),
    )


@pytest.mark.parametrize(
    ("prediction", "references", "state", "scored"),
    [
        ("", ["a"], RougeState.EMPTY_PREDICTION, True),
        (None, ["a"], RougeState.EMPTY_PREDICTION, True),
        (" \n ", ["a"], RougeState.EMPTY_PREDICTION, True),
        ("<n> <q>", ["a"], RougeState.EMPTY_PREDICTION, True),
        ("a", [], RougeState.NO_REFERENCE, False),
        (None, [], RougeState.NO_REFERENCE, False),
        ("a", ["", " ", "<doc-sep>"], RougeState.NO_REFERENCE, False),
        ("", [""], RougeState.NO_REFERENCE, False),
        ("Привет мир", ["a"], RougeState.UNSCORABLE, False),
        ("Привет мир", ["Привет мир"], RougeState.UNSCORABLE, False),
        ("a", ["สวัสดี"], RougeState.UNSCORABLE, False),
        ("", ["สวัสดี"], RougeState.UNSCORABLE, False),
        ("...", ["a"], RougeState.EMPTY_PREDICTION, True),
        ("a", ["..."], RougeState.NO_REFERENCE, False),
    ],
)
@pytest.mark.parametrize("mref", ["best", "mean"])
def test_what_cannot_be_compared_says_so(
    prediction: str | None, references: list[str], state: RougeState, mref: Mref, *, scored: bool
) -> None:
    found = rouge(prediction, references, mref=mref)
    assert found.state is state
    assert [found.score(kind) for kind in KINDS] == [ZERO if scored else None] * 4
    assert [one.rouge1 for one in found.per_reference] == ([ZERO] if scored else [])
    assert found.references + found.excluded == len(references)


@pytest.mark.parametrize(
    "text",
    ["Привет, мир. Москва ждёт.", "สวัสดีครับ ประเทศไทย", "北京欢迎你", "नमस्ते दुनिया", "မြန်မာ နိုင်ငံ"],
)
def test_the_unicode_tokenizer_reads_every_script(text: str) -> None:
    found = rouge(text, [text], tok="unicode")
    assert found.state is RougeState.SCORED
    assert [score.fmeasure for kind in KINDS if (score := found.score(kind))] == [1.0] * 4
    assert rouge(text, [text]).state is RougeState.UNSCORABLE


def test_excluded_references_are_counted() -> None:
    found = rouge("a b", ["a b", "", "Москва"], mref="mean")
    assert (found.references, found.excluded) == (1, 2)
    assert found.rouge1 is not None
    assert found.rouge1.fmeasure == 1.0


def test_marks_of_other_systems_are_line_breaks() -> None:
    assert rouge("a b<n>c", ["a b\nc"]).rougeLsum == rouge("a b\nc", ["a b <q> c"]).rougeLsum
    found = rouge("n q doc sep", ["a<doc-sep>b"])
    assert found.rouge1 == ZERO


def test_the_signature_names_every_choice() -> None:
    assert rouge("a", ["a", "b"], mref="mean", stem="porter-nltk").signature("rouge2") == (
        "rouge2|nrefs:2|mref:mean|tok:rouge155|stem:porter-nltk|sents:lines-else-pysbd-0.3.4"
        "|agg:mean|lib:rouge-score-0.1.2|v:1"
    )
    assert "|tok:unicode|" in rouge("a", ["a"], tok="unicode").signature("rougeL")


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of rouge1"):
        rouge("a", ["a"]).score("rouge9")
    with pytest.raises(ValueError, match="stem must be one of porter-orig"):
        rouge("a", ["a"], stem="lancaster")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="tok must be one of rouge155"):
        rouge("a", ["a"], tok="moses")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mref must be one of"):
        rouge("a", ["a"], mref="worst")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="wrap it in a list"):
        rouge("a", "a")


def test_a_reference_is_made_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Counted(Text):
        def __init__(self, text: str, **choices: Any) -> None:
            made.append(text)
            super().__init__(text, **choices)

    monkeypatch.setattr(rouge_texts, "Text", Counted)
    # The package has a function of the module's name.
    monkeypatch.setattr(sys.modules["eval.metrics.rouge"], "_texts", Texts())
    for n in range(20):
        rouge(f"system\n{n}", ["one\nreference", "another\nreference"])
    assert len(made) == 22


def test_the_memory_for_texts_is_bounded() -> None:
    texts = Texts(most=800)
    kept = texts.get("kept\nalways", stem="none", tok="rouge155")
    for n in range(400):
        texts.get(f"text\n{n} " + "word " * (n % 30), stem="none", tok="rouge155")
        assert texts.get("kept\nalways", stem="none", tok="rouge155") is kept
        held = [*texts._young.values(), *texts._old.values()]
        assert sum(len(text.tokens) + 1 for text in held) <= 1_600
    long = "long\n" + "word " * 101
    assert texts.get(long, stem="none", tok="rouge155").tokens
    assert texts.get(long, stem="none", tok="rouge155") is not texts.get(
        long, stem="none", tok="rouge155"
    )


def test_neither_the_package_nor_a_splitter_is_loaded() -> None:
    program = (
        "import sys; from eval.metrics.rouge import rouge; rouge('One.\\nTwo.', ['a\\nb']);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"nltk", "rouge_score", "sklearn", "scipy", "numpy", "pysbd", "absl", "torch"}
    assert not [name for name in heavy if f"'{name}'" in done.stdout]
    assert "'eval'" in done.stdout
