"""A chance in words of one kind; light, so that every page can import it."""

from math import isfinite


def percent(p: float | None) -> str:
    """
    A chance in whole percent; what rounds to certainty or its opposite keeps its doubt.

    The one rule for every sentence and table of an answer, so that no two disagree.

    Examples
    --------
    >>> percent(0.023), percent(0.004), percent(0.0), percent(0.997), percent(None)
    ('2%', '<1%', '<1%', '>99%', '-')
    """
    if p is None or not isfinite(p):
        return "-"
    if p < 0.01:
        return "<1%"
    if p > 0.99:
        return ">99%"
    return f"{100 * p:.0f}%"
