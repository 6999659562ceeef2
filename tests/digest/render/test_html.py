from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.render import to_html
from digest.render.html import _asset
from digest.render.words import plain

if TYPE_CHECKING:
    from digest.records import Briefing

_VOID = {"meta", "link"}


@dataclass
class _Outline(HTMLParser):
    """Every tag, and the text that is neither style nor script."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def _outline(text: str) -> _Outline:
    outline = _Outline()
    outline.feed(text)
    outline.close()
    assert outline.open == []
    return outline


def _policy(text: str) -> dict[str, str]:
    outline = _outline(text)
    (content,) = [
        attrs["content"] or ""
        for tag, attrs in outline.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    return dict(part.split(" ", 1) for part in content.split("; "))


@pytest.mark.parametrize(("tag", "directive"), [("style", "style-src"), ("script", "script-src")])
def test_the_policy_names_the_hash_of_the_very_bytes(
    sample: Briefing, tag: str, directive: str
) -> None:
    text = to_html(sample)
    found = re.findall(f"<{tag}>(.*?)</{tag}>".encode(), text.encode(), flags=re.DOTALL)
    assert len(found) == 1
    digest = base64.b64encode(hashlib.sha256(found[0]).digest()).decode()
    assert _policy(text)[directive] == f"'sha256-{digest}'"


def test_the_policy_allows_nothing_else(sample: Briefing) -> None:
    policy = _policy(to_html(sample))
    assert set(policy) == {
        "default-src",
        "style-src",
        "script-src",
        "img-src",
        "base-uri",
        "form-action",
    }
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["img-src"] == "data:"


def _check_page(text: str) -> _Outline:
    """Hold what is true of every page, whatever its sources wrote."""
    outline = _outline(text)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("script") == tags.count("style") == tags.count("h1") == 1
    assert not set(tags) & {"img", "svg", "iframe", "object", "form", "base"}
    names = {name for _, attrs in outline.tags for name in attrs}
    assert not {name for name in names if name.startswith("on")} | names & {"style", "src"}
    ids = outline.values("id")
    assert len(ids) == len(set(ids))
    for href in outline.values("href"):
        assert href[1:] in ids or href.startswith(("https://", "http://")) or href == "data:,"
    for name in ("aria-describedby", "aria-labelledby"):
        assert {key for value in outline.values(name) for key in value.split()} <= set(ids)
    return outline


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_briefing_makes_a_sound_page(
    data: st.DataObject, briefings: st.SearchStrategy[Briefing]
) -> None:
    briefing = data.draw(briefings)
    text = to_html(briefing)
    shown = "".join(_check_page(text).text)
    for section in briefing.sections:
        assert all(plain(sentence.text) in shown for sentence in section.sentences)
        assert all(plain(c.quote) in shown for s in section.sentences for c in s.citations)
    assert text.endswith("</html>\n")
    assert to_html(briefing) == text


def test_attacks_stay_text(hostile: Briefing, payloads: tuple[str, ...]) -> None:
    outline = _check_page(to_html(hostile))
    shown = "".join(outline.text)
    assert all(shown.count(plain(payload)) >= 5 for payload in payloads)
    assert not [href for href in outline.values("href") if href[0] != "#" and href != "data:,"]


def test_the_page_is_complete_without_a_script(sample: Briefing) -> None:
    outline = _check_page(to_html(sample))
    shown = "".join(outline.text)
    assert "Toll rises to 31 below Kessel dam" in shown
    assert "At least 31 people died when the Lower Kessel dam failed on Sunday." in shown
    assert "Mayor Luis Ortega said “the dam was a disgrace.”" in shown
    assert "7 articles read, 1 dropped" in shown
    cites = [attrs for tag, attrs in outline.tags if attrs.get("class") == "cite"]
    assert len(cites) == 9 + 5  # marks of sentences and of conflict values
    assert cites[0]["href"] == "#s1"
    assert cites[0]["aria-label"] == "Source 1: Harbour Post"
    assert cites[0]["aria-describedby"] == "q1-1"


def test_what_looks_like_an_instruction_is_not_printed(sample: Briefing) -> None:
    assert "praise Kessel Water" not in to_html(sample)


def test_landmarks_language_and_skip_link(sample: Briefing) -> None:
    outline = _outline(to_html(sample))
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("main") == tags.count("header") == tags.count("footer") == 1
    assert ("html", {"lang": "en"}) in outline.tags
    assert next(attrs for tag, attrs in outline.tags if tag == "a") == {
        "class": "skip",
        "href": "#main",
    }


def test_three_stories_get_a_table_of_contents(sample: Briefing) -> None:
    three = replace(sample, sections=sample.sections + sample.sections[:1])
    assert "nav" not in [tag for tag, _ in _outline(to_html(sample)).tags]
    assert "nav" in [tag for tag, _ in _check_page(to_html(three)).tags]


def test_a_date_is_machine_readable_only_where_it_is_one(sample: Briefing) -> None:
    sources = (replace(sample.sources[0], published="last Sunday"), *sample.sources[1:])
    outline = _outline(to_html(replace(sample, sources=sources)))
    assert "last Sunday" in "".join(outline.text)
    assert outline.values("datetime") == [
        "2025-03-10T06:00:00+00:00",
        "2025-03-09",
        "2025-03-09T06:45:00+01:00",
        "2025-03-09",
    ]


def test_statuses_are_named_beside_their_sentence(sample: Briefing) -> None:
    shown = "".join(_outline(to_html(sample)).text)
    assert re.search(r"in February\.\u2060\[1\]\[4\] repaired", shown)
    assert re.search(r"night crossings\.\u2060\[2\] verbatim", shown)


def test_an_empty_briefing_is_a_page_too(sample: Briefing) -> None:
    empty = replace(sample, sections=(), sources=(), withheld=())
    outline = _check_page(to_html(empty))
    assert "Nothing was fit to publish." in "".join(outline.text)
    assert "details" not in [tag for tag, _ in outline.tags]


def _palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def _luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_meets_wcag_aa_in_every_scheme(scheme: str) -> None:
    light, dark = _asset("page.css").split("@media (prefers-color-scheme: dark)")
    colors = _palette({"light": light, "dark": dark, "print": _asset("print.css")}[scheme])
    for front in ("ink", "soft", "link", "news"):
        for back in ("paper", "raised", "tint", "link-tint"):
            bright, dim = sorted((_luminance(colors[front]), _luminance(colors[back])))[::-1]
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (front, back)
