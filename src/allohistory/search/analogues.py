"""
Reference classes: what became of other pairs who fought or were rivals, and the nearest of them.

A dyad belongs to a class from the year in which it qualified, which nobody needed hindsight to
know: the end of its first war on opposite sides, its twentieth year of rivalry, or the later of
both. What counts is a pact of defense or offense that began after that. Dyads that are still
without one when the record ends are censored there; a state that ended makes no pact.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from allohistory.chance import chance, survival
from allohistory.percent import percent
from allohistory.record.names import display
from allohistory.record.tables import Tables, load
from allohistory.search.former import Former, Pair, Span, former, majors, near, third

Part = dict[str, Any]
LONG = 20
"""Years after which a rivalry is long."""
AGES = (10, 20, 30)
WAITS = (10, 20, 30, 50)
SOON = 30
"""Years within which a state that becomes a major power is taken for a would-be one."""
LISTED, ALIKE = 6, 20
"""How many of the nearest are listed, and of how many a rate is given."""
FEW = 10
CLASSES: Final = {
    "fought": "fought each other in a war",
    "rivals": f"were rivals for {LONG} years",
    "both": f"fought each other and were rivals for {LONG} years",
}
RULE: Final = (
    "Distance of a dyad, as it was when it qualified, from the pair as the window begins: 1 for "
    f"each major power more or fewer (or state that becomes one within {SOON} years), 1 from land "
    "neighbours to none (strait 2/3, sea or dependencies 1/3 of the way), 1/2 for each doubling "
    "of the years of rivalry, 1/2 for each war between the two more or fewer, 1 for each 50 years "
    "apart."
)


@dataclass(frozen=True, slots=True)
class Later:
    """
    What a dyad came to after it qualified.

    Attributes
    ----------
    past : Former
    year : int
        In which it qualified.
    spells : tuple of (int, int)
        Unbroken alliances that began later.
    """

    past: Former
    year: int
    spells: tuple[tuple[int, int], ...]

    @property
    def first(self) -> tuple[int, int] | None:
        """First alliance."""
        return self.spells[0] if self.spells else None

    @property
    def longest(self) -> int:
        """Years of the longest."""
        return max((last - first + 1 for first, last in self.spells), default=0)

    def made(self, spell: tuple[int, int]) -> list[Span]:
        """Treaties that made an alliance, in the order in which they came."""
        return [p for p in self.past.pacts if p.first <= spell[1] and p.last >= spell[0]]


def qualified(past: Former, kind: str) -> int | None:
    """Year in which a dyad qualifies for a class; None if it never does."""
    war = past.wars[0].last if past.wars else None
    rivals = next((s.first + LONG - 1 for s in past.rivalries if s.years >= LONG), None)
    if kind == "fought":
        return war
    if kind == "rivals":
        return rivals
    return None if war is None or rivals is None else max(war, rivals)


def members(kind: str, pair: Pair, tables: Tables) -> list[Later]:
    """Dyads of a class but for the pair asked about."""
    out = []
    for names, past in former(tables).items():
        year = qualified(past, kind)
        if names == pair or year is None or year >= tables.last:
            continue
        year = max(year, tables.first)
        out.append(Later(past, year, tuple(s for s in past.allied if s[0] > year)))
    return out


def analogues(
    pair: Pair,
    start: int,
    *,
    years: int,
    horizon: int,
    chances: Mapping[str, Mapping[str, float]] | None = None,
    tables: Tables | None = None,
) -> Part:
    """
    Classes that the pair belongs to or might, their base rates, and the nearest cases.

    Parameters
    ----------
    pair : (str, str)
        Ids.
    start : int
        Year as of which the pair is compared.
    years, horizon : int
        Years of alliance that the goal asks for, and within how many.
    chances : mapping of str to chance, optional
        P(goal) of the model, by the words that name it; set beside the base rate.
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    dict
        ``classes`` [{kind, words, belongs, n, allied, share, base, cases, waits, lasted,
        durations, wait_median, running, under_two, met_by, met_cases, own, own_base,
        since_last_war, few}],
        ``nearest`` and ``nearest_allied`` [{ids, pair, distance, year, wars, rivalries,
        alliances}],
        ``alike`` {cases, met, base, dyads} of the `ALIKE` nearest whose horizon is on record;
        ``beside`` (the model's chances), ``rule``, ``sentence``.
    """
    record = tables or load()
    one, other = sorted(pair)
    names = (one, other)
    asked = former(record).get(names, Former(*names))
    kinds = {kind: members(kind, names, record) for kind in CLASSES}
    cases: dict[Pair, Later] = {}
    for kind in ("rivals", "fought", "both"):
        cases |= {(case.past.a, case.past.b): case for case in kinds[kind]}
    ranked = sorted(
        (distance(asked, start, case, record), case.past.a, case.past.b) for case in cases.values()
    )
    rows = [_case(far, cases[a, b], record) for far, a, b in ranked]
    known = [cases[a, b] for _, a, b in ranked if cases[a, b].year + horizon <= record.last]
    out: Part = {
        "classes": [
            {
                "kind": kind,
                "words": words,
                "belongs": _belongs(asked, kind, start),
                **_class(kinds[kind], years, horizon, record),
            }
            for kind, words in CLASSES.items()
        ],
        "nearest": rows[:LISTED],
        "nearest_allied": [row for row in rows if row["alliances"]][:LISTED],
        "alike": _alike(known[:ALIKE], years, horizon),
        "beside": dict(chances or {}),
        "years": years,
        "horizon": horizon,
        "rule": RULE,
    }
    out["sentence"] = _sentence(out)
    return out


def _alike(cases: Sequence[Later], years: int, horizon: int) -> Part | None:
    """Base rate of the nearest cases."""
    if not cases:
        return None
    met = sum(_within(case, years, horizon) is not None for case in cases)
    return {
        "cases": len(cases),
        "met": met,
        "base": chance([met], [len(cases)]),
        "dyads": [[case.past.a, case.past.b, case.year] for case in cases],
    }


def beside(part: Part, alike: Mapping[str, float], pair: Mapping[str, float]) -> Part:
    """
    The same part with what the model makes of the same question.

    Parameters
    ----------
    part : dict
        Of `analogues`.
    alike, pair : chance
        Of the nearest dyads together and of the pair, as `alike.rolled` gives them.
    """
    out = {**part, "model": {"alike": dict(alike), "pair": dict(pair)}}
    return {**out, "sentence": _sentence(out)}


def _belongs(asked: Former, kind: str, start: int) -> bool:
    year = qualified(asked, kind)
    return year is not None and year <= start


def distance(asked: Former, start: int, case: Later, tables: Tables) -> float:
    """How unlike the pair as of a year a case is when it qualified (`RULE`)."""
    one, other = (asked.a, asked.b), (case.past.a, case.past.b)
    year = case.year
    powers = majors(tables, one, start, SOON) - majors(tables, other, year, SOON)
    contact = near(tables, one, start) - near(tables, other, year)
    rivals = np.log2((1 + asked.rivals(start)) / (1 + case.past.rivals(year)))
    wars = len(asked.fought(start)) - len(case.past.fought(year))
    apart = (start - year) / 50
    total = abs(powers) + abs(contact) / 3 + abs(rivals) / 2 + abs(wars) / 2 + abs(apart)
    return round(float(total), 3)


def _class(cases: Sequence[Later], years: int, horizon: int, tables: Tables) -> Part:
    """Base rate, waits and durations of a class."""
    last = tables.last
    allied = [case for case in cases if case.first]
    known = [case for case in cases if case.year + horizon <= last]
    met = [(case, spell) for case in known if (spell := _within(case, years, horizon))]
    # By name where two brought as many: the answer hangs on no order.
    brought = Counter(case.made(spell)[0].name for case, spell in met)
    ranked = sorted(brought.items(), key=lambda row: (-row[1], row[0]))
    patrons = [third(tables, (case.past.a, case.past.b), spell) for case, spell in met]
    waits = Counter((case.first[0] - case.year, False) for case in cases if case.first)
    waits += Counter((last - case.year, True) for case in cases if not case.first)
    spells = Counter(
        (case.first[1] - case.first[0] + 1, case.first[1] == last) for case in cases if case.first
    )
    after = sorted(_wait(case, case.first) for case in cases if case.first)
    return {
        "n": len(cases),
        "allied": len(allied),
        "share": chance([len(allied)], [len(cases)]) if cases else None,
        "cases": len(known),
        "met": len(met),
        "base": chance([len(met)], [len(known)]) if known else None,
        "waits": [{"years": r["years"], "p": round(1 - r["p"], 4)} for r in survival(waits, WAITS)]
        if cases
        else [],
        "lasted": {str(age): sum(case.longest >= age for case in allied) for age in AGES},
        "durations": survival(spells, AGES) if allied else [],
        "wait_median": float(np.median(after)) if after else None,
        "running": sum(case.spells[-1][1] == last for case in allied),
        "under_two": sum(case.made(case.first)[0].members == 2 for case in cases if case.first),
        "met_by": [[name, many] for name, many in ranked],
        "met_cases": [
            [case.past.a, case.past.b, *spell, patron]
            for (case, spell), patron in zip(met, patrons, strict=True)
        ],
        "own": patrons.count(None),
        "own_base": chance([patrons.count(None)], [len(known)]) if known else None,
        "since_last_war": _since(cases),
        "few": len(met) < FEW,
    }


def _within(case: Later, years: int, horizon: int) -> tuple[int, int] | None:
    """First alliance of so many years within the horizon after the dyad qualified."""
    end = case.year + horizon
    return next((s for s in case.spells if min(s[1], end) - s[0] + 1 >= years), None)


def _since(cases: Sequence[Later]) -> list[int]:
    """Dyads of those at war that were allied after their last war, and for thirty years."""
    many = [
        sum(max(last - max(first, war) + 1, 0) for first, last in case.past.allied)
        for case in cases
        for war in [case.past.wars[-1].last + 1 if case.past.wars else None]
        if war is not None
    ]
    return [len(many), sum(n > 0 for n in many), sum(n >= AGES[-1] for n in many)]


def _wait(case: Later, spell: tuple[int, int]) -> int:
    """Years from the last hostility to an alliance; 0 where the two were still at odds."""
    last = case.past.hostile(spell[0])
    return spell[0] - (case.year if last is None else last)


def _case(far: float, case: Later, tables: Tables) -> Part:
    """One analogue with names and dates."""
    past, year = case.past, case.year
    ids = (past.a, past.b)
    return {
        "ids": list(ids),
        "pair": [display(state, year, tables) for state in ids],
        "distance": far,
        "year": year,
        "wars": [{"name": s.name, "from": s.first, "to": s.last} for s in past.wars],
        "rivalries": [{"from": s.first, "to": s.last} for s in past.rivalries],
        "alliances": [
            {
                "from": spell[0],
                "to": None if spell[1] == tables.last else spell[1],
                "years": spell[1] - spell[0] + 1,
                "after": _wait(case, spell),
                "treaties": [p.name for p in case.made(spell)][:3],
            }
            for spell in case.spells
        ],
    }


def _with(p: Mapping[str, float]) -> str:
    return f"{percent(p['p'])} ({percent(p['lo'])} to {percent(p['hi'])})"


def _span(first: int, last: int | None) -> str:
    if last is None:
        return f"since {first}"
    return str(first) if first == last else f"{first}-{last}"


def closest_class(part: Part) -> Part | None:
    """The narrowest class that the pair belongs to and that has a base rate."""
    known = [row for row in part["classes"] if row["base"] is not None]
    mine = [row for row in known if row["belongs"]]
    return min(mine or known, key=lambda row: row["cases"], default=None)


def _sentence(part: Part) -> str:
    row = closest_class(part)
    if row is None:
        return "The record holds no dyad that fought or were rivals for so long: no base rate."
    whose = "like these two" if row["belongs"] else "as these two had not yet"
    text = (
        f"Of {row['cases']} other dyads that {row['words']}, {whose}, and whose next "
        f"{part['horizon']} years the record holds, {row['met']} were allied for "
        f"{part['years']} years without a break within them: {_with(row['base'])}"
    )
    notes = ["few cases"] if row["few"] else []
    if row["met_by"] and row["met_by"][0][1] > 1:
        treaty, many = row["met_by"][0]
        notes.append(f"no independent cases, {many} of them beginning with the {treaty}")
    if notes:
        text += f"; {'; '.join(notes)}"
    if row["met"]:
        text += (
            f". In {row['own']} of the {row['met']} the two were not both allied to a stronger "
            f"third power most of the time: {_with(row['own_base'])}"
        )
    alike = part["alike"]
    if alike:
        text += (
            f". Of the {alike['cases']} dyads most like these two, {alike['met']} were so allied: "
            f"{_with(alike['base'])}"
        )
        if "model" in part:
            text += (
                f"; from the same years the model gives them {_with(part['model']['alike'])} and "
                f"these two {_with(part['model']['pair'])}"
            )
    chances = [f"{words} {_with(p)}" for words, p in part["beside"].items()]
    if chances:
        text += f". The model gives {' and '.join(chances)}"
    nearest = part["nearest_allied"]
    if nearest:
        row = nearest[0]
        spells = [_span(a["from"], a["to"]) for a in row["alliances"]]
        after = row["alliances"][0]["after"]
        when = f"first {after} years after their last hostility" if after else "first while at odds"
        text += (
            f". The nearest that allied are {row['pair'][0]} and {row['pair'][1]} "
            f"({', '.join(spells)}; {when})"
        )
    return text + "."
