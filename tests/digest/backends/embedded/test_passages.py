from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.backends.embedded.passages import ROOM, passages

_LENGTHS = st.lists(st.integers(0, 2 * ROOM), max_size=30)


@given(_LENGTHS, st.integers(0, ROOM), st.one_of(st.none(), st.integers(1, ROOM)))
def test_each_sentence_is_one_passages_own_and_read_there(
    lengths: list[int], room: int, own: int | None
) -> None:
    made = passages(lengths, room=room, own=own)
    owned = [place for p in made for place in range(p.own.start, p.own.stop)]
    assert owned == list(range(len(lengths)))
    for passage in made:
        assert passage.read.start <= passage.own.start < passage.own.stop <= passage.read.stop


@given(_LENGTHS)
def test_only_a_sentence_alone_exceeds_the_room(lengths: list[int]) -> None:
    for passage in passages(lengths):
        alone = passage.own.stop - passage.own.start == 1
        assert sum(lengths[passage.read]) <= ROOM or (alone and passage.read == passage.own)


def test_without_room_each_sentence_stands_alone() -> None:
    assert [p.read for p in passages([3, 4, 5], room=0)] == [slice(0, 1), slice(1, 2), slice(2, 3)]


def test_the_last_sentence_is_read_with_those_before_it() -> None:
    last = passages([100] * 6)[-1]
    assert (last.own, last.read) == (slice(5, 6), slice(1, 6))


def test_what_is_short_is_one_passage() -> None:
    assert [p.own for p in passages([100, 200, 200])] == [slice(0, 3)]
    assert passages([]) == []
