"""Which sentences go in: never too many, none cut, nobody drowned out, what is repeated first."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.neural.lines import Line, lines_of
from digest.backends.neural.selection import Selection, documents, fences, left_out, select
from digest.records import Facts, Variant
from digest.text.sentences import count_words
from tests.digest.backends.neural.events import about, fact, task_of
from tests.digest.backends.neural.fakes import FakeGenerator


def count(texts: object) -> list[int]:
    assert isinstance(texts, (list, tuple))
    return [count_words(text) for text in texts]


def line(article: int, sentence: int, *, tokens: int, number: int, **more: object) -> Line:
    text = " ".join([f"w{number}x{i}" for i in range(tokens)])
    made = Line(
        article=article,
        article_id=f"a{article}",
        sentence=sentence,
        text=text,
        tokens=tokens,
        fact=number,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@st.composite
def clusters(draw: st.DrawFn) -> list[Line]:
    lengths = draw(
        st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=8), min_size=1, max_size=7)
    )
    facts = st.integers(0, 12)
    lines = []
    for article, some in enumerate(lengths):
        for sentence, tokens in enumerate(some):
            number = draw(facts)
            lines.append(
                line(
                    article,
                    sentence,
                    tokens=tokens,
                    number=number,
                    support=1 + number % 3,
                    wording=draw(st.integers(0, 3)),
                    doubtful=draw(st.integers(0, 9)) == 0,
                    suspect=draw(st.integers(0, 9)) == 0,
                    usable=draw(st.integers(0, 9)) != 0,
                )
            )
    return lines


@settings(deadline=None)
@given(clusters(), st.integers(0, 400))
def test_the_room_is_kept_and_nothing_disappears(lines: list[Line], room: int) -> None:
    chosen = select(lines, room=room, count=count)
    texts = chosen.documents
    assert chosen.tokens == sum(map(count_words, texts))
    assert chosen.tokens + fences(len(texts), room) <= room
    assert list(chosen.lines) == sorted(chosen.lines, key=lambda one: one.order)
    assert all(one in lines and one.usable for one in chosen.lines)
    missing = [(out.article_id, i) for out in left_out(lines, chosen.lines) for i in out.sentences]
    given_ = [(one.article_id, one.sentence) for one in chosen.lines]
    assert sorted(missing + given_) == [(one.article_id, one.sentence) for one in lines]
    assert select(lines, room=room, count=count) == chosen


@settings(deadline=None)
@given(clusters(), st.integers(0, 400))
def test_every_article_with_a_fitting_sentence_is_heard(lines: list[Line], room: int) -> None:
    usable = [one for one in lines if one.usable]
    articles = sorted({one.article for one in usable})
    share = (room - fences(len(articles), room)) // max(1, len(articles))
    heard = {one.article for one in select(lines, room=room, count=count).lines}
    for article in articles:
        if any(one.tokens <= share for one in usable if one.article == article):
            assert article in heard


@settings(deadline=None)
@given(clusters(), st.integers(1, 400))
def test_nothing_that_fits_is_left_out(lines: list[Line], room: int) -> None:
    chosen = select(lines, room=room, count=count)
    left = [one for one in lines if one.usable and one not in chosen.lines]
    more = fences(len({one.article for one in chosen.lines}) + 1, room)
    assert all(chosen.tokens + one.tokens + more > room for one in left)


def test_everything_goes_in_as_it_stands_where_it_fits() -> None:
    first, second = [fact(i) for i in range(3)], [fact(i) for i in range(3, 6)]
    lines = lines_of(task_of(about(first, second)), FakeGenerator())
    chosen = select(lines, room=1000, count=count)
    assert chosen.documents == (" ".join(first), " ".join(second))
    assert left_out(lines, chosen.lines) == ()


def test_a_copy_goes_in_once() -> None:
    same = [fact(i) for i in range(3)]
    lines = lines_of(task_of(about(same, [*same, fact(9)])), FakeGenerator())
    chosen = select(lines, room=1000, count=count)
    assert chosen.documents == (" ".join(same), fact(9))
    assert [(out.article_id, out.sentences) for out in left_out(lines, chosen.lines)] == [
        ("a1", (0, 1, 2))
    ]


def test_what_several_sources_say_comes_before_leads_and_those_before_the_rest() -> None:
    lines = [
        line(0, 0, tokens=10, number=0),
        line(0, 1, tokens=10, number=1),
        line(0, 2, tokens=10, number=2, support=3),
        line(0, 3, tokens=10, number=3, support=2),
    ]
    kept = [
        [one.sentence for one in select(lines, room=room, count=count).lines]
        for room in (10, 20, 30, 40)
    ]
    assert kept == [[2], [2, 3], [0, 2, 3], [0, 1, 2, 3]]


def test_one_wording_is_enough() -> None:
    lines = [
        line(0, 0, tokens=30, number=0, support=2, wording=1),
        line(0, 1, tokens=30, number=1),
        line(1, 0, tokens=30, number=0, support=2),
        line(1, 1, tokens=30, number=2),
    ]
    chosen = select(lines, room=95, count=count)
    assert [one.order for one in chosen.lines] == [(0, 1), (1, 0), (1, 1)]


def test_a_long_article_leaves_room_for_a_short_one() -> None:
    long = [line(0, i, tokens=10, number=i, support=2) for i in range(40)]
    short = [line(1, i, tokens=10, number=100 + i) for i in range(5)]
    chosen = select([*long, *short], room=100, count=count)
    assert sum(one.article == 1 for one in chosen.lines) >= 1
    assert chosen.tokens == 100
    even = [replace(one, support=1) for one in (*long, *short)]
    assert sum(one.article == 1 for one in select(even, room=100, count=count).lines) == 5


def test_what_several_sources_say_comes_before_an_even_share() -> None:
    told = [line(0, i, tokens=30, number=i, support=2) for i in range(4)]
    alone = [line(1, i, tokens=30, number=10 + i) for i in range(4)]
    chosen = select([*told, *alone], room=130, count=count)
    assert [one.order for one in chosen.lines] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_outdated_and_suspect_sentences_come_last() -> None:
    lines = [
        line(0, 0, tokens=10, number=0, doubtful=True),
        line(0, 1, tokens=10, number=1, suspect=True),
        line(0, 2, tokens=10, number=2),
        line(0, 3, tokens=10, number=3),
    ]
    kept = [
        [one.sentence for one in select(lines, room=room, count=count).lines]
        for room in (20, 30, 40)
    ]
    assert kept == [[2, 3], [0, 2, 3], [0, 1, 2, 3]]


def test_a_suspect_wording_gives_way_to_another() -> None:
    cluster = about([fact(0), fact(1)], [fact(2)])
    said = cluster.articles[0].sentences
    suspect = Variant(article_id="a0", sentence=0, text=said[0].text)
    task = task_of(cluster)
    first, *others = task.facts.facts
    merged = replace(first, variants=(*first.variants, *others[0].variants))
    facts = replace(task.facts, facts=(merged, *others[1:]), suspect=(suspect,))
    lines = lines_of(replace(task, facts=facts), FakeGenerator())
    assert [one.usable for one in lines] == [False, True, True]
    alone = replace(task, facts=replace(task.facts, suspect=(suspect,)))
    assert [one.suspect for one in lines_of(alone, FakeGenerator())] == [True, False, False]
    assert all(one.usable for one in lines_of(alone, FakeGenerator()))


def test_without_facts_every_sentence_is_its_own() -> None:
    cluster = about([fact(0), fact(1)], [fact(2)])
    task = replace(
        task_of(cluster), facts=Facts(cluster_id="event", facts=(), entities=(), conflicts=())
    )
    lines = lines_of(task, FakeGenerator())
    assert len({one.fact for one in lines}) == 3
    assert {one.support for one in lines} == {1}


def test_control_tokens_are_gone_before_anything_is_counted() -> None:
    cluster = about([fact(0)])
    article = cluster.articles[0]
    broken = replace(article.sentences[0], text="The vote</s> <doc-sep> passed.")
    task = replace(
        task_of(cluster),
        cluster=replace(cluster, articles=(replace(article, sentences=(broken,)),)),
    )
    (only,) = lines_of(task, FakeGenerator())
    assert only.text == "The vote(/s) (doc-sep) passed."
    assert only.tokens == count_words(only.text)


def test_sentences_that_take_more_side_by_side_still_fit() -> None:
    """A tokenizer may count a text longer than its sentences."""

    def longer(texts: object) -> list[int]:
        assert isinstance(texts, tuple)
        return [4 * count_words(text) - 3 for text in texts]

    lines = [line(a, s, tokens=6, number=10 * a + s) for a in range(3) for s in range(5)]
    chosen = select(lines, room=100, count=longer)
    assert isinstance(chosen, Selection)
    assert 0 < chosen.tokens <= 100


def test_many_documents_pay_for_their_fences() -> None:
    lines = [line(a, 0, tokens=10, number=a) for a in range(60)]
    chosen = select(lines, room=600, count=count)
    texts = documents(chosen.lines)
    assert len(texts) > 16
    assert chosen.tokens + fences(len(texts), 600) <= 600
