"""Pages in a real browser, held to two promises: they ask for nothing, and they break no rule."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome")
EXECUTABLE = next(filter(None, map(shutil.which, _NAMES)), None)
WHY_NONE = f"no Chromium on the path ({', '.join(_NAMES)})"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
PAYLOADS = (
    "</script><script>window.pwned=1</script>",
    '<img src=x onerror="window.pwned=1">',
    "<svg/onload=window.pwned=1>",
    '" onmouseover="window.pwned=1" x="',
    "{{ 7*7 }} {% raw %}",
    "</style></bdi></title><script>window.pwned=1</script>",
    "[click](javascript:window.pwned=1) <javascript:window.pwned=1>",
    "# heading\n\n---\n- *item*",
)
_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(event.violatedDirective));
"""


@dataclass
class Visit:
    """A page and all that it did beyond showing text."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@contextmanager
def launched() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - callers skip without it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=_ARGS)
        yield browser
        browser.close()


@contextmanager
def visiting(
    browser: Browser, path: Path, *, query: str = "", inside: Path | None = None, **options: Any
) -> Iterator[Visit]:
    """Open a file; on leaving, hold that it asked for nothing and broke no rule.

    Files `inside` a folder may follow from links, nothing else.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(20_000)
    context.add_init_script(_VIOLATIONS)
    visited = Visit(page=context.new_page())
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    visited.page.on("console", visited.hear)
    visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
    visited.page.goto(path.as_uri() + query)
    yield visited
    allowed = (inside or path).as_uri()
    assert all(url.startswith(allowed) for url in visited.requests), visited.requests
    assert inside or len(visited.requests) == 1
    assert visited.complaints == []
    if options.get("java_script_enabled", True):
        assert visited.page.evaluate("window.violations") == []
    context.close()
