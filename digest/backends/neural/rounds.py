"""Write one summary: in one call, or in rounds where too much would be left out.

A cluster is written in rounds when fewer than half of its distinct facts fit into one call. Facts
are then dealt to chunks that fit, each with sentences of several articles; each chunk is summarized
to a share of the budget, and the partial texts are summarized again. A partial sentence that its
chunk does not support is not passed on; the others keep the source sentences they stand for.
Every round must take fewer tokens than the one before; the first that does not is the last.
A round has 32 chunks at most, for which sentences are chosen as for one call, and a model with room
for fewer than half of the facts one by one is refused: else a tiny one would be asked for minutes.

`write` is a coroutine: it yields the requests of a round and is sent their outcomes, so that the
rounds of many summaries can be asked for together.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from digest.backends.neural.candidates import anchor
from digest.backends.neural.generator import Request
from digest.backends.neural.lines import Line, lines_of
from digest.backends.neural.neutral import neutralize
from digest.backends.neural.selection import Selection, documents, fences, select
from digest.errors import BackendError
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from digest.backends.neural.generator import Generator as Model
    from digest.backends.neural.tally import Answered, Tally
    from digest.records import Task
    from digest.sourcing import Sources

    Asking = Generator[list[Request], list[Answered], "Written"]
    Chunk = tuple[Line, ...]

# The rule of the module's docstring.
_TOLD = 0.5
# Partial texts together have twice the budget: the last round must have something to choose from.
_PARTIAL = 2
_SHORTEST = 40
# Chunks of the first round, of which the following ones have about half each: 70 calls in all. A
# model that reads 1024 tokens hears 32,000 by them, some 60 articles without their repetitions.
_MOST_CHUNKS = 32
# Chunks of whole sentences are not full to the brim.
_FILLED = 0.8
# What is passed on must fill half the budget, else one call with less to tell writes more.
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The sentences of a summary, the lines of the last call, and those of all calls."""

    sentences: tuple[str, ...]
    last: tuple[Line, ...]
    lines: tuple[Line, ...]
    given: tuple[Line, ...]


def write(task: Task, model: Model, sources: Sources, tally: Tally) -> Asking:
    """Yield the requests of each round, be sent their outcomes, and return what was written.

    Raises:
        BackendError: nothing fits, the model failed, or no candidate holds a printable sentence.
    """
    lines = lines_of(task, model)
    room = model.room(task.max_words)
    chosen = select(lines, room=room, count=model.count)
    facts = {line.fact for line in _tellable(lines)}
    fitting = {line.fact for line in _tellable(lines) if line.tokens <= room}
    if not chosen.lines or len(fitting) < _TOLD * len(facts):
        shortest = min(line.tokens for line in lines)
        raise BackendError(
            f"cluster {task.cluster.id}: {model.model} has room for {room} tokens beside prompt and"
            f" answer, and {len(fitting)} of {len(facts)} facts have a sentence that fits (the"
            f" shortest sentence has {shortest}): raise max_input_tokens, lower"
            " summarize.max_words, or take a model that reads more"
        )
    given = chosen.lines
    if _leaves_too_much(lines, chosen):
        passed_on, heard = yield from _map(task, model, sources, tally, lines)
        if passed_on is not None:
            chosen, given = passed_on, heard
    request = Request(documents=chosen.documents, max_words=task.max_words)
    (answered,) = yield [request]
    sentences = tally.read(answered, request)
    return Written(sentences=sentences, last=chosen.lines, lines=tuple(lines), given=given)


def _tellable(lines: Sequence[Line]) -> list[Line]:
    """Return the lines worth a round: no copy, nothing suspect or outdated while there is more."""
    usable = [line for line in lines if line.usable]
    return [line for line in usable if not line.suspect and not line.doubtful] or usable


def _leaves_too_much(lines: Sequence[Line], chosen: Selection) -> bool:
    facts = {line.fact for line in _tellable(lines)}
    return len(facts & chosen.facts) < _TOLD * len(facts)


def _map(
    task: Task, model: Model, sources: Sources, tally: Tally, lines: Sequence[Line]
) -> Generator[list[Request], list[Answered], tuple[Selection | None, tuple[Line, ...]]]:
    """Summarize chunks, and their summaries, until these fit into one call.

    Returns:
        What the last call is given, None where too little came out, and the source lines that
        were heard in the first round.

    Raises:
        BackendError: the model failed on every chunk of a round.
    """
    room = model.room(task.max_words)
    heard: tuple[Line, ...] = ()
    passed_on: Selection | None = None
    while passed_on is None or _leaves_too_much(lines, passed_on):
        chunks = _chunks(_hearable(lines, room, model), room, model)[:_MOST_CHUNKS]
        if len(chunks) < 2:
            break
        requests = [_partial(chunk, task.max_words, len(chunks)) for chunk in chunks]
        answers = yield requests
        tally.rounds += 1
        texts = [tally.read_partial(a, r) for a, r in zip(answers, requests, strict=True)]
        whole = [c for c, a in zip(chunks, answers, strict=True) if not a.failed]
        if not whole:
            raise answers[0].error
        partial = _supported(texts, chunks, sources, model, tally)
        heard = heard or tuple(line for chunk in whole for line in chunk)
        if sum(count_words(line.text) for line in partial) < _ENOUGH * task.max_words:
            break
        before, after = _tokens(line for c in whole for line in c), _tokens(partial)
        lines, passed_on = partial, select(partial, room=room, count=model.count)
        if after >= before:
            break
    return passed_on, heard


def _tokens(lines: Iterable[Line]) -> int:
    return sum(line.tokens for line in lines)


def _one_wording(lines: Sequence[Line], room: int) -> list[Line]:
    """Return for each fact the best wording that fits, dealt from the articles in turn."""
    wordings: dict[int, Line] = {}
    for line in sorted(_tellable(lines), key=lambda line: (line.wording, line.order)):
        if line.tokens <= room:
            wordings.setdefault(line.fact, line)
    depth: dict[int, int] = {}
    dealt: list[tuple[int, int, Line]] = []
    for line in sorted(wordings.values(), key=lambda line: line.order):
        dealt.append((depth.get(line.article, 0), line.article, line))
        depth[line.article] = depth.get(line.article, 0) + 1
    return [line for _, _, line in sorted(dealt, key=lambda d: d[:2])]


def _hearable(lines: Sequence[Line], room: int, model: Model) -> list[Line]:
    """Return a wording for each fact, or for the best of them where one round cannot hear all."""
    worded = _one_wording(lines, room)
    most = int(_FILLED * _MOST_CHUNKS * room)
    if _tokens(worded) <= most:
        return worded
    return _one_wording(select(worded, room=most, count=model.count).lines, room)


def _chunks(lines: Sequence[Line], room: int, model: Model) -> list[Chunk]:
    """Return the lines in as few chunks as can hold them, about equally long, none over the room.

    Articles take turns in `lines`, so that neighbours come from several of them.
    """
    total = _tokens(lines)
    even = ceil(total / max(1, ceil(total / max(1, room))))
    chunks: list[list[Line]] = [[]]
    for line in lines:
        with_it = [*chunks[-1], line]
        longer = _tokens(with_it) + fences(len({one.article for one in with_it}), room)
        if chunks[-1] and (longer > room or _tokens(chunks[-1]) >= even):
            chunks.append([])
        chunks[-1].append(line)
    return [_fitted(chunk, room, model) for chunk in chunks if chunk]


def _fitted(chunk: Sequence[Line], room: int, model: Model) -> Chunk:
    """Return a chunk without its last lines as long as its documents take more than the room."""
    return select(sorted(chunk, key=lambda line: line.order), room=room, count=model.count).lines


def _partial(chunk: Chunk, max_words: int, chunks: int) -> Request:
    """Return the request for a chunk's share, at most half of what the chunk has."""
    words = sum(count_words(line.text) for line in chunk)
    share = max(_SHORTEST, min(max_words, _PARTIAL * max_words // chunks))
    return Request(
        documents=documents(chunk), max_words=max(1, min(share, words // 2)), partial=True
    )


def _supported(
    texts: Sequence[Sequence[str]],
    chunks: Sequence[Chunk],
    sources: Sources,
    model: Model,
    tally: Tally,
) -> list[Line]:
    """Return the sentences that their chunks support, each with the source sentences it is from."""
    lines: list[Line] = []
    for number, (sentences, chunk) in enumerate(zip(texts, chunks, strict=True)):
        within = frozenset(place for line in chunk for place in line.places)
        kept: list[tuple[str, tuple[int, ...]]] = []
        for sentence in sentences:
            found = anchor(sentence, sources, within)
            if found.missing:
                tally.unsupported()
            else:
                kept.append((neutralize(sentence, model.special_tokens), found.places))
        lengths = model.count([text for text, _ in kept]) if kept else []
        lines += [
            Line(
                article=number,
                article_id=f"part {number + 1}",
                sentence=place,
                text=text,
                tokens=tokens,
                fact=len(lines) + place,
                support=len({sources.places[p].source for p in places}),
                places=places,
            )
            for place, ((text, places), tokens) in enumerate(zip(kept, lengths, strict=True))
        ]
    return lines
