"""Say the same in fewer and plainer words: what a sub-editor does to every sentence.

Each rule is `str -> str`, changes no name, figure or claim, and leaves quotations alone. Order of
words changes only where a clause moves whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from digest.text import lexicon
from digest.text.mentions import name_mentions
from digest.text.names import country_code, demonym_code
from digest.text.quotes import quotations

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer phrase → what it says. Only phrases that have one reading in news: "was able to" is no
# "could", which may not have happened; "on the grounds that" is a reason somebody gives.
_PLAIN: Final = {
    "in order to": "to",
    "so as to": "to",
    "prior to": "before",
    "subsequent to": "after",
    "in the wake of": "after",
    "in the aftermath of": "after",
    "in the course of": "during",
    "in the event of": "in case of",
    "in close proximity to": "near",
    "in the vicinity of": "near",
    "due to the fact that": "because",
    "owing to the fact that": "because",
    "despite the fact that": "although",
    "in spite of": "despite",
    "with regard to": "about",
    "a large number of": "many",
    "a number of": "several",
    "the majority of": "most",
    "on a daily basis": "daily",
    "at this point in time": "now",
    "at the present time": "now",
    "until such time as": "until",
    "for the purpose of": "for",
    "is located in": "is in",
    "are located in": "are in",
    "approximately": "about",
    "numerous": "many",
    "commenced": "began",
    "attempted to": "tried to",
    "has the ability to": "can",
    "take into consideration": "consider",
    "in excess of": "more than",
    "passed away": "died",
    "lost their lives": "died",
    "lost his life": "died",
    "lost her life": "died",
    "made the decision to": "decided to",
    "came to the conclusion that": "concluded that",
    "are in possession of": "have",
    "is in possession of": "has",
    "with the exception of": "except for",
}
_PHRASES: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _PLAIN), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
# "a number of the workers" is "several of the workers"
_DETERMINED: Final = re.compile(
    r"\s(?:(?:the|his|her|its|their|these|those|this|that|our|my|your|them|us|it|you|whom|which|whose"
    r"|such)\b|[A-Z][\w.-]*(?: [A-Z][\w.-]*)*['’])"
)
# "the majority of Congress", "a number of 12", "having commenced", "more numerous": none is plain.
_NO_NOUN: Final = re.compile(r"\s(?:[A-Z]|\d|(?:two|three|four|five|six|seven|eight|nine|ten)\b)")
_PERFECT: Final = re.compile(
    r"\b(?:has|have|had|having|is|are|was|were|be|been|being|not)\s$", re.IGNORECASE
)
_DEGREE: Final = re.compile(r"\b(?:more|most|less|least)\s$", re.IGNORECASE)
# Verbs that take no noun of their own: "confirmed the leak had …" would lead the reader astray.
_SAYS: Final = r"(?:said|says|believes?|believed|insists?|insisted)"
_THAT: Final = re.compile(
    rf"\b({_SAYS}) that (?=(?:the|a|an|he|she|it|they|there|his|her|its|their|no|all|some|more)\s"
    r"|[A-Z]|\d)"
)
# "said that A and that B"; "it is said that" is nobody's word
_PARALLEL: Final = re.compile(r"\b(?:and|but|or) that\b|\bit (?:is|was) said\b", re.IGNORECASE)
_PARTICIPLE: Final = (
    r"(?:[a-z]{3,}ed|born|held|shot|made|built|sent|taken|given|seen|known|led|hit)"
)
_WHICH_WAS: Final = re.compile(
    rf"(?P<before>[^\s,]*)(?P<comma>,?) (?:which|who) (?:is|are|was|were)"
    rf" (?=(?P<done>{_PARTICIPLE}) (?P<how>by|in|on|at|from|with|as|near|during|after|off)\b)"
)
# What no "which was" follows that could be dropped: "in which was found", "asked who was shot".
_NO_ANTECEDENT: Final = frozenset(
    "in of on at for to from by with after during under through into about over against among"
    " between without within upon near behind and or but know knows knew known ask asks asked"
    " say says said tell told reveal revealed decide decided determine determined wonder"
    " wondered see investigate investigated investigating unclear clear learn learned identify"
    " identified discover discovered establish established".split()
)
# "The workers moved in 2019 protested": these verbs stand without an object, and would be read so.
_ALONE_TOO: Final = frozenset(
    "moved returned opened closed started stopped ended changed increased decreased walked landed"
    " gathered developed burned turned dropped dissolved exploded formed crashed joined trained"
    " performed finished worked settled merged held led hit".split()
)
_CLEFT: Final = re.compile(r"\bit (?:is|was) ", re.IGNORECASE)
_DAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SPEAKER_LAST: Final = re.compile(
    rf"^(?P<claim>[^,:;–—(]+), (?P<who>(?:the |an? )?[A-Za-z][\w.’'-]*(?: [\w.’'-]+){{0,5}})"
    rf" (?P<verb>said|says|reported|announced|confirmed|added)(?P<when> (?:on )?{_DAY})?\.$"
)
_DAY_FIRST: Final = re.compile(
    rf"^(?P<when>(?:On |Late on |Early on )?{_DAY}(?: (?:morning|afternoon|evening|night))?), "
    r"(?P<claim>[^,:;–—(]+)\.$"
)
# Words behind which a day at the end would be read with another verb than the first.
_LATER: Final = re.compile(
    rf"\b(?:{_DAY}|today|yesterday|tomorrow|that|which|who|whose|where|whether|after|before|when|while"
    r"|until|since|because|if|as|although|though|and|but|or|said|says|told|announced|confirmed|reported"
    r"|added|claimed|warned|believes?|denied|accused|alleged|admitted|acknowledged|insisted|argued|ruled"
    r"|agreed|expected|scheduled|due|next|last|week|month|year|January|February|March|April|June|July"
    r"|August|September|October|November|December|to|\w+ing)\b|\b(?:May|\d{4})\b"
)
# Not a speaker but a clause: "as police said", "a claim the ministry confirmed".
_NO_SPEAKER: Final = re.compile(
    r"(?i:^(?:as|but|and|which|who|whom|when|while|or|though|although|if|because|where|that|so|then|like"
    r"|since|what|not|something|nothing|none|whose)\b)"
    r"|(?<!\bof)(?<!\bfor)(?<!\bat)(?<!\bin)(?<!\bfrom)(?<!\bwith)(?<!\bto)(?<!\bon)(?<!\band)"
    r"(?<!\bby) (?:the|a|an|he|she|it|they|his|her|police|officials)\b"
    r"|^(?:[Tt]he|[Aa]n?) [a-z]+ [A-Z]"
)
_TWO_SENTENCES: Final = re.compile(r"[a-z]{3,}[.!?]\s+[A-Z]")
_LOWERED: Final = frozenset(
    "the a an this these those there it he she they his her its their at on in more about nearly"
    " some several many most all both no two three four five six seven eight nine ten dozens"
    " hundreds thousands police officials authorities".split()
)


def tighten(text: str) -> str:
    """Return a sentence with every rule applied that fits, the rules in a fixed order.

    >>> tighten("The dam, which was built in 1950, broke in the wake of heavy rain, police said.")
    'The dam, built in 1950, broke after heavy rain, police said.'
    >>> tighten("Six people died in the fire, police said on Monday.")
    'Police said on Monday that six people died in the fire.'
    """
    for rule in RULES:
        text = rule(text)
    return text


def plain_phrases(text: str) -> str:
    """Replace phrases by words: "prior to" by "before".

    >>> plain_phrases("In order to win, a number of teams trained prior to the race.")
    'To win, several teams trained before the race.'
    """
    return _outside_quotations(text, _PHRASES, _replaced)


def drop_that(text: str) -> str:
    """Drop "that" between a verb of saying and what was said.

    >>> drop_that("Police said that the bridge was safe.")
    'Police said the bridge was safe.'
    """
    if _PARALLEL.search(text):
        return text
    return _outside_quotations(text, _THAT, lambda match: f"{match[1]} ")


def drop_which_was(text: str) -> str:
    """Drop "which was" before a participle that stands without it.

    >>> drop_which_was("A man who was arrested in Rome denied it.")
    'A man arrested in Rome denied it.'
    """

    def shorter(match: re.Match[str]) -> str:
        if match["before"].lower() in _NO_ANTECEDENT:
            return match.group()
        kept = f"{match['before']}{match['comma']} "
        if match["comma"]:
            return kept if "," in text[match.end() :] else match.group()
        misread = match["done"] in _ALONE_TOO and match["how"] != "by"
        return match.group() if misread or _CLEFT.search(text[: match.start()]) else kept

    return _outside_quotations(text, _WHICH_WAS, shorter)


def speaker_first(text: str) -> str:
    """Move who says it to the front, where the reader looks for it.

    >>> speaker_first("The bridge is safe, the ministry said.")
    'The ministry said the bridge is safe.'
    """
    match = _SPEAKER_LAST.match(text)
    if match is None or quotations(text) or " " not in match["claim"]:
        return text
    claim = _continued(match["claim"])
    if claim is None or _NO_SPEAKER.search(match["who"]) or _TWO_SENTENCES.search(match["claim"]):
        return text
    who = match["who"][:1].upper() + match["who"][1:]
    # "The ministry confirmed the leak had …" would be read as if the leak were confirmed.
    that = "" if match["verb"] in {"said", "says"} and not match["when"] else " that"
    return f"{who} {match['verb']}{match['when'] or ''}{that} {claim}."


def day_last(text: str) -> str:
    """Move an opening day to the end of a sentence of one clause.

    >>> day_last("On Monday, the council approved the budget.")
    'The council approved the budget on Monday.'
    """
    match = _DAY_FIRST.match(text)
    if match is None or quotations(text) or _LATER.search(match["claim"]):
        return text
    when, claim = match["when"], match["claim"]
    spoken = when if when.lower().startswith(("on ", "late ", "early ")) else f"on {when}"
    abbreviated = "." if re.search(r"\.[A-Za-z]$", claim) else ""  # "in the U.S."
    begun = claim[:1].upper() + claim[1:] if claim.split()[0].islower() else claim
    return f"{begun}{abbreviated} {spoken[:1].lower()}{spoken[1:]}."


RULES: Final[tuple[Callable[[str], str], ...]] = (
    plain_phrases,
    drop_that,
    drop_which_was,
    speaker_first,
    day_last,
)


def _continued(claim: str) -> str | None:
    """Return a claim as it goes on inside a sentence; None where its first word may be a name."""
    first, *others = claim.split()
    word = first.rstrip("'’s")
    if first.lower() in _LOWERED and (first.istitle() or first.islower()):
        return None if claim.startswith("The Hague") else claim[:1].lower() + claim[1:]
    named = word.isupper() or not word[:1].isalpha() or country_code(word) or demonym_code(word)
    titled = lexicon.title_at([first]) > 0 and others[0][:1].isupper()
    full = any(m.start == 0 and " " in m.text for m in name_mentions(claim))
    return claim if named or titled or full else None


def _replaced(match: re.Match[str]) -> str:
    plain = _PLAIN[match.group().lower()]
    before, after = match.string[: match.start()], match.string[match.end() :]
    if plain in {"several", "many", "most"} and match.group().lower().endswith(" of"):
        if _DETERMINED.match(after):
            plain += " of"
        elif _NO_NOUN.match(after):
            return match.group()
    if (plain == "began" and _PERFECT.search(before)) or (
        plain == "many" and _DEGREE.search(before)
    ):
        return match.group()
    return plain[:1].upper() + plain[1:] if match.group()[:1].isupper() else plain


def _outside_quotations(
    text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]
) -> str:
    quoted = quotations(text)

    def changed(match: re.Match[str]) -> str:
        inside = any(q.start <= match.start() < q.end for q in quoted)
        return match.group() if inside else replace(match)

    return pattern.sub(changed, text)
