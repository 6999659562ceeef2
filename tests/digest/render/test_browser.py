"""The page in a real browser: what a reader with a mouse, a keyboard or a thumb gets."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from digest.render import to_html
from tests.browsing import EXECUTABLE, PHONE, WHY_NONE, launched, visiting

sync_api = pytest.importorskip("playwright.sync_api")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from digest.records import Briefing
    from tests.browsing import Visit

    Visiting = Callable[..., AbstractContextManager["Visit"]]

_UNCOVERED = """() => {
  const mark = document.querySelector(".cite[aria-expanded=true]");
  const top = document.getElementById("card").getBoundingClientRect().top;
  return mark && mark.getBoundingClientRect().bottom <= top;
}"""
pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason=WHY_NONE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Visiting:
    """Open a briefing; on leaving, hold that it asked for nothing and broke no rule."""

    @contextmanager
    def opened(briefing: Briefing, **options: Any) -> Iterator[Visit]:
        path = tmp_path / "briefing.html"
        path.write_text(to_html(briefing), encoding="utf-8")
        with visiting(browser, path, **options) as visited:
            yield visited

    return opened


def _expanded(page: Page) -> list[int]:
    """Return the positions of the marks whose card is open."""
    return [
        position
        for position, mark in enumerate(page.locator(".cite").all())
        if mark.get_attribute("aria-expanded") == "true"
    ]


def test_hover_shows_the_source_sentence(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        card = visited.page.locator("#card")
        sync_api.expect(card).to_be_hidden()
        visited.page.locator(".cite").nth(1).hover()
        sync_api.expect(card).to_be_visible()
        assert card.locator("blockquote").inner_text() == (
            "The dam gave way shortly before 5 a.m., and the wave reached Mora's old town "
            "eleven minutes later."
        )
        assert card.locator(".card-title").inner_text() == "Town under water"
        meta = card.locator(".source-meta").inner_text()
        assert meta == "Continental Courier · 9 March 2025, 17:20 UTC"
        assert _expanded(visited.page) == [1]
        card.hover()  # the way to the card must not close it
        visited.page.wait_for_timeout(250)
        sync_api.expect(card).to_be_visible()
        visited.page.locator("h1").hover()
        card.wait_for(state="hidden")
        assert _expanded(visited.page) == []


def test_a_click_keeps_the_card_until_a_click_elsewhere(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        card, mark = visited.page.locator("#card"), visited.page.locator(".cite").first
        mark.click()
        visited.page.locator("h1").hover()
        visited.page.wait_for_timeout(250)
        sync_api.expect(card).to_be_visible()
        mark.click()
        sync_api.expect(card).to_be_hidden()
        mark.click()
        visited.page.locator("h1").click()
        sync_api.expect(card).to_be_hidden()


def test_the_keyboard_reaches_everything_in_order(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        page, card = visited.page, visited.page.locator("#card")
        focused: list[str] = []
        for _ in range(7):
            page.keyboard.press("Tab")
            focused.append(page.evaluate("document.activeElement.textContent"))
            assert card.is_visible() is (len(focused) > 1)
        assert focused == [
            "Skip to the briefing",
            "[1]",
            "Read the article",
            "In the list of sources",
            "[2]",
            "Read the article",
            "In the list of sources",
        ]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.textContent") == "[2]"
        assert _expanded(page) == [1]


def test_escape_closes_and_gives_the_focus_back(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        page, card = visited.page, visited.page.locator("#card")
        page.locator(".cite").first.focus()
        sync_api.expect(card).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        sync_api.expect(card).to_be_hidden()
        assert page.evaluate("document.activeElement.textContent") == "[1]"
        for key in ("Enter", " "):
            page.keyboard.press(key)
            sync_api.expect(card).to_be_visible()
            page.keyboard.press(key)
            sync_api.expect(card).to_be_hidden()


def test_the_skip_link_leads_past_the_head(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        page = visited.page
        page.keyboard.press("Tab")
        box = page.locator(".skip").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_mark_is_described_by_its_quote(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        mark = visited.page.locator(".cite").first
        sync_api.expect(mark).to_have_role("button")
        sync_api.expect(mark).to_have_accessible_name("Source 1: Harbour Post")
        sync_api.expect(mark).to_have_accessible_description(
            "At least 31 people died when the Lower Kessel dam failed on Sunday."
        )


def test_a_tap_opens_a_sheet_that_fits_the_phone(sample: Briefing, visit: Visiting) -> None:
    with visit(sample, **PHONE) as visited:
        page, card = visited.page, visited.page.locator("#card")
        marks = page.locator(".cite")
        for position in (0, 7, 12):  # 7 and 12 stand where their sheet will be
            marks.nth(position).tap()
            page.wait_for_function(_UNCOVERED)
            sheet, mark = card.bounding_box(), marks.nth(position).bounding_box()
            assert sheet is not None
            assert mark is not None
            assert sheet["x"] >= 0
            assert sheet["x"] + sheet["width"] <= 390
            assert sheet["y"] + sheet["height"] <= 844
            assert mark["width"] >= 24
            assert mark["height"] >= 24
            assert _expanded(page) == [position]
            marks.nth(position).tap()
            sync_api.expect(card).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways(
    sample: Briefing, hostile: Briefing, visit: Visiting, width: int
) -> None:
    for briefing in (sample, hostile):
        with visit(briefing, viewport={"width": width, "height": 800}) as visited:
            assert visited.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_card_stays_inside_the_window(sample: Briefing, visit: Visiting) -> None:
    with visit(sample, viewport={"width": 700, "height": 420}) as visited:
        page, card = visited.page, visited.page.locator("#card")
        for mark in page.locator(".cite").all()[::3]:
            mark.focus()
            box = card.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= 700 - box["width"]
            assert box["y"] >= 0
        assert page.evaluate("document.documentElement.scrollWidth") == 700


def test_attacks_are_inert(hostile: Briefing, visit: Visiting) -> None:
    with visit(hostile) as visited:
        page, card = visited.page, visited.page.locator("#card")
        for mark in page.locator("p .cite").all():
            mark.click()
            sync_api.expect(card).to_be_visible()
            assert card.locator("a").count() == 1  # no link to a `javascript:` address
            page.keyboard.press("Escape")
        page.locator("summary").click()
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, svg, iframe").count() == 0
        assert page.locator("script").count() == 1


def test_the_policy_stops_a_script_that_got_in(sample: Briefing, visit: Visiting) -> None:
    with visit(sample) as visited:
        page = visited.page
        page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.pwned = 1";
              document.body.append(script);
            }"""
        )
        page.wait_for_function("window.violations.length > 0")
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("window.violations.splice(0)") == ["script-src-elem"]
        visited.complaints.clear()


@pytest.mark.parametrize(
    ("scheme", "paper", "ink"),
    [
        ("light", "rgb(252, 251, 248)", "rgb(30, 28, 25)"),
        ("dark", "rgb(21, 23, 26)", "rgb(232, 228, 220)"),
    ],
)
def test_colors_follow_the_reader(
    sample: Briefing, visit: Visiting, scheme: str, paper: str, ink: str
) -> None:
    with visit(sample, color_scheme=scheme) as visited:
        body = visited.page.locator("body")
        sync_api.expect(body).to_have_css("background-color", paper)
        sync_api.expect(body).to_have_css("color", ink)


def test_print_is_black_on_white_and_shows_what_screens_fold(
    sample: Briefing, visit: Visiting
) -> None:
    with visit(sample, color_scheme="dark") as visited:
        page = visited.page
        page.emulate_media(media="print")
        sync_api.expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
        sync_api.expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
        sync_api.expect(page.locator(".skip")).to_be_hidden()
        address = page.evaluate(
            "getComputedStyle(document.querySelector('.source-title'), '::after').content"
        )
        assert "post.example" in address
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.get_by_text("the dam was a disgrace").is_visible()
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("details").get_attribute("open") is None


def test_without_a_script_marks_lead_to_the_quotes(sample: Briefing, visit: Visiting) -> None:
    with visit(sample, java_script_enabled=False) as visited:
        page = visited.page
        page.locator(".cite").nth(1).click()
        assert page.url.endswith("#s2")
        sync_api.expect(page.locator("#s2 blockquote").first).to_be_in_viewport()
        page.locator("summary").click()
        assert page.get_by_text("the dam was a disgrace").is_visible()


def test_motion_is_reduced_on_request(sample: Briefing, visit: Visiting) -> None:
    with visit(sample, reduced_motion="reduce") as visited:
        visited.page.locator(".cite").first.focus()
        sync_api.expect(visited.page.locator("#card")).to_have_css("animation-name", "none")
        sync_api.expect(visited.page.locator("html")).to_have_css("scroll-behavior", "auto")
