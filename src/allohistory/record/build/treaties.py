"""Rows of treaties and members, named after the core record where it has the same treaty."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allohistory.record.build.pacts import STRONG, Pact, Pledges, Search
from allohistory.record.build.roster import Bools, Floats, Roster
from allohistory.record.build.source import Source
from allohistory.record.build.strife import Wars, slug
from allohistory.record.tables import Tables, Treaty
from allohistory.vocab import AllianceLevel

Rows = list[tuple[Any, ...]]
PLEDGES = ("defense", "offense", "neutral", "nonagg", "consul")
LETTERS = "DONAC"
ATOP_FIRST, ATOP_LAST = 1815, 2018
WORDS = ("Defense pact", "Offense pact", "Neutrality pact", "Nonaggression pact", "Consultation")
ALIKE = 0.5
"""Least share of common members for a treaty to bear the name it has in the core record."""


@dataclass(frozen=True, slots=True, eq=False)
class Alliances:
    """
    Treaties, their members, and how well they tell the published dyad-years again.

    Attributes
    ----------
    treaties, members : list of tuple
        Rows of their tables.
    figures : dict of str to float
        Agreement and ambiguity.
    """

    treaties: Rows
    members: Rows
    figures: dict[str, float]


def letters(bits: int) -> str:
    """Obligations as the codebook writes them."""
    return "".join(letter for n, letter in enumerate(LETTERS) if bits >> n & 1)


def pledges(source: Source, states: Roster) -> Pledges:
    """(Y, N, N): who pledges what to whom, a bit each; years from the first of the record."""
    import polars as pl  # noqa: PLC0415 - heavy, and at hand only with the extra "check"

    table = source.frame("atop_alliance", "ccode1", "ccode2", "year", *_columns())
    code = {c: states.index[state] for c, state in states.id_of.items()}
    bits = sum((pl.col(name).fill_null(0).cast(pl.UInt8) * (1 << n)) for n, name in _marks())
    rows = table.select(
        a=pl.col("ccode1").replace_strict(code, default=None, return_dtype=pl.Int64),
        b=pl.col("ccode2").replace_strict(code, default=None, return_dtype=pl.Int64),
        t=pl.col("year").cast(pl.Int64) - states.first,
        bits=bits,
    ).drop_nulls()
    a, b, t, value = (rows[name].to_numpy() for name in ("a", "b", "t", "bits"))
    n = len(states.ids)
    grid = np.zeros((ATOP_LAST + 1 - states.first, n, n), np.uint8)
    keep = (t >= 0) & (t < len(grid)) & (a != b)
    np.bitwise_or.at(grid, (t[keep], a[keep], b[keep]), value[keep].astype(np.uint8))
    return grid


def _columns() -> list[str]:
    return [f"atop_{word}" for word in PLEDGES]


def _marks() -> list[tuple[int, str]]:
    return list(enumerate(_columns()))


def alliances(source: Source, states: Roster, rank: Floats, wars: Wars, core: Tables) -> Alliances:
    """
    Reconstruct the treaties.

    Parameters
    ----------
    rank : (Y, N) float64
        Importance of a state, which chooses the founding pair among the first members.
    """
    directed = pledges(source, states)
    touch = np.concatenate([states.touch, np.repeat(states.touch[-1:], 2, axis=0)])
    search = Search(directed, touch)
    pacts = search.run()
    writer = _Writer(states, rank, wars, _Known(core, states))
    treaties: Rows = []
    members: Rows = []
    for pact in pacts:
        if states.first + pact.year > states.last:
            continue
        row, rows = writer.rows(pact)
        treaties.append(row)
        members.extend(rows)
    figures = agreement(pacts, directed, touch)
    figures |= {
        "treaties": len(treaties),
        "multilateral treaties": sum(len(p.joined) > 2 for p in pacts),
        "new allied dyads": search.starts,
        "ambiguous new allied dyads": search.ambiguous,
        "named after the core record": len(writer.known.used),
    }
    return Alliances(treaties, members, figures)


def agreement(pacts: list[Pact], directed: Pledges, touch: Bools) -> dict[str, float]:
    """Share of allied dyad-years whose level the treaties give back, by level."""
    both = directed | directed.transpose(0, 2, 1)
    both[~touch] = 0
    both.transpose(0, 2, 1)[~touch] = 0
    level = (both > 0).astype(np.uint8)
    level += (both & STRONG) > 0
    told = np.zeros_like(level)
    for pact in pacts:
        k = sorted(pact.joined)
        rows = np.arange(pact.year, max(pact.last.values()) + 1)
        on = np.array([[pact.joined[i] <= t <= pact.last[i] for i in k] for t in rows])
        who = np.array(k)
        on &= touch[rows[:, None], who]
        firm = np.array([bool(pact.own.get(i, 0) & STRONG) for i in k])
        strong = bool(pact.signed & STRONG) & (firm[:, None] | firm[None, :])
        rank = (1 + strong).astype(np.uint8)
        pairs = on[:, :, None] & on[:, None, :] & ~np.eye(len(k), dtype=bool)
        block = rows[:, None, None], who[:, None], who
        told[block] = np.maximum(told[block], pairs * rank)
    # Rows: published level; columns: told level; each dyad-year stands twice.
    count = np.bincount((3 * level + told).ravel(), minlength=9).reshape(3, 3) // 2
    level_2, allied = count[2].sum(), count[1:].sum()
    return {
        "dyad-years at level 2": int(level_2),
        "level 2 reproduced": float(count[2, 2] / level_2),
        "dyad-years at level 1 or 2": int(allied),
        "level 1 or 2 reproduced": float(count[1:, 1:].sum() / allied),
        "told dyad-years without a published row": int(count[0, 1:].sum()),
        "told level 2 where 1 is published": int(count[1, 2]),
    }


class _Known:
    """The core record's treaties, to lend their names."""

    def __init__(self, core: Tables, states: Roster) -> None:
        self.used: set[str] = set()
        self.states = states
        self.by_year: dict[int, list[tuple[Treaty, frozenset[str]]]] = {}
        self.core = frozenset(row.id for row in core.states) & set(states.ids)
        for row in core.treaties:
            first = {m.state for m in core.members_of[row.id] if m.start.year <= row.start.year + 1}
            self.by_year.setdefault(row.start.year, []).append((row, frozenset(first)))

    def find(self, year: int, bits: int, group: set[str]) -> Treaty | None:
        """The treaty of the core record with the most members in common, taken once."""
        mine = self.core & group
        level = AllianceLevel.DEFENSE if bits & STRONG else AllianceLevel.PACT
        best: tuple[float, Treaty | None] = (ALIKE, None)
        for near in (year, year - 1, year + 1):
            for row, theirs in self.by_year.get(near, []):
                pair = (len(theirs) == 2) == (len(group) == 2)
                if row.id in self.used or row.obligations.level != level or not pair:
                    continue
                there = {state for state in theirs if self.states.member(state, year)} | (
                    mine & theirs
                )
                alike = len(mine & there) / max(len(mine | there), 1)
                if alike > best[0]:
                    best = (alike, row)
        if best[1] is not None:
            self.used.add(best[1].id)
        return best[1]


@dataclass(eq=False)
class _Writer:
    """Rows of one treaty after the other."""

    states: Roster
    rank: Floats
    wars: Wars
    known: _Known
    used: set[str] = field(default_factory=set)

    def rows(self, pact: Pact) -> tuple[tuple[Any, ...], Rows]:
        """Row of a treaty and rows of its members."""
        ids, zero = self.states.ids, self.states.first
        group = [i for i, year in pact.joined.items() if year == pact.year]
        a, b = self._founders(pact, group)
        id_, name, aliases = self._name(pact, {ids[i] for i in group}, a, b)
        final = zero + max(pact.last.values())
        end = "" if final > self.states.last else final
        members = [
            (
                id_,
                ids[i],
                zero + joined,
                "" if zero + pact.last[i] > self.states.last else zero + pact.last[i],
                letters(pact.own.get(i, pact.signed)),
            )
            for i, joined in sorted(pact.joined.items(), key=lambda item: (item[1], item[0]))
            if zero + joined <= self.states.last
        ]
        ended = self._ended(a, b, final) if end else "in force"
        signed = letters(pact.signed)
        row = (id_, name, zero + pact.year, end, a, b, signed, ended, "", aliases, "", "atop")
        return row, members

    def _founders(self, pact: Pact, group: list[int]) -> tuple[str, str]:
        """The two most important of the first members, those that pledge the most before others."""
        ids, rank = self.states.ids, self.rank[min(pact.year, len(self.rank) - 1)]
        strong = pact.signed & STRONG
        weak = {i for i in group if strong and not pact.own.get(i, 0) & STRONG}
        order = sorted(group, key=lambda i: (i in weak, -rank[i], ids[i]))
        a, b = sorted(ids[i] for i in order[:2])
        return a, b

    def _name(self, pact: Pact, group: set[str], a: str, b: str) -> tuple[str, str, str]:
        """Id, name and aliases: the core record's, else what it pledges, who and when."""
        year = self.states.first + pact.year
        row = self.known.find(year, pact.signed, group)
        if row is not None:
            id_, name, aliases = row.id, row.name, ";".join(row.aliases)
        else:
            kind = next(word for n, word in enumerate(WORDS) if pact.signed >> n & 1)
            name = f"{kind} of {self.states.names[a]} and {self.states.names[b]}"
            others = len(group) - 2
            name += f" with {others} other{'s' * (others > 1)} ({year})" if others else f" ({year})"
            id_, aliases = slug(f"{kind.split()[0]}-{year}-{a}-{b}"), ""
        while id_ in self.used:
            id_ += "-again"
        self.used.add(id_)
        return id_, name, aliases

    def _ended(self, a: str, b: str, year: int) -> str:
        """How a treaty ended, as far as the tables allow."""
        if not (self.states.member(a, year) and self.states.member(b, year)):
            return "dissolved"
        return "war" if self.wars.fought(a, b, year) else "lapsed"
