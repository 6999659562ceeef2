"""The ledger of a scoring: outputs in, scored rows out, on disk.

SQLite joins predictions and corpus in any order without holding either in memory, and keeps what is
scored when a process is killed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.records import Prediction, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from eval.records import Case, Example

# A kill of the process loses nothing; a power cut may cost the last rows.
_SETTINGS = """
pragma locking_mode = exclusive;
pragma journal_mode = wal;
pragma synchronous = off;
"""
_TABLES = """
create table if not exists rows (fingerprint text primary key, row text not null) without rowid;
drop table if exists predictions;
drop table if exists examples;
drop table if exists cases;
create table predictions (
    corpus int, id text, run text, body text not null, primary key (corpus, id, run)
) without rowid;
create table examples (corpus int, id text, sha text, primary key (corpus, id)) without rowid;
create table cases (run text, id text, fingerprint text, primary key (run, id)) without rowid;
"""


class Ledger:
    """The predictions, examples and scored rows of one scoring, in one file."""

    def __init__(self, path: Path) -> None:
        """Open the ledger, keeping the rows that an unfinished scoring left in it.

        Raises:
            UsageError: it is damaged, or another process is writing to it.
        """
        self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            self._db.executescript(_SETTINGS + _TABLES)
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"{path} cannot be used ({error}): wait if another process scores into this "
                "folder, else delete the file"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is added inside as one, or nothing of it."""
        self._db.execute("begin")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def add_prediction(self, prediction: Prediction, *, corpus: int) -> None:
        """Take in one output for the examples of one corpus.

        Raises:
            UsageError: the run has an output for this example already.
        """
        body = json.dumps(asdict(prediction))
        try:
            self._db.execute(
                "insert into predictions values (?, ?, ?, ?)",
                (corpus, prediction.id, prediction.run, body),
            )
        except sqlite3.IntegrityError:
            raise UsageError(
                f"{prediction.run} has two predictions for {prediction.id!r}; keep one, or give "
                'the rows of each system its name as "run"'
            ) from None

    def runs(self, corpus: int) -> list[str]:
        """Return the names of the runs that wrote about a corpus, in order."""
        query = "select distinct run from predictions where corpus = ? order by run"
        return [run for (run,) in self._db.execute(query, (corpus,))]

    def count(self, corpus: int) -> int:
        """Return how many outputs were handed in for a corpus."""
        query = "select count(*) from predictions where corpus = ?"
        return int(self._db.execute(query, (corpus,)).fetchone()[0])

    def predictions(self, example: Example, sha256: str, *, corpus: int) -> dict[str, Prediction]:
        """Return run -> output for one example, which is noted as seen."""
        self._db.execute("insert into examples values (?, ?, ?)", (corpus, example.id, sha256))
        query = "select run, body from predictions where corpus = ? and id = ?"
        found = self._db.execute(query, (corpus, example.id)).fetchall()
        return {run: _decoded(body) for run, body in found}

    def strays(self, corpus: int) -> list[str]:
        """Return ids of outputs for which a corpus has no example: three at most, in order."""
        query = """select distinct id from predictions where corpus = ? and id not in
            (select id from examples where corpus = ?) order by id limit 3"""
        return [name for (name,) in self._db.execute(query, (corpus, corpus))]

    def examples(self, corpus: int) -> int:
        """Return how many examples of a corpus were seen."""
        query = "select count(*) from examples where corpus = ?"
        return int(self._db.execute(query, (corpus,)).fetchone()[0])

    def corpus_sha256(self, corpus: int) -> str:
        """Return the hash of the examples seen, whatever their order."""
        query = "select id, sha from examples where corpus = ? order by id"
        return corpus_sha256(self._db.execute(query, (corpus,)))

    def expect(self, case: Case, key: str) -> bool:
        """Take note of a case to score, by fingerprint; tell whether it was scored already.

        Raises:
            UsageError: another corpus has the same example for the same run.
        """
        try:
            self._db.execute("insert into cases values (?, ?, ?)", (case.run, case.example.id, key))
        except sqlite3.IntegrityError:
            raise UsageError(f"{case.run} has {case.example.id!r} twice; score it once") from None
        query = "select 1 from rows where fingerprint = ?"
        return bool(self._db.execute(query, (key,)).fetchone())

    def add_row(self, key: str, row: str) -> None:
        """Keep the scored row of a case."""
        self._db.execute("insert or replace into rows values (?, ?)", (key, row))

    def rows(self) -> Iterator[str]:
        """Yield the scored rows of all expected cases, by run, then id."""
        query = "select row from cases join rows using (fingerprint) order by run, id"
        for (row,) in self._db.execute(query):
            yield row


def fingerprint(record: Example | Prediction | None) -> str:
    """Return the SHA-256 of a record's content."""
    text = json.dumps(asdict(record) if record else None, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def corpus_sha256(pairs: Iterable[Sequence[str]]) -> str:
    """Return the hash of a corpus from its examples' (id, fingerprint), in the order of the ids."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(json.dumps(list(pair)).encode())
    return digest.hexdigest()


def _decoded(body: str) -> Prediction:
    data = json.loads(body)
    spans = data.pop("citations")
    if spans is None:
        return Prediction(**data)
    citations = tuple(tuple(SourceSpan(**span) for span in line) for line in spans)
    return Prediction(**data, citations=citations)
