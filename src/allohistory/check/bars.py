"""Bars the model is held to, and where it loses: read off a result of `check` and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

Row = dict[str, Any]

COMPARATORS = {
    "base_rate": "base rate",
    "persistence": "persistence",
    "logistic": "shrunken logistic",
    "frozen_hazard": "frozen hazard",
    "boosted": "boosting",
}
"""What the hindcast is compared with."""
LOWER = frozenset({"CRPS"})
"""Metrics of which less is better; of those that aim at nothing and are not here, more is."""
AIMS = {"slope": 1.0, "90% band covers": 0.9}
"""Metrics that should be a certain value."""
COVERED, COUNTED = 0.85, 0.8
"""
Share of the record's figures that should lie inside the 90% bands of free runs, and share of the
system's counts inside those of the hindcast.
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a mechanism's one-step score should be: from `low` to `high`, the ends included."""

    mechanism: str
    metric: str
    low: float
    high: float = inf
    strict: bool = False

    @property
    def words(self) -> str:
        """The bar in words."""
        if self.high < inf:
            return f"{self.low:g} to {self.high:g}"
        return f"above {self.low:g}" if self.strict else f"at least {self.low:g}"

    def reached(self, value: float) -> bool:
        """Whether a score is good enough."""
        return self.low < value if self.strict else self.low <= value <= self.high


BARS = (
    Bar("bilateral founding", "AUC within years", 0.91),
    Bar("bilateral founding", "nats", 1.5),
    Bar("all formation", "AUC within years", 0.80),
    Bar("all formation", "nats", 0.75),
    Bar("dispute", "AUC within years", 0.93),
    Bar("dispute", "nats", 2.2),
    Bar("dispute", "slope", 0.9, 1.1),
    Bar("war onset", "AUC within years", 0.85),
    Bar("war onset", "nats", 1.3),
    Bar("lapse", "log gain", 0.0, strict=True),
    Bar("joining", "AUC", 0.87),
    Bar("joining", "right side", 0.80),
    Bar("war outcome", "PRL", 0.06, strict=True),
)
"""Of the whole world's record, scored as "who given how many"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A bar, what was found, and the outcome in a word."""

    what: str
    bar: str
    found: str
    word: str


def word(*, reached: bool | None) -> str:
    """
    Say how it went, in words that need no colour.

    Examples
    --------
    >>> word(reached=True), word(reached=False), word(reached=None)
    ('reached', 'missed', 'not scored')
    """
    return "not scored" if reached is None else "reached" if reached else "missed"


def pooled(rows: list[Row] | None) -> list[Row]:
    """Rows pooled over cut-offs; the only cut-off's where there is but one."""
    given = rows or []
    years = {row["cutoff"] for row in given}
    return given if len(years) == 1 else [row for row in given if row["cutoff"] is None]


def questions(rows: list[Row] | None) -> list[Row]:
    """Pooled rows of the questions of a hindcast."""
    return pooled([row for row in rows or [] if row.get("log_score") is not None])


def counts(rows: list[Row] | None) -> tuple[int, int]:
    """How many of the system's counts lie inside the hindcast's bands, of how many."""
    each = [row for row in rows or [] if "log_score" not in row and "median" in row]
    return covered(each)


def bar_of(row: Row) -> Bar | None:
    """Find the bar of a one-step score."""
    for bar in BARS:
        if (bar.mechanism, bar.metric) == (row["mechanism"], row["metric"]):
            return bar
    return None


def lead(row: Row, other: str, mine: str = "log_score") -> float | None:
    """Nats by which one log score of a hindcast is better than another."""
    one, two = row.get(mine), row.get(other)
    return None if one is None or two is None else float(one) - float(two)


def interval(row: Row, name: str) -> tuple[float, float] | None:
    """Look up the 90% interval of a difference of a hindcast."""
    found = (row.get("intervals") or {}).get(name)
    if not found or None in found:
        return None
    low, high = found
    return float(low), float(high)


def hindcast_verdicts(rows: list[Row] | None) -> list[Verdict]:
    """Bars of the question hindcast."""
    by_name = {row["predicate"]: row for row in questions(rows)}

    def gain(predicate: str, other: str) -> float | None:
        return lead(by_name[predicate], other) if predicate in by_name else None

    def bound(predicate: str, other: str) -> tuple[float, float] | None:
        return interval(by_name[predicate], other) if predicate in by_name else None

    peace, force, pact = (
        gain("peace", "logistic"),
        gain("force", "logistic"),
        gain("pact", "base_rate"),
    )
    wide, signed = bound("force", "logistic"), bound("pact", "base_rate")
    low = signed[0] if signed else None
    rest = by_name.get("pact", {}).get("without_1950")
    apart = lead(rest, "base_rate") if rest else None
    not_worse = None if force is None else force >= 0 or (wide is not None and wide[1] >= 0)
    stacks = [found for row in by_name.values() if (found := interval(row, "stack")) is not None]
    ahead = [low for low, _ in stacks]
    inside, of = counts(rows)
    return [
        Verdict(
            "peace, over a shrunken logistic",
            "above 0",
            _millinats(peace),
            word(reached=None if peace is None else peace > 0),
        ),
        Verdict(
            "force, over a shrunken logistic",
            "not worse",
            _millinats(force),
            word(reached=not_worse),
        ),
        Verdict(
            "pact, over the base rate",
            "at least 8 millinats",
            _millinats(pact),
            word(reached=None if pact is None else pact >= 0.008),
        ),
        Verdict(
            "pact, over the base rate: low end of the interval",
            "above 0",
            _millinats(low),
            word(reached=None if low is None else low > 0),
        ),
        Verdict(
            "pact without the cut-offs whose years hold 1950, over the base rate",
            "above 0",
            _millinats(apart),
            word(reached=None if apart is None else apart > 0),
        ),
        Verdict(
            "advised probability, over a shrunken logistic: lowest end of the intervals",
            "above 0",
            _millinats(min(ahead, default=None)),
            word(reached=all(low > 0 for low in ahead) if ahead else None),
        ),
        Verdict(
            "the system's counts inside the 90% bands",
            f"at least {COUNTED:.0%}",
            f"{inside / of:.0%}" if of else "-",
            word(reached=inside >= COUNTED * of if of else None),
        ),
    ]


def _millinats(gain: float | None) -> str:
    return "-" if gain is None else f"{1000 * gain:+.1f} millinats"


def free_run_verdicts(rows: list[Row] | None) -> list[Verdict]:
    """Bars of the free runs, window by window."""
    out = []
    for name in dict.fromkeys(window(row) for row in rows or []):
        inside, of = covered([row for row in rows or [] if window(row) == name])
        out.append(
            Verdict(
                f"free runs {name}, the record's figures inside the 90% bands",
                f"at least {COVERED:.0%}",
                f"{inside} of {of}",
                word(reached=inside >= COVERED * of if of else None),
            )
        )
    return out


def one_step_verdicts(rows: list[Row] | None) -> list[Verdict]:
    """Bars of the one-step scores, all of them, scored or not."""
    found = {(row["mechanism"], row["metric"]): row["value"] for row in pooled(rows)}
    out = []
    for bar in BARS:
        value = found.get((bar.mechanism, bar.metric))
        told = word(reached=None if value is None else bar.reached(value))
        shown = "-" if value is None else f"{value:.3g}"
        out.append(Verdict(f"{bar.mechanism}, {bar.metric}", bar.words, shown, told))
    return out


def verdicts(result: dict[str, Any]) -> list[Verdict]:
    """
    Every bar of a result.

    They are those of design section 9, set for the whole world's record; the core record is held
    to the same. *Closest major* has none: it is reported with its intervals.
    """
    return [
        *hindcast_verdicts(result.get("hindcast")),
        *free_run_verdicts(result.get("free_run")),
        *one_step_verdicts(result.get("one_step")),
    ]


def covered(rows: list[Row] | None) -> tuple[int, int]:
    """How many of the record's figures lie inside the bands, of how many."""
    judged = [bool(row["inside"]) for row in rows or [] if row.get("inside") is not None]
    return sum(judged), len(judged)


@dataclass(frozen=True, slots=True)
class Loss:
    """
    Something that does better than the model.

    `sure` says whether the interval of the difference leaves zero out; None where there is none.
    """

    part: str
    what: str
    other: str
    mine: float
    theirs: float
    sure: bool | None = None


def losses(result: dict[str, Any]) -> list[Loss]:
    """Find where the model loses to what it is compared with, the gravest part first."""
    return [
        *_hindcast_losses(result.get("hindcast")),
        *_one_step_losses(result.get("one_step")),
        *_free_run_losses(result.get("free_run")),
    ]


def _hindcast_losses(rows: list[Row] | None) -> Iterator[Loss]:
    for row in questions(rows):
        for key, name in COMPARATORS.items():
            ahead = lead(row, key)
            if ahead is not None and ahead < 0:
                wide = interval(row, key)
                sure = None if wide is None else wide[1] < 0
                yield Loss("hindcast", row["predicate"], name, row["log_score"], row[key], sure)
        for key, name in COMPARATORS.items():
            ahead = lead(row, key, "stack")
            if ahead is not None and ahead < 0:
                what = f"{row['predicate']}, advised probability"
                yield Loss("hindcast", what, name, row["stack"], row[key])


def _one_step_losses(rows: list[Row] | None) -> Iterator[Loss]:
    for row in pooled(rows):
        metric = row["metric"]
        for name, theirs in (row.get("comparators") or {}).items():
            if theirs is not None and row["value"] is not None:
                mine = row["value"]
                if _merit(metric, theirs) > _merit(metric, mine):
                    what = f"{row['mechanism']}, {row['metric']}"
                    yield Loss("one step", what, name.replace("_", " "), mine, theirs)


def _merit(metric: str, value: float) -> float:
    if metric in AIMS:
        return -abs(value - AIMS[metric])
    return -value if metric in LOWER else value


def _free_run_losses(rows: list[Row] | None) -> Iterator[Loss]:
    for row in rows or []:
        mine, theirs = row.get("crps"), row.get("crps_bootstrap")
        if mine is not None and theirs is not None and theirs < mine:
            what = f"{row['statistic']}, {window(row)}"
            yield Loss("free runs", what, "bootstrap of the past (CRPS)", mine, theirs)


def window(row: Row) -> str:
    """
    Years of a free run.

    Examples
    --------
    >>> window({"window": [1900, 1950]}), window({"window": "1900-1950"})
    ('1900-1950', '1900-1950')
    """
    years = row["window"]
    return years if isinstance(years, str) else f"{years[0]}-{years[1]}"


def tallies(result: dict[str, Any]) -> dict[str, dict[str, tuple[int, int]]]:
    """
    Count where the model is ahead.

    Returns
    -------
    dict
        By part and comparator: how many scores are better than the comparator's, of how many.
    """
    out: dict[str, dict[str, tuple[int, int]]] = {"hindcast": {}, "one step": {}}

    def note(part: str, name: str, *, ahead: bool) -> None:
        won, of = out[part].get(name, (0, 0))
        out[part][name] = (won + ahead, of + 1)

    for row in questions(result.get("hindcast")):
        for key, name in COMPARATORS.items():
            gain = lead(row, key)
            if gain is not None:
                note("hindcast", name, ahead=gain > 0)
    for row in pooled(result.get("one_step")):
        metric = row["metric"]
        for name, theirs in (row.get("comparators") or {}).items():
            if theirs is not None and row["value"] is not None:
                ahead = _merit(metric, row["value"]) > _merit(metric, theirs)
                note("one step", name.replace("_", " "), ahead=ahead)
    return out
