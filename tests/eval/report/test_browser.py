"""The report in a real browser: filters, addresses, links to sources, keyboard, attacks, axe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from eval.report.shown import page_name
from tests.browsing import EXECUTABLE, PAYLOADS, PHONE, WHY_NONE, launched, visiting

sync_api = pytest.importorskip("playwright.sync_api")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason=WHY_NONE)

_BRIDGE = f"clusters/{page_name('bridge')}"
_PAGES = ("index.html", "clusters.html", "nights.html", _BRIDGE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def _shown(page: Page) -> list[str]:
    return [row.inner_text() for row in page.locator("#matrix tbody tr:visible th a").all()]


def _changes(page: Page) -> dict[str, str]:
    return {
        item.get_attribute("data-change") or "": item.inner_text()
        for item in page.locator("#change-list dd").all()
    }


def test_the_matrix_filters_and_its_address_says_so(browser: Browser, report: Path) -> None:
    with visiting(browser, report / "clusters.html", inside=report) as visited:
        page = visited.page
        assert _shown(page) == ["bridge", "strike", "nothing"]
        page.get_by_label("Show").select_option("differs")
        assert _shown(page) == ["bridge", "nothing"]
        sync_api.expect(page.get_by_role("status")).to_have_text("2 of 3 clusters")
        page.get_by_label("Metric").select_option("words")
        page.get_by_label("Find").fill("BRID")
        assert _shown(page) == ["bridge"]
        cells = page.locator("#matrix tbody tr:visible td")
        assert [cell.inner_text().split()[0] for cell in cells.all()] == ["13", "13", "12"]
        page.reload()
        assert _shown(page) == ["bridge"]
        assert page.get_by_label("Metric").input_value() == "words"
        assert page.url.endswith("?find=BRID&metric=words&show=differs")
        page.get_by_label("Show").select_option("unsupported")
        page.get_by_label("Find").fill("")
        assert _shown(page) == ["bridge"]
        assert "?1" in cells.nth(1).inner_text()


def test_the_matrix_sorts_by_what_differs_most(browser: Browser, report: Path) -> None:
    query = "?metric=words&sort=spread"
    with visiting(browser, report / "clusters.html", query=query, inside=report) as visited:
        assert _shown(visited.page) == ["nothing", "bridge", "strike"]
        visited.page.get_by_label("Order").select_option("")
        assert _shown(visited.page) == ["bridge", "strike", "nothing"]


def test_the_keyboard_walks_through_clusters(browser: Browser, report: Path) -> None:
    with visiting(browser, report / "clusters.html", query="?show=differs", inside=report) as found:
        page = found.page
        page.locator("#matrix a").first.focus()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent") == "nothing"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{_BRIDGE}?show=differs")
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**/{page_name('strike')}?show=differs")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"**/{_BRIDGE}?show=differs")
        page.get_by_label("First").focus()
        page.keyboard.press("ArrowRight")  # belongs to the list
        assert page.url.split("?")[0].endswith(_BRIDGE)
        page.get_by_role("link", name="Clusters").click()
        page.wait_for_url("**/clusters.html?*show=differs*")


def test_the_skip_link_comes_first(browser: Browser, report: Path) -> None:
    with visiting(browser, report / "index.html") as visited:
        visited.page.keyboard.press("Tab")
        assert visited.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        visited.page.keyboard.press("Enter")
        assert visited.page.evaluate("document.activeElement.id") == "main"


def test_a_cluster_says_what_was_gained_lost_and_invented(browser: Browser, report: Path) -> None:
    with visiting(browser, report / _BRIDGE, inside=report) as visited:
        page = visited.page
        assert _changes(page) == {
            "gained": "nothing",
            "invented": "Carla Mendes",
            "lost": "Otto Lindqvist",
        }
        assert page.locator("#word-list del").all_inner_texts() == ["Otto Lindqvist"]
        assert page.locator("#word-list ins").all_inner_texts() == ["Carla Mendes"]
        page.get_by_label("First").select_option("new")
        page.get_by_label("Second").select_option("old")
        assert _changes(page) == {
            "gained": "Otto Lindqvist",
            "invented": "nothing",
            "lost": "nothing",
            "dropped": "Carla Mendes",
        }
        page.reload()
        assert _changes(page)["dropped"] == "Carla Mendes"
        assert page.url.endswith("?a=new&b=old")
        heads = page.locator(".output[data-system]:visible h3").all_inner_texts()
        assert heads == ["B new", "A old"]
        page.get_by_label("Show").select_option("all")
        assert page.locator(".output[data-system]:visible").count() == 3


def test_equal_outputs_are_said_to_be_equal(browser: Browser, report: Path) -> None:
    with visiting(browser, report / f"clusters/{page_name('strike')}", inside=report) as visited:
        assert "The outputs are the same." in visited.page.locator("#change-list").inner_text()


def test_names_lead_to_their_source_sentences(browser: Browser, report: Path) -> None:
    with visiting(browser, report / _BRIDGE, inside=report) as visited:
        page = visited.page
        page.locator("#change-list a", has_text="Otto Lindqvist").click()
        mark = page.locator("#output-list a.mark:target")
        sync_api.expect(mark).to_have_text("Otto Lindqvist (verbatim, source 1)")
        sync_api.expect(mark).to_be_in_viewport()
        mark.click()
        quote = page.locator("blockquote:target bdi")
        sync_api.expect(quote).to_have_text("The engineer Otto Lindqvist said that it would last.")
        sync_api.expect(quote).to_be_in_viewport()
        unsupported = page.locator("#output-list span.mark.is-none")
        assert unsupported.first.inner_text().startswith("Carla Mendes?")
        sync_api.expect(unsupported.first).to_contain_text("(unsupported)")


def test_without_a_script_outputs_and_sources_are_all_there(browser: Browser, report: Path) -> None:
    with visiting(browser, report / _BRIDGE, inside=report, java_script_enabled=False) as visited:
        page = visited.page
        assert page.locator(".output[data-system]:visible").count() == 3
        page.locator("a.mark", has_text="Otto Lindqvist").first.click()
        sync_api.expect(page.locator("blockquote:target")).to_be_in_viewport()
        page.get_by_role("link", name="Clusters").click()
        assert _shown(page) == ["bridge", "strike", "nothing"]


def test_attacks_are_inert(browser: Browser, attacked: Path) -> None:
    pages = ["index.html", "clusters.html", *(f"clusters/{page_name(p)}" for p in PAYLOADS)]
    with visiting(browser, attacked / pages[0], inside=attacked) as visited:
        page = visited.page
        for name in pages:
            page.goto((attacked / name).as_uri() + "?a=<svg/onload=window.pwned=1>&find=<b>")
            assert page.evaluate("window.pwned") is None, name
            assert page.locator("img, iframe, a[href^='javascript']").count() == 0, name
            assert page.locator("script").count() <= 2, name
        assert page.locator("h1").inner_text() == " ".join(PAYLOADS[-1].split())


def test_the_policy_stops_a_script_that_got_in(browser: Browser, report: Path) -> None:
    with visiting(browser, report / _BRIDGE, inside=report) as visited:
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


@pytest.mark.parametrize("name", _PAGES)
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, report: Path, name: str) -> None:
    with visiting(browser, report / name, inside=report, **PHONE) as visited:
        assert visited.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("name", _PAGES)
def test_axe_finds_nothing(browser: Browser, report: Path, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with visiting(browser, report / name, inside=report, color_scheme="light") as visited:
        page = visited.page
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert _violations(axe.run(page)) == []
        page.emulate_media(color_scheme="dark")
        contrast = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
        assert _violations(axe.run(page, options=contrast)) == []


def test_axe_finds_nothing_where_all_pairs_are_compared(browser: Browser, attacked: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with visiting(browser, attacked / "index.html", inside=attacked) as visited:
        assert visited.page.locator("table.square").count() == 2
        assert _violations(axe.run(visited.page)) == []


def _violations(found: Any) -> list[tuple[str, list[str]]]:
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]
