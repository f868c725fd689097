"""A world small enough to be told in every way: few states, few years, two kinds of choice."""

import dataclasses

import numpy as np

from allohistory.model import terms as m
from allohistory.model.parameters import blank
from allohistory.model.shocks import NODE
from allohistory.noise import address
from allohistory.record.tables import load
from allohistory.search.surprise import Choice

NONE = ("wars", "participants", "settlements", "civil_wars", "treaties", "members", "rivalries")
NONE += ("disputes", "departures", "majors")
STRONG_NOW = m.TERMS[m.FOUND_STRONG].index("strong_now")
NEVER = -800.0
FIRST = 1901


def record(*states):
    """The core record of these states, without anything that ever happened between them."""
    core = load()
    rows = dict.fromkeys(NONE, ())
    for table in ("states", "names", "spells", "capitals", "capabilities", "regimes", "leaders"):
        rows[table] = tuple(row for row in getattr(core, table) if row.id in states)
    homes = {row.home for row in rows["states"]}
    rows["units"] = tuple(row for row in core.units if row.unit in homes)
    rows["borders"] = tuple(row for row in core.borders if {row.a, row.b} <= homes)
    rows["holdings"] = tuple(
        row for row in core.holdings if row.unit in homes and row.owner in states
    )
    return dataclasses.replace(core, **rows)


def draws():
    """Two draws under which strong treaties are signed and lapse, and nothing else happens."""
    out = []
    for sign, again, lapse, sigma in ((-1.0, -0.7, -0.4, 0.8), (0.3, -1.5, -1.2, 0.3)):
        d = blank()
        d.beta[:, :, 0] = NEVER
        d.beta[m.GROWTH] = 0.0
        d.beta[m.FOUND_STRONG, 0, 0] = sign
        d.beta[m.FOUND_STRONG, 0, STRONG_NOW] = again
        d.beta[m.LAPSE, 0, 0] = lapse
        d.sigma[m.SHOCKED.index(m.FOUND_STRONG)] = sigma
        out.append(d._replace(tilt=np.exp(d.sigma[:, None] * NODE)))
    return out


def logit(x):
    return 1 / (1 + np.exp(-x))


def years_of(pairs, alive, allied, year, years, chances):
    """
    Every way in which the years can go, told without the engine.

    `chances` (2, 8) are the chances so far by draw and slice of this year's shock; yields the
    choices made, the chance by draw, and the dyads allied at the end of each year.
    """
    if year == FIRST + years:
        yield (), chances, ()
        return
    drawn = draws()
    standing = [(a, b, y) for a, b, y in alive if y != year]
    for lapses in np.ndindex(*(2,) * len(standing)):
        left = {t for t, gone in zip(standing, lapses, strict=True) if not gone}
        for founds in np.ndindex(*(2,) * len(pairs)):
            part = np.zeros(2)
            for k, d in enumerate(drawn):
                p = np.full(8, 1 / 8)
                for pair, founded in zip(pairs, founds, strict=True):
                    e = d.beta[m.FOUND_STRONG, 0, 0]
                    e += d.beta[m.FOUND_STRONG, 0, STRONG_NOW] * (pair in allied)
                    chance = logit(e + d.sigma[1] * NODE)
                    p = p * (chance if founded else 1 - chance)
                ends = logit(d.beta[m.LAPSE, 0, 0])
                for gone in lapses:
                    p = p * (ends if gone else 1 - ends)
                part[k] = p.sum()
            new = {(*pair, year) for pair, f in zip(pairs, founds, strict=True) if f}
            now = left | new
            after = {(a, b) for a, b, _ in now}
            mine = tuple(("lapse", t, year, v) for t, v in zip(standing, lapses, strict=True))
            mine += tuple(("found", p, year, v) for p, v in zip(pairs, founds, strict=True))
            rest = years_of(pairs, sorted(now), after, year + 1, years, chances * part)
            for told, chance, path in rest:
                yield mine + told, chance, (after, *path)


def choices(script, told):
    """The same choices as addresses of the engine."""
    p = script.panel
    h = p.geography.state_hash
    out = []
    for kind, what, year, value in told:
        i, j = (h[p.index(state)] for state in what[:2])
        a, b = min(i, j), max(i, j)
        if kind == "found":
            out.append(Choice(m.FOUND_STRONG, year, int(a), int(b), (value,)))
        else:
            key = address(m.FOUND_STRONG, what[2], a, b)
            out.append(Choice(m.LAPSE, year, int(key), 0, (value,)))
    return out
