"""One spelling, names introduced once, quotations untouched."""

from __future__ import annotations

from digest.backends import build_backend
from digest.backends.fusion.material import material
from digest.backends.fusion.wording import HouseStyle
from digest.config import FactsConfig, FusionConfig
from digest.facts import find_facts
from digest.text.sentences import count_words
from digest.text.words import lower_case_words
from tests.digest.building import article, cluster_of


def styled(*sentences: str, others: tuple[str, ...] = ()) -> list[str]:
    """Style sentences of one article beside other articles."""
    made = [article("a", " ".join(sentences), title="Talks")]
    made += [article(f"o{n}", text, title="Talks") for n, text in enumerate(others)]
    cluster = cluster_of(*made)
    facts = find_facts(cluster, FactsConfig())
    lower_case = lower_case_words(a.text for a in cluster.articles)
    return HouseStyle(facts, material(cluster, facts), lower_case).apply(sentences)


SCHOLZ = "German Chancellor Olaf Scholz arrived in Paris on Monday."


def test_a_surname_is_introduced_at_first_mention_and_stands_alone_after() -> None:
    first, second = "In Berlin, Scholz ruled out troops.", "Later Olaf Scholz met the unions."
    assert styled(first, second, others=(SCHOLZ,)) == [
        "In Berlin, German Chancellor Olaf Scholz ruled out troops.",
        "Later Scholz met the unions.",
    ]


def test_a_title_goes_with_the_given_name() -> None:
    texts = styled(SCHOLZ, "Talks went on until Chancellor Olaf Scholz left.", "Scholz was tired.")
    assert texts[1:] == ["Talks went on until Scholz left.", "Scholz was tired."]


def test_a_title_goes_with_the_words_that_belong_to_it() -> None:
    first = "First lady Jill Biden arrived in Paris on Monday."
    second = "On Tuesday the first lady Jill Biden left."
    assert styled(first, second) == [first, "On Tuesday Biden left."]


def test_a_full_name_behind_its_surname_is_somebody_else() -> None:
    texts = ("Biden spoke in Berlin on Monday.", "Biden came with Jill Biden and left.")
    assert styled(*texts)[1] == texts[1]


def test_a_courtesy_title_makes_way_for_a_full_name() -> None:
    (text,) = styled("In Berlin, Mr. Scholz ruled out troops.", others=(SCHOLZ,))
    assert text == "In Berlin, German Chancellor Olaf Scholz ruled out troops."


def test_an_office_that_was_held_goes_whole_and_introduces_nobody_as_its_holder() -> None:
    past = "Former Chancellor Angela Merkel spoke in Berlin."
    texts = styled(past, "Former Chancellor Angela Merkel was tired.")
    assert texts == [past, "Merkel was tired."]
    others = ("On Monday former Chancellor Angela Merkel spoke. Merkel left.",)
    (alone,) = styled("In Rome, Merkel was tired.", others=others)
    assert alone == "In Rome, Angela Merkel was tired."


def test_a_title_makes_a_person_whose_surname_may_stand_alone() -> None:
    texts = (SCHOLZ, "Two hours later Olaf Scholz left.")
    assert styled(*texts) == [SCHOLZ, "Two hours later Scholz left."]


def test_a_ship_is_no_person_with_a_surname() -> None:
    texts = (
        "The ferry Sea Lantern struck a barge in Port Kestrel.",
        "Divers examined the Sea Lantern on Wednesday.",
        "The Sea Lantern will be towed to a dock.",
    )
    assert styled(*texts, others=("Lantern light guided the crew of the Sea Lantern.",)) == [*texts]


def test_quotations_stay_as_they_were_said() -> None:
    texts = (SCHOLZ, "Ada Brandt replied: “Olaf Scholz is late, as Mr Scholz often is.”")
    assert styled(*texts, others=("Scholz left. Scholz spoke.",)) == list(texts)


def test_one_spelling_for_one_name() -> None:
    texts = styled(
        "Volodymyr Zelensky spoke in Kyiv.",
        "Ministers called Zelenskyy on Monday.",
        others=("Volodymyr Zelensky left Kyiv.", "Zelensky spoke to Volodymyr Zelensky’s party."),
    )
    assert texts == ["Volodymyr Zelensky spoke in Kyiv.", "Ministers called Zelensky on Monday."]


def test_compounds_are_left_alone() -> None:
    texts = (
        "US President Donald Trump spoke in Washington.",
        "Secretary of State Marco Rubio met Foreign Minister Sergei Lavrov in Riyadh.",
        "The Rubio-Lavrov meeting lasted four hours.",
        "Officials of the Trump administration left early.",
    )
    others = ("Trump spoke. Rubio listened. Lavrov left.",)
    assert styled(*texts, others=others)[2:] == list(texts[2:])
    alone = styled("Officials of the Trump administration left early.", others=(texts[0], *others))
    assert alone == ["Officials of the Trump administration left early."]


def test_a_disputed_office_is_not_repeated() -> None:
    prime = "In Warsaw, Prime Minister Donald Tusk promised money for the army."
    president = "In Warsaw, President Donald Tusk promised money for the army."
    texts = styled(prime, others=(president, "Tusk left."))
    assert texts == ["In Warsaw, Donald Tusk promised money for the army."]


def test_demonyms_are_no_spelling_of_a_country() -> None:
    texts = ("Finland joined the talks.", "Finnish officials left early.")
    assert styled(*texts, others=("Finland and Finnish firms. Finland. Finland.",)) == list(texts)


def test_introductions_count_in_the_budget() -> None:
    talk = (
        "In Berlin, Scholz ruled out troops for Ukraine before the winter.",
        "In Rome, Meloni doubted that soldiers were the most useful answer.",
        "In Warsaw, Tusk asked Brussels to loosen its rules for deficits.",
    )
    others = (
        "German Chancellor Olaf Scholz arrived.",
        "Italian Prime Minister Giorgia Meloni arrived.",
        "Polish Prime Minister Donald Tusk arrived.",
    )
    cluster = cluster_of(article("a", " ".join(talk)), article("b", " ".join(others)))
    facts = find_facts(cluster, FactsConfig())
    backend = build_backend(FusionConfig(kind="fusion", max_similarity=0.5))
    for budget in range(20, 61):
        texts = [s.text for s in backend.summarize(cluster, facts, max_words=budget).sentences]
        assert sum(map(count_words, texts)) <= budget
        assert texts
    assert "In Rome, Italian Prime Minister Giorgia Meloni doubted" in " ".join(texts)


def test_a_headline_takes_the_spelling_of_the_text() -> None:
    sources = cluster_of(
        article("a", "The US said no. The US left the talks in Paris on Monday, officials said."),
        article("b", "The U.S. will stay away from Paris, diplomats said there on Tuesday night."),
    )
    facts = find_facts(sources, FactsConfig())
    style = HouseStyle(facts, material(sources, facts), frozenset())
    assert style.spell("Talks end as U.S. leaves Paris") == "Talks end as US leaves Paris"
