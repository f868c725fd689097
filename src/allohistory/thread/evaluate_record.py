"""Measures that are read off the record, its reference classes and the table of facts."""

import numpy as np

from allohistory.chance import HIGH, LOW, chance
from allohistory.record.names import display, find_state, find_war
from allohistory.record.tables import Tables, load
from allohistory.search.analogues import CLASSES, analogues
from allohistory.thread import claims as c
from allohistory.thread.citations import cited
from allohistory.thread.evaluate_follows import effect
from allohistory.thread.evaluate_number import (
    RECORD,
    Measured,
    joined,
    three,
)
from allohistory.thread.evaluate_rolls import Rolls
from allohistory.thread.premises import facts
from allohistory.vocab import DisputeLevel, Outcome

SHORT = "20"
"""Years of alliance below which it is called short, as the classes count them."""
DRAWS = 20_000
CASES = 4


def _share(tables: Tables, state: str, year: int) -> tuple[float, float, float]:
    """Share of the world's capability in a year, and at the benchmarks on either side."""
    rows = sorted((r.year, r.share) for r in tables.capabilities if r.id == state)
    years, shares = np.array([y for y, _ in rows]), np.array([s for _, s in rows])
    near = shares[(years >= year - 5) & (years <= year + 5)]
    value = float(np.interp(year, years, shares))
    return value, float(min(near, default=value)), float(max(near, default=value))


def capability(m: c.Capability, _: Rolls) -> Measured:
    """First state's share of the capability of both, and by the benchmarks around the year."""
    tables = load()
    a, b = (_share(tables, find_state(s, m.year), m.year) for s in m.capability)
    one, other = m.capability
    return Measured(
        words=f"{one}'s share of the capability of {one} and {other} together in {m.year}",
        value=round(a[0] / (a[0] + b[0]), 4),
        lo=round(a[1] / (a[1] + b[2]), 4),
        hi=round(a[2] / (a[2] + b[1]), 4),
        basis=(RECORD,),
        more=(
            (
                f"{one} has {a[0]:.2f}% of the world's capability and {other} {b[0]:.2f}%; the "
                "interval is between the benchmarks around it, as the record draws no sample."
            ),
        ),
        bare=True,
    )


def disputes(m: c.Disputes, _: Rolls) -> Measured:
    """Disputes of two states in the record."""
    a, b = (find_state(s, m.years[0]) for s in m.disputes)
    rows = [r for r in load().disputes if {r.initiator, r.target} == {a, b}]
    force = [r for r in rows if r.level >= DisputeLevel.FORCE]
    inside = [r for r in force if m.years[0] <= r.year <= m.years[1]]
    told = joined(str(r.year) for r in rows)
    return Measured(
        words=(
            f"the number of times {m.disputes[0]} and {m.disputes[1]} used force against each "
            f"other in {m.years[0]}-{m.years[1]}, in the record,"
        ),
        value=float(len(inside)),
        lo=float(len(inside)),
        hi=float(len(inside)),
        unit="count",
        basis=(RECORD,),
        more=(f"Their disputes of any level are those of {told}.",),
        bare=True,
    )


def rate(m: c.Rate, _: Rolls) -> Measured:
    """Disputes a state began a year in a span, as a multiple of the other years beside it."""
    state = find_state(m.rate, m.years[0])
    years = [r.year for r in load().disputes if r.initiator == state and not r.joined]
    here = sum(m.years[0] <= y <= m.years[1] for y in years)
    width = m.years[1] - m.years[0] + 1
    beside = sum(m.beside[0] <= y <= m.beside[1] for y in years) - here
    rest = m.beside[1] - m.beside[0] + 1 - width
    # Jeffreys posteriors of two Poisson rates, by a fixed sample.
    z = np.random.Generator(np.random.Philox(11))
    ratio = (z.standard_gamma(here + 0.5, DRAWS) / width) / (
        z.standard_gamma(beside + 0.5, DRAWS) / rest
    )
    low, high = np.quantile(ratio, [LOW, HIGH])
    value = (here / width) / max(beside / rest, 0.5 / rest)
    return Measured(
        words=(
            f"the number of disputes that {m.rate} began a year in {m.years[0]}-{m.years[1]}, as a "
            f"multiple of the rest of {m.beside[0]}-{m.beside[1]},"
        ),
        value=round(value, 3),
        lo=round(min(float(low), value), 3),
        hi=round(max(float(high), value), 3),
        unit="times",
        basis=(RECORD,),
        more=(f"It began {here} in {width} years, and {beside} in the other {rest}.",),
        bare=True,
    )


def coding(m: c.Coding, rolls: Rolls) -> Measured:
    """How the record codes a war, and what another coding does to the goal."""
    tables = load()
    war = tables.war_of[find_war(m.coding)]
    who = {Outcome.INITIATOR: war.initiator, Outcome.TARGET: war.target}
    won = who.get(war.outcome)
    said = f"won by {display(won, war.start.year)}" if won else "even"
    margin = f" ({war.margin})" if won and war.margin else ""
    found = effect(c.Effect(effect=m.quantity, pod=m.pod), rolls)
    note = f" {war.note}" if war.note else ""
    return Measured(
        words=f"with another coding of the {war.name}, {found.words}",
        value=found.value,
        lo=found.lo,
        hi=found.hi,
        unit=found.unit,
        basis=(RECORD, *found.basis),
        more=(f"The record has it {said}{margin}.{note}", *found.more),
        settings=found.settings,
    )


def reference(m: c.Reference, rolls: Rolls) -> Measured:
    """Other pairs like this one."""
    posed = rolls.ledger.posed
    a, b = (str(s) for s in rolls.answer["pair_ids"])
    years = posed.goal.years or 1
    part = analogues((a, b), posed.window[0], years=years, horizon=posed.horizon)
    row = next(r for r in part["classes"] if r["kind"] == m.reference)
    cases = tuple(
        " and ".join(display(state, r["alliances"][0]["from"]) for state in r["ids"])
        + f" ({', '.join(_spell(s) for s in r['alliances'])})"
        for r in part["nearest_allied"][:CASES]
    )
    group = f"pairs that {CLASSES[m.reference]}"
    since = row["since_last_war"]
    if m.what == "allied":
        words, p = f"of {group}, the share allied later on", row["share"]
        more = (
            (
                f"{row['allied']} of {row['n']}; after their last war {since[1]} of {since[0]} "
                f"were allied, {since[2]} of them for thirty years in all."
            ),
        )
    elif m.what == "short":
        many, long = row["allied"], row["lasted"][SHORT]
        words = f"of the later alliances between {group}, the share that stayed under {SHORT} years"
        p = chance([many - long], [many]) if many else None
        more = (f"{many - long} of {many}.",)
    elif m.what == "own":
        words = (
            f"of {group}, the share allied for {years} years within {posed.horizon} and not mostly "
            "under a stronger third power"
        )
        p, more = row["own_base"], (f"{row['own']} of {row['cases']}.",)
    else:
        words = f"of {group}, the share later allied for {years} years within {posed.horizon}"
        p, more = row["base"], (f"{row['met']} of {row['cases']}.",)
    if p is None:
        return Measured(words=words, missing="The record holds no such pair.")
    return Measured(words=words, **three(p), basis=(RECORD,), more=more, bare=True, cases=cases)


def _spell(spell: dict[str, int | None]) -> str:
    return f"{spell['from']}-{spell['to']}" if spell["to"] else f"since {spell['from']}"


def fact(m: c.Fact, _: Rolls) -> Measured:
    """A premise against the table of facts."""
    found = facts()[m.fact]
    return Measured(
        words="the premise",
        basis=(RECORD,),
        more=(f"{found.known.rstrip('.')} ({found.dates}; {_works(found.source)}).",),
        bare=True,
        holds=found.holds,
    )


def _works(source: tuple[str, ...]) -> str:
    return "; ".join(cited(text).rstrip(".") for text in source)


def missing(m: c.Missing, _: Rolls) -> Measured:
    """What cannot be computed here."""
    return Measured(words="this", missing=m.missing, basis=())


def nearest(rolls: Rolls) -> tuple[str, ...]:
    """Pairs of the record most like the one asked about that came to be allied."""
    found = reference(c.Reference(reference="both", what="allied"), rolls)
    return found.cases
