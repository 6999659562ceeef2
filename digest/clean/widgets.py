"""Cleaner for what pages put into the middle of an article: players, links to other articles."""

from __future__ import annotations

import re

# "Kevin McCarthy Kevin Owen McCarthyObstacles mount for deal House eyes votes MORE (R-Calif.)":
# a name, the same name on a card with headlines about it, their first letter glued to it.
_CARD = re.compile(
    r"\b(?P<name>(?P<first>[A-Z][\w.’'-]{1,20}) (?:[A-Z][\w.’'-]{0,20} ){0,2}"
    r"(?P<last>[A-Z][\w’'-]{1,24})) (?P=first) (?:[A-Z(\"“][\w.’'()\"”-]{0,20} ){0,4}"
    r"(?P=last)(?=[A-Z0-9‘’'\"“$])[^\n]{0,600}?\bMORE\b"
)
# The label of a player's button: "CLOSE Hillary Clinton said …"
_PLAYER = re.compile(r"^\s*CLOSE (?=[A-Z][a-z])")


def drop_widgets(text: str) -> str:
    """Remove cards of headlines behind a name, and the label of a player before a text.

    >>> drop_widgets("Kevin McCarthy Kevin Owen McCarthyObstacles mount MORE left.")
    'Kevin McCarthy left.'
    >>> drop_widgets("CLOSE Hillary Clinton left.")
    'Hillary Clinton left.'
    """
    return _PLAYER.sub("", _CARD.sub(r"\g<name>", text) if " MORE" in text else text)
