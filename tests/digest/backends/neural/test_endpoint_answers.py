from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from digest.backends.neural.endpoint_answers import StreamReader, parse_completion
from digest.backends.neural.endpoint_faults import RefusedError, TryAgainError
from tests.digest.backends.neural.servers import events, part

PARTS = [part("Zoë said: “Ça\u2028suffit”, "), part("🍵\x85 and left."), part(reason="stop")]
RAW = [json.dumps(item, ensure_ascii=False) for item in PARTS]


@given(
    cuts=st.lists(st.integers(0, 600), max_size=20),
    end=st.sampled_from(["\n", "\r\n"]),
    done=st.booleans(),
)
def test_a_stream_says_the_same_however_it_is_cut(*, cuts: list[int], end: str, done: bool) -> None:
    body = events(*RAW, end=end, done=done).body
    assert body is not None
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    reader = StreamReader(str)
    for start, stop in pairwise(places):
        reader.feed(body[start:stop])
    answer = reader.answer()
    assert answer.texts == ("Zoë said: “Ça\u2028suffit”, 🍵\x85 and left.",)
    assert answer.finished == (True,)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "choices message delta content text index finish_reason refusal usage error code "
                "tool_calls prompt_tokens".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(data=_JSON, streamed=st.booleans())
def test_no_answer_is_too_odd_to_be_told_apart(*, data: object, streamed: bool) -> None:
    text = json.dumps(data)
    reader = StreamReader(str)
    try:
        if streamed:
            reader.feed(f"data: {text}\n\n".encode())
        answer = reader.answer() if streamed else parse_completion(text)
    except (TryAgainError, RefusedError):
        return
    assert all(answer.texts)
    assert len(answer.texts) == len(answer.finished) > 0
