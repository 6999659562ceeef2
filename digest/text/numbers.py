"""Quantities: value, kind and unit of every number a text states."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.records import Label
from digest.text.memory import remember

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TENTHS.split(), 2)}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "bn": 1e9,
    "tn": 1e12,
}
_CURRENCY = {"$": "USD", "US$": "USD", "A$": "AUD", "C$": "CAD", "HK$": "HKD", "NZ$": "NZD"}
_CURRENCY |= {"S$": "SGD", "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CURRENCY_WORDS = {
    "dollar": "USD",
    "dollars": "USD",
    "usd": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "yen": "JPY",
    "rupees": "INR",
    "yuan": "CNY",
}
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_WORD = rf"(?:(?:{'|'.join(_TENS)})[\s-](?:{'|'.join(list(_UNITS)[1:10])})\b"
_WORD += rf"|(?:{'|'.join([*_UNITS, *_TENS])})\b)"
# "two hundred and fifty thousand", but not "two hundred and three hundred".
_SPOKEN = rf"""
    (?:(?:half\s)?an?(?=[\s-]{_SCALE}\b)|{_WORD})
    (?:[\s-]and[\s-]a[\s-]half\b)?
    (?:[\s-]{_SCALE}\b(?:(?:\sand)?\s{_WORD}(?![\s-]{_SCALE}\b))?)*
"""
# Between thousands: a comma or a space that does not break. A plain space parts two numbers.
_GROUP = "[,\u00a0\u2009\u202f]"
_NUMBER = re.compile(
    rf"""
    (?P<currency>(?<![^\W_])(?:US|HK|NZ|A|C|S|R)\$|[$€£¥₹])?\s?
    (?:(?<![\w.,])|(?<=[$€£¥₹])|(?<=[$€£¥₹]\s))
    (?:(?P<digits>(?:\d{{1,3}}(?:{_GROUP}\d{{2,3}})*{_GROUP}\d{{3}}|\d++)(?:\.\d++)?+)(?![.,]?\d)
     |(?P<words>{_SPOKEN}))
    (?:[\s-]?(?P<scale>{_SCALE})\b|(?P<short>k|mn|mln|m|bn|tn)\b)?
    (?:[\s-]?(?P<percent>%|percent\b|per\ cent\b)
      |\s?(?P<unit>dollars?|euros?|pounds?|yen|rupees|yuan|USD|EUR)\b
      |(?P<attached>[^\W\d_]+)\b
      |\s(?P<spaced>kg|g|mg|km|cm|mm|lb|oz|ft|mph|kph|kW|MW|GW|kWh|MWh)\b)?
    (?:(?<!\w)|(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What a hedge says of the exact figure, relative to the stated one: the range it may lie in.
_HEDGES: dict[str, tuple[float, float]] = {
    r"more than|over|at least|upwards of|in excess of|longer than": (1.0, 1.25),
    r"nearly|almost|up to|close to|fewer than|less than|under|shorter than": (0.8, 1.0),
    r"about|around|some|roughly|approximately|an estimated|estimated": (0.9, 1.1),
}
# These leave the stated figure itself out.
_EXCLUSIVE = frozenset({"more than", "over", "upwards of", "in excess of", "nearly", "almost"})
_EXCLUSIVE |= {"close to", "fewer than", "less than", "under", "longer than", "shorter than"}
HEDGE = re.compile(rf"(?<!\w)(?:{'|'.join(_HEDGES)})\s(?:the\s)?$", re.IGNORECASE)
_OR_MORE = re.compile(r"(?:\s[a-z]+)?\sor\s(?:more|longer|over|older|(?P<less>less|fewer|under))\b")
# The longest hedge and an article.
_HEDGE_WIDTH = 20
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A stated number.

    `unit` is a currency code, "%" or a unit of measure such as "g"; else None. `hedge` is what
    stands before an approximate one: "more than", "nearly".
    """

    text: str
    start: int
    end: int
    value: float
    label: Label
    unit: str | None
    hedge: str | None


@remember(characters=2_000_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text, in order. Years are DATE, ordinals and "one" are left out.

    >>> [(q.value, q.unit) for q in quantities("2.5 thousand people, $3.5bn, five per cent, 455g")]
    [(2500.0, None), (3500000000.0, 'USD'), (5.0, '%'), (455.0, 'g')]
    """
    found = (_quantity(text, match) for match in _NUMBER.finditer(text))
    return tuple(quantity for quantity in found if quantity is not None)


def hedge_start(text: str, quantity: Quantity) -> int:
    """Return where a quantity of `text` begins with what hedges it.

    >>> text = "In all, more than 50 died"
    >>> text[hedge_start(text, quantities(text)[0]):]
    'more than 50 died'
    """
    window = max(0, quantity.start - _HEDGE_WIDTH)
    match = HEDGE.search(text[window : quantity.start])
    return window + match.start() if match else quantity.start


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    attached = (match["attached"] or match["spaced"] or "").lower()
    if attached in {"st", "nd", "rd", "th"} or _inside_a_name(text, match):
        return None
    if match["words"] and match["words"].lower() == "one" and not (match["scale"] or match["unit"]):
        return None
    scale = (match["scale"] or match["short"] or "").lower()
    value = float(f"{_value(match) * _SCALES.get(scale, 1.0):.12g}")
    label, unit = _kind(match, attached)
    lead = match.group()
    start = match.start() + len(lead) - len(lead.lstrip())
    return Quantity(
        text=text[start : match.end()],
        start=start,
        end=match.end(),
        value=value,
        label=label,
        unit=unit,
        hedge=hedge_before(text, start) or _hedge_after(text, match.end()),
    )


def _hedge_after(text: str, end: int) -> str | None:
    match = _OR_MORE.match(text, end)
    return None if match is None else "up to" if match["less"] else "at least"


def hedge_before(text: str, start: int) -> str | None:
    """Return the hedge that stands right before `start`, lower-cased, None where none does.

    >>> hedge_before("In all, nearly the 50", 19)
    'nearly'
    """
    match = HEDGE.search(text[max(0, start - _HEDGE_WIDTH) : start])
    return match.group().lower().strip().removesuffix(" the") if match else None


def _inside_a_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether the digits belong to a word such as "F-16" or "COVID-19"."""
    start = match.start("digits")
    return start > 1 and text[start - 1] in "-–" and text[start - 2].isalpha()


def _value(match: re.Match[str]) -> float:
    """Return what digits or number words say, a scale that stands behind digits left out."""
    if match["digits"]:
        return float(re.sub(_GROUP, "", match["digits"]))
    total = current = 0.0
    for part in re.split(r"[\s-]+", match["words"].lower()):
        if part in {"a", "an"}:
            current = current or 1.0
        elif part == "half":
            current += 0.5
        elif part not in _SCALES:
            current += _UNITS.get(part, _TENS.get(part, 0))
        elif part in {"hundred", "dozen"}:
            current *= _SCALES[part]
        else:
            total, current = total + current * _SCALES[part], 0.0
    return total + current


def _kind(match: re.Match[str], attached: str) -> tuple[Label, str | None]:
    if match["percent"]:
        return Label.PERCENT, "%"
    if match["currency"]:
        return Label.MONEY, _CURRENCY[match["currency"].upper()]
    if match["unit"]:
        return Label.MONEY, _CURRENCY_WORDS[match["unit"].lower()]
    plain = not (match["scale"] or match["short"] or attached)
    if plain and match["digits"] and _YEAR.fullmatch(match["digits"]):
        return Label.DATE, None
    return Label.NUMBER, attached or None


def same_quantity(left: Quantity, right: Quantity) -> bool:
    """Tell whether two quantities are equal in value and do not differ in unit.

    >>> a, b, c = (quantities(t)[0] for t in ("2,500 men", "2.5 thousand", "2,500%"))
    >>> same_quantity(a, b), same_quantity(a, c)
    (True, False)
    """
    return left.value == right.value and left.unit == right.unit


def restates(wanted: Quantity, given: Quantity) -> bool:
    """Tell whether `wanted` says no other number than `given`: "more than 50" is not "50".

    A hedge may be left out or be a milder one, "about 50" or "at least 50" for "50".

    >>> texts = ("more than 50", "over 50", "50", "at least 50")
    >>> a, b, c, d = (quantities(text)[0] for text in texts)
    >>> restates(a, b), restates(a, c), restates(c, a), restates(d, c)
    (True, False, True, True)
    """
    if not same_quantity(wanted, given) or wanted.hedge not in _EXCLUSIVE:
        return same_quantity(wanted, given)
    return given.hedge is not None and _range(wanted) == _range(given)


def approximates(rounded: Quantity, exact: Quantity) -> bool:
    """Tell whether `rounded` may stand for `exact`: a hedged figure in range, or a round one.

    >>> a, b, c, d = (quantities(t)[0] for t in ("nearly 20", "19", "31", "more than 2,000"))
    >>> approximates(a, b), approximates(a, c), approximates(d, quantities("2,300")[0])
    (True, False, True)
    """
    if rounded.unit != exact.unit or rounded.value == exact.value:
        return False
    low, high = _range(rounded)
    return low * rounded.value <= exact.value <= high * rounded.value


def _range(rounded: Quantity) -> tuple[float, float]:
    for words, limits in _HEDGES.items():
        if rounded.hedge and rounded.hedge in words.split("|"):
            return limits
    return (0.95, 1.05) if _is_round(rounded.value) else (1.0, 1.0)


def _is_round(value: float) -> bool:
    """Tell whether a value has one or two significant digits and at least three digits in all."""
    return value >= 100 and value == float(f"{value:.2g}")
