"""A computed number with its interval, its basis, and what luck does to it; how it is written."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from allohistory.answer.wording import listed, one_in

RECORD, FITTED, ELICITED, ASSUMED = "record", "fitted", "elicited", "assumed"
MODEL = (FITTED, ELICITED)
Z = 1.645
SMALL, SMALLEST = 0.1, 0.0005
"""Below the second a chance is told as one in so many; with its interval, below the first."""
THOUSAND = 1000
LUCK = {
    "fresh": "all luck fresh",
    "kappa inf": "luck redrawn wherever the change reaches",
    "kappa 1": "luck redrawn in proportion",
    "kappa 1, Gumbel": "luck redrawn in proportion but coupled otherwise",
    "kappa 0": "history's luck kept",
}
"""Conventions on luck that no record can decide, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """
    What a measure came to.

    Attributes
    ----------
    words : str
        What was measured, as a noun with its article.
    value, lo, hi : float or None
        The number with its 90% interval; the ends are the number itself where nothing is drawn.
    unit : str
        "chance", "points" (a difference of chances), "times", "percent", "years", "count", ...
    basis : tuple of str
        Of record, fitted, elicited, assumed.
    more : tuple of str
        Sentences that belong to it.
    settings : dict of str to Ends
        The same number under every convention on luck, in words.
    bare : bool
        Whether luck has no part in it.
    cases : tuple of str
        Historical cases.
    holds : str
        For premises: whether they hold.
    missing : str
        Why there is no number; empty where there is one.
    """

    words: str
    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    unit: str = "chance"
    basis: tuple[str, ...] = MODEL
    more: tuple[str, ...] = ()
    settings: Mapping[str, "Ends"] = field(default_factory=dict)
    bare: bool = False
    cases: tuple[str, ...] = ()
    holds: str = ""
    missing: str = ""

    @property
    def sentence(self) -> str:
        """The number in a sentence."""
        if self.missing:
            return self.missing
        if self.value is None:
            return " ".join(self.more)
        return " ".join([f"{self.words[:1].upper()}{self.words[1:]} is {shown(self)}.", *self.more])


class Ends(TypedDict):
    """A number with the ends of its 90% interval, as `Measured` takes them."""

    value: float
    lo: float
    hi: float


def percent(p: float) -> str:
    """
    A chance with as many digits as it needs.

    Examples
    --------
    >>> percent(0.0312), percent(0.42), percent(0.0), percent(0.00012)
    ('3.1%', '42%', '0%', '1 in 8,300')
    """
    if p == 0:
        return "0%"
    if 0 < p < SMALLEST:
        return one_in(1 / p)
    return f"{100 * p:.0f}%" if abs(p) >= 0.0995 else f"{100 * p:.1f}%"


def points(x: float, digits: int = 1) -> str:
    """
    A difference of chances in points.

    Examples
    --------
    >>> points(0.031), points(-0.0001), points(-0.004, 0)
    ('+3.1', '0.0', '0')
    """
    text = f"{100 * x:+.{digits}f}"
    return text if float(text) else f"{0:.{digits}f}"


def plain(x: float, unit: str) -> str:
    """A number without its unit."""
    if unit == "chance":
        return percent(x)
    if unit == "points":
        return points(x)
    if unit in {"years", "count"} and float(x).is_integer():
        return f"{x:.0f}"
    if unit == "change" and abs(x) >= THOUSAND:
        return f"{x:+,.0f}"
    digits = 2 if abs(x) < 10 else 1
    text = f"{x:+.{digits}f}" if unit in {"change", "percent points"} else f"{x:.{digits}f}"
    return text.replace("+0.00", "0.00").replace("-0.00", "0.00")


UNITS = {
    "points": " points",
    "times": " times",
    "percent": "%",
    "percent points": " percentage points",
    "years": " years",
    "bits": " bits",
}


def shown(m: Measured) -> str:
    """
    The number with its interval.

    Examples
    --------
    >>> shown(Measured(words="x", value=0.031, lo=0.01, hi=0.06))
    '3.1% (90% interval 1.0% to 6.0%)'
    >>> shown(Measured(words="x", value=0.0012, lo=0.0002, hi=0.003))
    '1 in 830 (90% interval 1 in 5,000 to 1 in 330)'
    >>> shown(Measured(words="x", value=0.02, lo=-0.01, hi=0.05, unit="points"))
    '+2.0 points (90% interval -1.0 to +5.0)'
    """
    if m.value is None:
        return "-"
    text = plain(m.value, m.unit) + UNITS.get(m.unit, "")
    if m.lo is None or m.hi is None or m.lo == m.hi:
        return text
    if m.unit == "chance" and as_odds(m.value, m.lo):
        value, low, high = (one_in(1 / p) for p in (m.value, m.lo, m.hi))
        return f"{value} (90% interval {low} to {high})"
    return f"{text} (90% interval {plain(m.lo, m.unit)} to {plain(m.hi, m.unit)})"


def as_odds(value: float, low: float) -> bool:
    """Whether a chance is so small that one in so many says more than percent."""
    return value < SMALL and 0 < low < SMALLEST


def short(value: float, unit: str) -> str:
    """A number alone in its unit."""
    return plain(value, unit) + UNITS.get(unit, "")


def three(p: Mapping[str, Any]) -> Ends:
    """Value and ends out of a chance of an answer."""
    return Ends(value=float(p["p"]), lo=float(p["lo"]), hi=float(p["hi"]))


def paired(found: Mapping[str, Any], runs: int) -> Ends:
    """
    Difference of two chances in paired runs, honest where few pairs differ.

    The pairs that differ either way are read back out of the interval given, one more of each is
    added (Bonett and Price 2012), and the wider of both intervals stands.

    Parameters
    ----------
    found : mapping
        ``effect``, ``lo`` and ``hi`` as `chance.effect` gives them.
    runs : int

    Examples
    --------
    >>> ends = paired({"effect": 0.0, "lo": 0.0, "hi": 0.0}, 80)
    >>> round(ends["lo"], 3), round(ends["hi"], 3)
    (-0.028, 0.028)
    """
    mean, n = float(found["effect"]), max(runs, 2)
    error = (float(found["hi"]) - float(found["lo"])) / (2 * Z)
    differ = error**2 * (n - 1) + mean**2
    up, down = (max((differ + way * mean) / 2, 0.0) * n for way in (1, -1))
    one, two = (up + 1) / (n + 2), (down + 1) / (n + 2)
    middle, wide = one - two, Z * math.sqrt(max(one + two - (one - two) ** 2, 0.0) / (n + 2))
    return Ends(
        value=mean,
        lo=round(min(float(found["lo"]), middle - wide), 5),
        hi=round(max(float(found["hi"]), middle + wide), 5),
    )


def flat(value: float) -> Ends:
    """A number that is known as it is."""
    return Ends(value=value, lo=value, hi=value)


def minus(one: Ends, other: Ends) -> Ends:
    """Difference of two numbers, as `less` has it."""
    names = {"p": "value", "lo": "lo", "hi": "hi"}
    a, b = ({p: float(part[name]) for p, name in names.items()} for part in (one, other))  # type: ignore[literal-required]
    return less(a, b)


def less(one: Mapping[str, Any], other: Mapping[str, Any]) -> Ends:
    """
    Difference of two chances, its interval by squaring and adding (Newcombe 1998, method 10).

    The twins of a draw share luck, so that the true interval is no wider as a rule.

    Examples
    --------
    >>> d = less({"p": 0.5, "lo": 0.4, "hi": 0.6}, {"p": 0.2, "lo": 0.2, "hi": 0.2})
    >>> {key: round(x, 3) for key, x in d.items()}
    {'value': 0.3, 'lo': 0.2, 'hi': 0.4}
    """
    a, b = three(one), three(other)
    gap = a["value"] - b["value"]
    low = math.hypot(a["value"] - a["lo"], b["hi"] - b["value"])
    high = math.hypot(a["hi"] - a["value"], b["value"] - b["lo"])
    return Ends(value=round(gap, 5), lo=round(gap - low, 5), hi=round(gap + high, 5))


def joined(parts: Iterable[str]) -> str:
    """Parts of a sentence as a list; a dash where there are none."""
    return listed(parts) or "none"
