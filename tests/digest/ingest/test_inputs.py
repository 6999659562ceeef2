from __future__ import annotations

import hashlib
import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.config import IngestConfig
from digest.errors import SourceError
from digest.ingest import Ingested, ingest
from digest.records import DropReason, Stage

if TYPE_CHECKING:
    from pathlib import Path

_CONFIG = IngestConfig()


def _reasons(result: Ingested) -> dict[str, DropReason]:
    assert all(drop.stage is Stage.INGEST for drop in result.dropped)
    return {drop.article_id: drop.reason for drop in result.dropped}


def test_every_type_of_file_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "flood").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"First line\r\n\r\nBody.")
    (folder / "b.md").write_text(
        "---\ntitle: Dam\npublisher: P\ndate: 2024-05-01\nurl: https://e.org\n---\n"
        "# Dam\nIt broke.\n"
    )
    (folder / "flood" / "c.html").write_text("<title>T</title><p>The dam broke on Monday.</p>")
    (folder / "flood" / "d.jsonl").write_text('{"id": "d1", "text": "Row."}\n')
    (folder / "e.csv").write_text("id,text\ne1,Cell.\n")
    (folder / "f.rss").write_text(
        "<rss version='2.0'><channel><title>F</title><item><guid>g</guid>"
        "<description>&lt;p>Entry.&lt;/p></description></item></channel></rss>"
    )
    result = ingest(["in"], _CONFIG, base=tmp_path)
    assert not result.dropped
    assert [(a.cluster, a.text) for a in result.articles] == [
        (None, "First line\n\nBody."),
        (None, "# Dam\nIt broke.\n"),
        (None, "Cell."),
        (None, "Entry."),
        ("flood", "The dam broke on Monday."),
        ("flood", "Row."),
    ]
    text, markdown, *_ = result.articles
    assert (text.id, text.source, text.title) == ("a", "in/a.txt", None)
    assert text.sha256 == hashlib.sha256(b"First line\r\n\r\nBody.").hexdigest()
    assert (markdown.title, markdown.publisher) == ("Dam", "P")
    assert (markdown.url, markdown.published) == ("https://e.org", "2024-05-01")


def test_every_reason_is_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("Good.")
    (folder / "empty.txt").write_text("\n")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "large.txt").write_text("x" * 2000)
    (folder / "paper.pdf").write_bytes(b"%PDF-1.7")
    (folder / "noext").write_text("Text.")
    (folder / "rows.jsonl").write_text("{\n")
    (folder / "other.xml").write_text("<note>no feed</note>")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "odd.txt").write_bytes(b"\xff\xfea")
    inputs = ["in", "missing.txt", "none/*.txt", "https://example.org/a", "ftp://example.org/a"]
    result = ingest(inputs, IngestConfig(max_bytes=1000), base=tmp_path)
    assert [article.id for article in result.articles] == ["good"]
    assert _reasons(result) == {
        "in/empty.txt": DropReason.EMPTY,
        "in/picture.txt": DropReason.BINARY,
        "in/large.txt": DropReason.TOO_LARGE,
        "in/paper.pdf": DropReason.UNSUPPORTED_TYPE,
        "in/noext": DropReason.UNSUPPORTED_TYPE,
        "in/rows.jsonl:1": DropReason.MALFORMED_ROW,
        "in/other.xml": DropReason.UNSUPPORTED_TYPE,
        "in/gone.txt": DropReason.UNREADABLE,
        "in/odd.txt": DropReason.UNREADABLE,
        "missing.txt": DropReason.UNREADABLE,
        "none/*.txt": DropReason.UNREADABLE,
        "https://example.org/a": DropReason.FETCH_REFUSED,
        "ftp://example.org/a": DropReason.FETCH_REFUSED,
    }
    assert result.given == len(result.articles) + len(result.dropped) == 14


@pytest.mark.parametrize("inputs", [[], ["missing.txt"], ["empty", "none/*.txt"]])
def test_nothing_at_all_is_an_error(tmp_path: Path, inputs: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"nothing to read: .* \(relative to"):
        ingest(inputs, _CONFIG, base=tmp_path)


def test_what_could_be_found_but_not_read_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    assert ingest([str(tmp_path / "a.pdf")], _CONFIG).articles == ()


def test_ids_stay_unique_across_inputs(tmp_path: Path) -> None:
    for name in ("one/a.txt", "one/a.md", "two/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "row"}')
    result = ingest(["two", "one", "rows.jsonl"], _CONFIG, base=tmp_path)
    assert [(article.id, article.text) for article in result.articles] == [
        ("a", "one/a.md"),
        ("a-2", "one/a.txt"),
        ("a-3", "row"),
        ("a-4", "two/a.txt"),
    ]


def test_the_order_given_does_not_show(tmp_path: Path) -> None:
    names = [f"{n}.txt" for n in range(12)]
    for name in names:
        (tmp_path / name).write_text(name)
    expected = ingest(names, _CONFIG, base=tmp_path)
    random.Random(1).shuffle(names)
    assert ingest([*names, names[0]], _CONFIG, base=tmp_path) == expected
    assert {article.source for article in expected.articles} == set(names)


@pytest.mark.parametrize(
    "text",
    [
        "---\n: : [\n---\nBody.",
        "---\njust a line\n---\nBody.",
        "---\nno end\n",
        "---\n!!x y\n---\nB",
    ],
)
def test_front_matter_that_is_none_stays_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text)
    (article,) = ingest(["a.md"], _CONFIG, base=tmp_path).articles
    assert article.text == text
    assert article.title is None


def test_front_matter_of_other_shapes_gives_what_it_can(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: [a]\nsource: 24\npublished: soon\n...\nBody.")
    (article,) = ingest(["a.md"], _CONFIG, base=tmp_path).articles
    assert (article.title, article.publisher, article.published) == (None, "24", None)


def test_a_front_matter_alone_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: T\n---\n")
    assert _reasons(ingest(["a.md"], _CONFIG, base=tmp_path)) == {"a.md": DropReason.EMPTY}


_STARTS = st.sampled_from(
    [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"<rss>", b"<p>", b'{"text":"', b"text\n"]
)
_BYTES = st.builds(lambda start, rest: start + rest, _STARTS, st.binary(max_size=200))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(["txt", "md", "jsonl", "csv", "tsv", "html", "xml", "parquet"]),
    data=_BYTES,
)
def test_any_bytes_are_read_or_recorded(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"any.{suffix}"
    path.write_bytes(data)
    result = ingest([str(path)], _CONFIG)
    assert result.given == len(result.articles) + len(result.dropped) >= 1
    for article in result.articles:
        assert article.text.strip()
        json.dumps(article.text, ensure_ascii=False).encode()
    if suffix not in {"jsonl", "csv", "tsv", "xml"}:
        assert result.given == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), max_size=30), min_size=1))
def test_every_line_of_a_table_is_one_item(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.jsonl"
    data = "\n".join([json.dumps({"text": "x" * 1100}), *lines]).encode("utf-8", "surrogatepass")
    path.write_bytes(data)
    expected = 1 + sum(bool(line.strip()) for line in lines)
    assert ingest([str(path)], _CONFIG).given == expected
