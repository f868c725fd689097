"""
Numbers as readers should see them: few digits, always with the interval, never "nan".

A dict of three numbers ``{"p", "lo", "hi"}`` is a chance with its 90% interval.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from allohistory.percent import percent

Answer: TypeAlias = dict[str, Any]
"""The answer; its schema is the docstring of `allohistory.answer`."""

MISSING = "-"
FITTED = "fitted and elicited"
CHANCE = "chance"
"""Unit of quantities that are chances: shown as percentages, their effects as points."""

PERCENT = "percent"
"""Unit of shares of a whole that are given as 0-100."""

# The name of the quantity says what is counted; the word behind every number would only tire.
_SILENT = {"", "count", "level", "points"}
_SPARKS = "▁▂▃▄▅▆▇█"
_TOPS = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


def best_id(answer: Answer) -> str | None:
    """
    Id of the best point of divergence.

    Examples
    --------
    >>> best_id({"best": {"id": "japan-loses-1905"}}), best_id({})
    ('japan-loses-1905', None)
    """
    found = answer.get("best") or {}
    name: str | None = found.get("id")
    return name


def given(x: float | None) -> bool:
    """Whether there is a number to show: None, nan and infinity are none."""
    return x is not None and math.isfinite(x)


def odds(p: float | None) -> str:
    """
    A small chance in words.

    Examples
    --------
    >>> odds(0.021), odds(0.4), odds(0.0), odds(0.0012)
    ('about 1 in 50', '40%', 'not once in the runs', 'about 1 in 830')
    """
    if p is None or not given(p):
        return MISSING
    if p <= 0:
        return "not once in the runs"
    return percent(p) if p >= 0.095 else f"about {one_in(1 / p)}"


def one_in(n: float | None) -> str:
    """
    "1 in N", N rounded to what is known of it.

    Examples
    --------
    >>> one_in(1.0), one_in(8.6), one_in(69.1), one_in(1234.0), one_in(3.2e7), one_in(1e12)
    ('1 in 1', '1 in 9', '1 in 70', '1 in 1,200', '1 in 32 million', '1 in 10^12')
    """
    if n is None or not given(n):
        return MISSING
    if n < 2:
        return f"1 in {max(n, 1.0):.1f}".removesuffix(".0")
    if n < 20:
        return f"1 in {n:.0f}"
    if n < 100:
        return f"1 in {5 * round(n / 5)}"
    if n >= 1e9:
        return f"1 in 10^{math.log10(n):.0f}"
    scale = 10 ** (math.floor(math.log10(n)) - 1)
    rounded = scale * round(n / scale)
    return f"1 in {rounded:,}" if rounded < 1e6 else f"1 in {rounded / 1e6:.3g} million"


def interval(lo: float | None, hi: float | None) -> str:
    """
    The ends of an interval of chances.

    Examples
    --------
    >>> interval(0.07, 0.19), interval(0.001, 0.03), interval(0.0, 0.004), interval(0.95, 1.0)
    ('7-19%', '<3%', '<1 in 250', '>95%')
    """
    if lo is None or hi is None or not (given(lo) and given(hi)):
        return "interval unknown"
    if hi <= 0:
        return "no run"
    if hi < 0.01:
        return f"<{one_in(1 / hi)}"
    # An end that is all but 0 or 1 bounds nothing: the other end says it all.
    if lo < 0.01:
        return f"<{percent(hi)}" if hi <= 0.99 else "0-100%"
    if hi > 0.99:
        return f">{percent(lo)}" if lo <= 0.99 else ">99%"
    return f"{percent(lo).removesuffix('%')}-{percent(hi)}"


def chance(p: Mapping[str, float | None] | None) -> str:
    """
    A chance with its interval, never without.

    Examples
    --------
    >>> chance({"p": 0.12, "lo": 0.07, "hi": 0.19})
    '12% (7-19%)'
    """
    if p is None or not given(p.get("p")):
        return MISSING
    return f"{percent(p['p'])} ({interval(p.get('lo'), p.get('hi'))})"


def number(x: float | None) -> str:
    """
    A quantity with two or three digits.

    Examples
    --------
    >>> number(12345.6), number(12.34), number(-0.256), number(0.0001), number(0), number(None)
    ('12,346', '12.3', '-0.26', '<0.01', '0', '-')
    """
    if x is None or not given(x):
        return MISSING
    size = abs(x)
    if size >= 100:
        return f"{x:,.0f}"
    if size >= 1:
        return f"{x:.1f}"
    if size >= 0.01:
        return f"{x:.2f}"
    if size == 0:
        return "0"
    return "<0.01" if x > 0 else ">-0.01"


def amount(x: float | None, unit: str = "") -> str:
    """
    A quantity in its unit.

    Examples
    --------
    >>> amount(0.31, "chance"), amount(3.2, "wars"), amount(3.2, "count"), amount(3.2, "percent")
    ('31%', '3.2 wars', '3.2', '3.2%')
    """
    if unit == CHANCE:
        return percent(x)
    if not given(x) or unit in _SILENT:
        return number(x)
    return f"{number(x)}%" if unit == PERCENT else f"{number(x)} {unit}".rstrip()


def signed(x: float | None, unit: str = "") -> str:
    """
    A difference; differences of chances are percentage points.

    Examples
    --------
    >>> signed(0.07, "chance"), signed(-1.25), signed(0.0), signed(0.001, "chance")
    ('+7', '-1.2', '0', '0')
    """
    if x is None or not given(x):
        return MISSING
    if unit == CHANCE:
        many = round(100 * x)
        return f"{many:+d}" if many else "0"
    text = number(x)
    return f"+{text}" if x > 0 and text[0].isdigit() else text


def points(x: float) -> str:
    """
    A difference of chances in percentage points.

    Examples
    --------
    >>> points(0.07), points(-0.01), points(0.0)
    ('+7 points', '-1 point', '0 points')
    """
    many = signed(x, CHANCE)
    return f"{many} point{'' if many in ('+1', '-1') else 's'}"


def change(row: Mapping[str, Any], unit: str = "") -> str:
    """
    An effect with its interval.

    Examples
    --------
    >>> change({"effect": 0.07, "lo": -0.02, "hi": 0.15}, "chance")
    '+7 points (-2 to +15)'
    >>> change({"effect": 0.75, "lo": 0.48, "hi": 1.02}, "chance")
    '+75 points (+48 to +100)'
    """
    if not given(row.get("effect")):
        return MISSING
    said = points(row["effect"]) if unit == CHANCE else signed(row["effect"], unit)
    ends = [end for end in (row.get("lo"), row.get("hi")) if end is not None and given(end)]
    if len(ends) < 2:
        return f"{said} (interval unknown)"
    # Two chances differ by no more than a hundred points, which a normal interval does not know.
    furthest = 1.0 if unit == CHANCE else math.inf
    lo, hi = (signed(min(max(end, -furthest), furthest), unit) for end in ends)
    return f"{said} ({lo} to {hi})"


def year(x: float | None) -> str:
    """A year without fractions."""
    return MISSING if x is None or not given(x) else f"{x:.0f}"


def top(values: Iterable[float | None]) -> float:
    """
    End of the scale of a plot that shows these chances.

    Examples
    --------
    >>> top([0.01, 0.19]), top([])
    (0.25, 0.02)
    """
    most = max((x for x in values if x is not None and given(x)), default=0.0)
    return next((end for end in _TOPS if most <= end), 1.0)


def plot(
    p: Mapping[str, float | None], scale: float, base: float | None = None, width: int = 16
) -> str:
    """
    A chance on a line of characters: ● itself, ━ its interval, ○ the same without the POD.

    Examples
    --------
    >>> plot({"p": 0.5, "lo": 0.2, "hi": 0.7}, 1.0, 0.0, width=10)
    '○·━━━●━━··'
    """
    cells = ["·"] * width

    def place(x: float | None) -> int | None:
        if x is None or not given(x):
            return None
        return min(width - 1, max(0, int(x / scale * width)))

    lo, hi = place(p.get("lo")), place(p.get("hi"))
    if lo is not None and hi is not None:
        cells[lo : hi + 1] = ["━"] * (hi + 1 - lo)
    for where, mark in ((place(base), "○"), (place(p.get("p")), "●")):
        if where is not None:
            cells[where] = mark
    return "".join(cells)


def sparkline(values: Iterable[float | None], scale: float) -> str:
    """
    A row of blocks; a gap where there is no number.

    Examples
    --------
    >>> sparkline([0.0, 0.5, 1.0], 1.0)
    '▁▅█'
    """
    last = len(_SPARKS) - 1
    return "".join(
        _SPARKS[min(last, max(0, round(x / scale * last)))] if x is not None and given(x) else " "
        for x in values
    )


def listed(words: Iterable[str]) -> str:
    """
    Words as a list in a sentence.

    Examples
    --------
    >>> listed(["Britain", "France", "Russia"])
    'Britain, France and Russia'
    """
    row = list(words)
    return f"{', '.join(row[:-1])} and {row[-1]}" if len(row) > 1 else "".join(row)


def tag(answer: Answer, key: str, otherwise: str = FITTED) -> str:
    """
    Where a number comes from, as the answer says or else as is usual for its kind.

    Examples
    --------
    >>> tag({"provenance": {"tags": {"p_goal": "fitted"}}}, "p_goal")
    'fitted'
    >>> tag({"provenance": {"elicited": False}}, "p_goal")
    'fitted'
    """
    provenance = answer.get("provenance", {})
    found = provenance.get("tags", {}).get(key)
    if found:
        return str(found)
    if provenance.get("elicited", True):
        return otherwise
    return otherwise.replace(" and elicited", "")
