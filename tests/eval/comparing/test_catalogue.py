from __future__ import annotations

from eval.comparing.catalogue import kind_of
from eval.families import FAMILIES
from eval.records import ArticleRow, Case, Example, Prediction, SourceSpan
from eval.suite import Options


def test_every_metric_of_the_suite_is_known_with_its_family() -> None:
    article = ArticleRow(id="a", text="The dam at Orsava broke on Monday.")
    span = SourceSpan(article_id="a", start=0, end=34, quote=article.text)
    prediction = Prediction(
        id="e", prediction="The dam broke on Monday.", run="r", citations=((span,),)
    )
    example = Example(id="e", articles=(article,), references=("A dam broke.",))
    case = Case(example=example, run="r", prediction=prediction)
    for name, build in FAMILIES.items():
        if name in {"nli", "similarity"}:  # these need a model; their names are tested below
            continue
        for metric in build(Options()).score(case).values:
            assert kind_of(metric).family == name, metric


def test_names_that_nobody_knows_have_no_family_and_no_good_way() -> None:
    assert kind_of("charm").family is None
    assert kind_of("charm").direction.value == "none"
    assert kind_of("entailment").family == "nli"
    assert kind_of("similarity_source_f1").direction.value == "none"
    assert kind_of("similarity_f1").direction.value == "higher"
