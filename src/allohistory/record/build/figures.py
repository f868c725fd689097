"""Majors, capitals, names, capability, regimes and leaders, one table of the record each."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np

from allohistory.record.build.roster import Floats, Roster
from allohistory.record.build.source import Source
from allohistory.record.build.strife import Wars
from allohistory.record.tables import Tables

Rows = list[tuple[Any, ...]]
BENCHMARK = 5
BREAK = 0.05
OPEN_CAPITAL = 2016
HOW_IN = {"Regular": "regular", "Irregular": "irregular", "Unknown": "regular"}
HOW_OUT = {
    "Regular": "regular",
    "Irregular": "irregular",
    "Foreign": "foreign",
    "Natural Death": "death",
    "Suicide": "death",
    "Still in Office": "in office",
}
AFTER_WAR = 2
"""Years after a war in which its winner is taken to stand behind an imposed leader."""


def names(states: Roster, core: Tables) -> Rows:
    """Names by which a reader may call a state: the core's, else the published one."""
    known = {row.id for row in core.states}
    rows: Rows = [(r.id, r.name, r.start, r.end or "") for r in core.names if r.id in states.index]
    rows += [
        (state, states.names[state], states.spells[state][0][0].year, "")
        for state in states.ids
        if state not in known
    ]
    return rows


def majors(source: Source, states: Roster) -> Rows:
    """Spells as a major power."""
    parts = ("styear", "stmonth", "stday", "endyear", "endmonth", "endday")
    rows: Rows = []
    for code, y, m, d, to_y, to_m, to_d in sorted(source.rows("cow_majors", "ccode", *parts)):
        if code in states.id_of:
            end = "" if to_y >= states.last else date(to_y, to_m, to_d)
            rows.append((states.id_of[code], date(y, m, d), end, "", "cow-majors"))
    return rows


def capitals(source: Source, states: Roster) -> Rows:
    """Seats of government; a seat of two codes of one state is told once for each spell."""
    columns = ("ccode", "stdate", "enddate", "capital", "lat", "lng")
    rows: dict[tuple[str, date], tuple[Any, ...]] = {}
    for code, start, end, city, lat, lon in sorted(source.rows("cow_capitals", *columns)):
        if code in states.id_of:
            state = states.id_of[code]
            to = "" if end.year >= OPEN_CAPITAL else end
            rows.setdefault((state, start), (state, city, f"{lat:.2f}", f"{lon:.2f}", start, to))
    return list(rows.values())


def benchmark_years(states: Roster, state: str) -> set[int]:
    """Every fifth year in the system, and the first and last year of each spell."""
    years: set[int] = set()
    for start, end in states.spells[state]:
        last = states.last if end is None else end.year
        years |= {start.year, last}
        years |= set(range(start.year + -start.year % BENCHMARK, last + 1, BENCHMARK))
    return years


def capability(states: Roster, share: Floats) -> Rows:
    """Share of the world's capability at the benchmarks, percent."""
    rows: Rows = []
    for n, state in enumerate(states.ids):
        for year in sorted(benchmark_years(states, state)):
            value = share[states.row(year), n]
            if value > 0:
                rows.append((state, year, f"{100 * value:.3g}", ""))
    return rows


def regimes(source: Source, states: Roster) -> Rows:
    """
    Democracy at the benchmarks and wherever it jumps: V-Dem's polyarchy, as in the core record.

    Where V-Dem has no figure the extended UDS stands in for it, put on its scale by the straight
    line that fits the state-years which have both; such rows are flagged.
    """
    table: dict[tuple[str, int], tuple[float | None, float | None]] = {}
    columns = ("ccode", "year", "v2x_polyarchy", "euds")
    for code, year, first, second in source.rows("cw_democracy", *columns):
        if code in states.id_of and states.first <= year <= states.last:
            key = (states.id_of[code], year)
            if table.get(key, (None, None))[0] is None:
                table[key] = (first, second)
    both = np.array([v for v in table.values() if None not in v], float)
    slope, level = np.polyfit(both[:, 1], both[:, 0], 1)
    series: dict[str, dict[int, tuple[float, str]]] = {state: {} for state in states.ids}
    for (state, year), (first, second) in table.items():
        if first is not None:
            series[state][year] = (first, "")
        elif second is not None:
            stand_in = float(np.clip(slope * second + level, 0.01, 0.95))
            series[state][year] = (stand_in, "from UDS")
    return [row for state in states.ids for row in _breaks(states, state, series[state])]


def _breaks(states: Roster, state: str, series: dict[int, tuple[float, str]]) -> Rows:
    wanted = benchmark_years(states, state)
    wanted |= {min(series, default=0), max(series, default=0)}
    for year, (value, _) in series.items():
        before = series.get(year - 1)
        if before is not None and abs(value - before[0]) > BREAK:
            wanted |= {year - 1, year}
    return [(state, y, f"{series[y][0]:.2f}", series[y][1]) for y in sorted(wanted & set(series))]


def leaders(source: Source, states: Roster, wars: Wars, fates: dict[str, list[str]]) -> Rows:
    """
    Leaders while their state is a member.

    Archigos does not say who imposed a leader: taken to be the state that held the country just
    before, else the strongest enemy of a war of the last two years, else unknown (irregular).
    """
    id_of = {
        (code, year): states.id_of[cow]
        for code, year, cow in source.rows("gw_cw_panel", "gwcode", "year", "ccode")
        if cow in states.id_of
    }
    rows: dict[tuple[str, date, str], tuple[Any, ...]] = {}
    columns = ("gwcode", "startdate", "enddate", "leader", "entry", "exit")
    for code, start, end, name, entry, out in sorted(source.rows("archigos", *columns)):
        years = range(start.year, end.year + 1)
        state = next((id_of[code, y] for y in years if (code, y) in id_of), None)
        if state is None:
            continue
        in_office = out == "Still in Office"
        how_in = HOW_IN.get(entry) or _imposed(states, wars, fates, state, start)
        how_out = HOW_OUT.get(out, "regular")
        key = (state, start, " ".join(name.split()))
        to = "" if in_office else end
        rows.setdefault(key, (state, key[2], start, to, how_in, how_out, "", ""))
    return sorted(rows.values(), key=lambda row: (states.index[row[0]], row[2]))


def _imposed(
    states: Roster, wars: Wars, fates: dict[str, list[str]], state: str, start: date
) -> str:
    for (_, end), holder in zip(states.spells[state], fates[state], strict=True):
        near = end is not None and abs(start - end) < timedelta(days=366 * AFTER_WAR)
        if near and holder != "-" and states.member(holder, start.year):
            return f"foreign:{holder}"
    enemies = wars.enemies(state, start.year - AFTER_WAR, start.year)
    enemies = [enemy for enemy in enemies if states.member(enemy, start.year)]
    return f"foreign:{enemies[0]}" if enemies else "irregular"


def sources(used: Iterable[str]) -> Rows:
    """Citations of the tables that were read."""
    return [(key, CITATIONS[key]) for key in sorted(set(used))]


CITATIONS = {
    "cow-states": "Correlates of War Project. 2017. State System Membership List, v2016.",
    "cow-majors": "Correlates of War Project. 2017. Major Powers, v2016.",
    "cow-capitals": "Miller, S. V. 2022. peacesciencer: An R Package for Quantitative Peace "
    "Science Research. Conflict Management and Peace Science 39(6): 755-79 (capitals).",
    "cow-nmc": "Singer, J. D., S. Bremer and J. Stuckey. 1972. Capability Distribution, "
    "Uncertainty, and Major Power War, 1820-1965. In Russett (ed.), Peace, War, and Numbers.",
    "atop": "Leeds, B. A., J. M. Ritter, S. McLaughlin Mitchell and A. G. Long. 2002. Alliance "
    "Treaty Obligations and Provisions, 1815-1944. International Interactions 28: 237-60.",
    "fariss": "Fariss, C. J., T. Anders, J. N. Markowitz and M. Barnum. 2022. New Estimates of "
    "Over 500 Years of Historic GDP and Population Data. Journal of Conflict Resolution 66(3): "
    "553-91.",
    "gml": "Gibler, D. M., S. V. Miller and E. K. Little. 2016. An Analysis of the Militarized "
    "Interstate Dispute Dataset, 1816-2001. International Studies Quarterly 60(4): 719-30.",
    "mid5": "Palmer, G. et al. 2022. The MID5 Dataset, 2011-2014. Conflict Management and Peace "
    "Science 39(4): 470-82.",
    "cow-wars": "Sarkees, M. R. and F. W. Wayman. 2010. Resort to War, 1816-2007. CQ Press.",
    "tss": "Thompson, W. R., K. Sakuwa and P. H. Suhas. 2021. Analyzing Strategic Rivalries in "
    "World Politics. Springer.",
    "contiguity": "Stinnett, D. M. et al. 2002. The Correlates of War Project Direct Contiguity "
    "Data, Version 3. Conflict Management and Peace Science 19(2): 58-66.",
    "cow-tc": "Tir, J., P. Schafer, P. Diehl and G. Goertz. 1998. Territorial Changes, 1816-1996. "
    "Conflict Management and Peace Science 16: 89-97.",
    "vdem": "Coppedge, M. et al. V-Dem Country-Year Dataset; Marquez, X. 2016. A Quick Method for "
    "Extending the Unified Democracy Scores.",
    "archigos": "Goemans, H. E., K. S. Gleditsch and G. Chiozza. 2009. Introducing Archigos: A "
    "Dataset of Political Leaders. Journal of Peace Research 46(2): 269-83.",
}
