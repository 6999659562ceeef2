from __future__ import annotations

from eval.metrics.entities import entity_scores
from eval.records import ArticleRow, Example, OutputState, SourceSpan
from eval.report.cluster import build_cluster
from eval.report.marks import marked_lines
from eval.report.material import Output
from eval.report.shown import metric_of
from eval.report.sources import SourceList
from eval.report.support import Shade

_TEXT = "Ada Brandt left Rome with 20 men. She said: “Otto Lindqvist will stay in Rome.”"
_EXAMPLE = Example(
    id="c",
    articles=(ArticleRow(id="a", text=_TEXT, title="Brandt leaves"), ArticleRow(id="b", text="X.")),
    references=("Brandt left.\n\nShe spoke.",),
)


def _output(text: str, state: OutputState = OutputState.WRITTEN, why: str | None = None) -> Output:
    verdicts = entity_scores(text, _EXAMPLE.articles).verdicts
    return Output(state=state, failure=why, text=text, verdicts=verdicts, metrics={"words": 3.0})


def _sources(*outputs: Output) -> SourceList:
    return SourceList(
        _EXAMPLE,
        (("A", v.evidence) for output in outputs for v in output.verdicts if v.evidence),
    )


def test_pieces_are_the_text_and_lead_to_their_sentences() -> None:
    output = _output("Brandt left Oslo.\n\nWith\u202e twenty men.")
    sources = _sources(output)
    lines = marked_lines(output.text, output.verdicts, sources)
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "Brandt left Oslo.",
        "With twenty men.",
    ]
    marks = [piece for line in lines for piece in line if piece.shade]
    assert [(mark.text, mark.shade, mark.says) for mark in marks] == [
        ("Brandt", Shade.VERBATIM, "verbatim, source 1"),
        ("Oslo", Shade.NONE, "unsupported"),
        ("twenty", Shade.NORMALISED, "respelled, source 1"),
    ]
    quotes = {quote.id: quote.text for quote in sources.shown()[0].quotes}
    assert quotes == {marks[0].quote: "Ada Brandt left Rome with 20 men."}
    assert marks[1].quote is None


def test_a_name_inside_a_quotation_keeps_its_own_mark() -> None:
    output = _output("She said: “Otto Lindqvist will stay in Rome.”")
    (line,) = marked_lines(output.text, output.verdicts, _sources(output))
    assert "".join(piece.text for piece in line) == output.text
    named = {piece.text for piece in line if piece.mention is not None}
    assert {"Otto Lindqvist", "Rome"} <= named
    ids = [piece.mention for piece in line if piece.mention is not None]
    assert len(ids) == len(set(ids)) == len(output.verdicts)


def test_evidence_from_an_article_that_the_corpus_lacks_leads_nowhere() -> None:
    span = SourceSpan(article_id="z", start=0, end=2, quote="X.")
    sources = SourceList(_EXAMPLE, [("A", span)])
    assert sources.place(span) is None
    assert all(not source.quotes for source in sources.shown())


def test_of_two_articles_with_one_id_the_one_with_the_text_is_meant() -> None:
    twice = Example(
        id="c",
        articles=(ArticleRow(id="a", text="One."), ArticleRow(id="a", text="Two.")),
        references=(),
    )
    span = SourceSpan(article_id="a", start=0, end=4, quote="Two.")
    place = SourceList(twice, [("A", span)]).place(span)
    assert place is not None
    assert place.number == 2


def test_a_page_has_every_output_with_its_state() -> None:
    outputs = {
        "old": _output("Brandt left Oslo."),
        "new": _output("", OutputState.FAILED, "out of\nmemory"),
    }
    page = build_cluster(_EXAMPLE, outputs, {"old": "A", "new": "B"}, [metric_of("words")])
    assert page.title == "Brandt leaves"
    assert [output.state for output in page.outputs] == [None, "failed: out of memory"]
    assert [output.unsupported for output in page.outputs] == [1, 0]
    assert page.references == (("Brandt left.", "She spoke."),)
    assert page.scores[0].figures == ("3", "3")
    pair = page.pairs["pairs"]["AB"]
    assert pair["dropped"] == [("Oslo", 1, "none")]
    assert pair["lost"] == [("Brandt", 0, "verbatim")]
    assert pair["words"] == [0, 3, 0, 0]
