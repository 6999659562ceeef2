"""Templates and their styles and scripts -> complete pages, each with a policy of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from digest.render.inline import content_policy, page_environment, trusted

if TYPE_CHECKING:
    from jinja2 import Environment

    from digest.render.words import Moment

OVERVIEW, CLUSTERS, NIGHTS = "index.html", "clusters.html", "nights.html"
CLUSTER_FOLDER = "clusters"


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the report, as every page links to it."""

    file: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page says: the corpus, its size, the systems with their letters, the pages."""

    corpus: str
    clusters: int
    systems: tuple[tuple[str, str], ...]
    created: Moment | None
    pages: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its template, its own styles, its scripts."""

    template: str
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ("state.js",)


OVERVIEW_KIND = Kind("index.html")
CLUSTERS_KIND = Kind("clusters.html", scripts=("state.js", "clusters.js"))
CLUSTER_KIND = Kind("cluster.html", ("cluster.css",), ("state.js", "cluster.js"))
NIGHTS_KIND = Kind("nights.html")


def render(kind: Kind, site: Site, *, here: str, heading: str, **content: Any) -> str:  # noqa: ANN401 - what the template names
    """Return a complete page, ending with one newline.

    Args:
        kind: which template.
        site: what every page says.
        here: the page's file in the report.
        heading: its title.
        content: what the template names; all text in it is escaped.
    """
    css, script, policy = _inline(kind)
    text = (
        _environment()
        .get_template(kind.template)
        .render(
            site=site,
            here=here,
            up="../" if "/" in here else "",
            heading=heading,
            css=css,
            script=script,
            policy=policy,
            **content,
        )
    )
    return text.rstrip("\n") + "\n"


@cache
def _inline(kind: Kind) -> tuple[str, str, str]:
    """Return the styles, the script and the policy that allows just these."""
    own = [_asset("eval.report", name) for name in ("report.css", *kind.styles)]
    css = "\n".join([_asset("digest.render", "page.css"), *own])
    script = "\n".join(_asset("eval.report", name) for name in kind.scripts)
    return trusted(css), trusted(script), content_policy(css=css, script=script)


def _asset(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import FunctionLoader  # noqa: PLC0415 - 0.1 s

    return page_environment(FunctionLoader(lambda name: _asset("eval.report", name)))
