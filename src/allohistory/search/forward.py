"""
Forward search: which divergence, at what price, leads most often to the goal.

Generate, race, join the best into chains, race those, and roll the survivors anew. Every chance
that is reported comes from worlds no choice was made by (numbers from `ANEW` on): what wins a race
of many has had luck in it, and its chance in the race is too high.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from allohistory.errors import QuestionError
from allohistory.executors import AHEAD, Workers
from allohistory.model.shipped import shipped
from allohistory.question.judged import Aim, spec_of
from allohistory.question.read import Source
from allohistory.question.resolve import Question, resolve
from allohistory.record.tables import Tables, load
from allohistory.search.candidates import Candidate, Field
from allohistory.search.found import result
from allohistory.search.race import DEAR, MET, Raced, Round, Runner, frontier, gaps, keep, race
from allohistory.search.rolling import Engine, Entry, Kept, Nowhere, entry

RUNS = 30_000
"""Worlds of a search by default: some three minutes on two cores."""
SINGLES, PAIRS, TRIPLES, FINALS = 0.40, 0.07, 0.03, 0.36
"""Parts of the runs for the races and for the finalists; the years of the window get the rest."""
SURVIVORS, PARTS, LONGER, FINALISTS = 30, 16, 6, 22
"""Survivors of a race; those joined into chains; chains of two made longer; finalists."""
CHAIN_SURVIVORS = 12
ANEW = 1 << 20
"""Number of the first world of those that chances are reported from."""
ATTEMPT = 1 << 16
"""Numbers apart at which the races begin, so that no race meets the worlds of another."""
TOLD = 12
"""Worlds after which an estimate is worth telling."""
EVERY = 5
"""Years between those for which the chance without a change, and by writing the pact, is rolled."""
MEASURED, SAMPLE = 1 << 21, 24
"""Number of the first world rolled to measure speed, and how many are rolled under a draw."""
MARGIN = 0.9
"""Part of the seconds allowed that is planned for."""
Say = Callable[..., object]


@dataclass(slots=True, eq=False)
class Search:
    """
    A search under way.

    Attributes
    ----------
    places : Field
        Its candidates.
    engine : Engine
    singles : list of Candidate
        The question's own first, then the vocabulary's in an order that favours none.
    runs : int
        Budget, in worlds.
    say : callable
        Told what is done, and how many runs of how many.
    """

    places: Field
    engine: Engine
    singles: list[Candidate]
    runs: int
    say: Say
    raced: list[Runner[Entry]] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    best: str = ""
    leading: float = 0.0

    def told(self, runners: Sequence[Runner[Entry]]) -> None:
        """Say what adds most to the chance so far, and its price."""
        ways = [r for r in keep(runners, len(runners)) if not r.entrant.direct]
        top = max(ways, key=lambda r: (r.mean, r.entrant.id), default=None)
        told = top is not None and (top.many >= TOLD or not self.best)
        if told and top and top.entrant.candidate and top.mean > self.leading:
            self.leading = top.mean if top.many >= TOLD else 0.0
            price = 2.0**top.cost
            self.best = (
                f"; best so far: {top.entrant.candidate.title} "
                f"(adds some {100 * top.mean:.1f} points, 1 in {price:,.0f})"
            )
        self.tell(self.engine.runs)

    def tell(self, done: int) -> None:
        """Say how far the search is."""
        self.say(f"searching{self.best}", min(done, self.runs), self.runs)

    def race(
        self, candidates: Sequence[Candidate], share: float, survivors: int, turn: int
    ) -> Raced[Entry]:
        """Race some candidates with a part of the runs."""
        raced = race(
            [entry(c) for c in candidates],
            self.engine,
            runs=int(share * self.runs),
            survivors=survivors,
            first=turn * ATTEMPT,
            twins=len({c.plan.decided for c in candidates}),
            say=self.told,
        )
        self.raced += raced.everybody
        self.rounds += raced.rounds
        return raced

    def races(self) -> list[Runner[Entry]]:
        """Race the singles, then chains of the best; returns all survivors."""
        first = self.race(self.singles, SINGLES, SURVIVORS, 0)
        parts = _candidates(_mixed(first.survivors, PARTS))
        pairs = sorted(self.places.chains(parts, parts), key=_shuffled)
        # What a chain is made of runs beside it: a chain must do better than each of its parts.
        second = self.race([*parts, *pairs], PAIRS, CHAIN_SURVIVORS + PARTS // 2, 1)
        chains = _better(second)
        some = _candidates(_mixed(chains, LONGER))
        triples = sorted(self.places.chains(parts[: PARTS // 2], some), key=_shuffled)
        third = self.race(
            [*parts[: PARTS // 2], *some, *triples], TRIPLES, CHAIN_SURVIVORS + LONGER, 2
        )
        return [*first.survivors, *chains, *_better(third)]

    def finalists(self, survivors: Sequence[Runner[Entry]]) -> list[Entry]:
        """The question's own, those on either frontier, the nearest to them, and their parts."""
        ways = [r for r in survivors if not r.entrant.direct]
        on = [*frontier(survivors, lambda r: r.mean), *frontier(ways, lambda r: r.mean)]
        gap = gaps(survivors)
        near = sorted(survivors, key=lambda r: (-gap[r.entrant.id], r.cost, r.entrant.id))
        chosen: dict[str, Entry] = {}
        for r in [*on, *near]:
            if len(chosen) < FINALISTS:
                chosen.setdefault(r.entrant.id, r.entrant)
        # Beside its parts a chain shows what its other steps add.
        candidates = [e.candidate for e in chosen.values() if e.candidate]
        parts = {part for candidate in candidates for part in candidate.parts}
        for r in self.raced:
            candidate = r.entrant.candidate
            if candidate and (candidate.listed or candidate.id in parts):
                chosen.setdefault(r.entrant.id, r.entrant)
        return list(chosen.values())

    def anew(self, entries: Sequence[Entry], runs: int) -> list[Runner[Entry]]:
        """Roll entries in worlds that nothing was chosen by."""
        some = list({e.id: e for e in entries}.values())
        draws = self.engine.draws
        units = {e.id for e in some} | {f"nothing-{e.year}" for e in some}
        worlds = max(runs // max(len(units), 1), 1)
        worlds -= worlds % draws if worlds > draws else 0
        runners = [Runner(e) for e in some]
        tried = self.engine([r.entrant for r in runners], range(ANEW, ANEW + worlds))
        for runner, found in zip(runners, tried, strict=True):
            runner.take(found)
        return runners

    def yearly(self, known: Sequence[Runner[Entry]]) -> list[Entry]:
        """For each year the most promising way that begins in it, and what it is compared with."""
        first, last = self.places.span
        final = {r.entrant.id for r in known}
        best: dict[tuple[int, bool], Runner[Entry]] = {}
        for r in self.raced:
            candidate = r.entrant.candidate
            if candidate is None or not r.tried or len(candidate.parts) > 1:
                continue
            key = (candidate.year, candidate.direct)
            if r.cost > DEAR or r.met < MET:
                continue
            if key not in best or (r.mean, r.entrant.id) > (best[key].mean, best[key].entrant.id):
                best[key] = r
        chosen = [r.entrant for r in best.values() if r.entrant.id not in final]
        years = {*range(first, last + 1, EVERY), *panel_years(self.places.question)}
        return [*chosen, *(Entry(None, y) for y in sorted(years) if first <= y <= last)]


def search(
    source: Source,
    *,
    pool: Workers,
    runs: int = RUNS,
    seconds: float | None = None,
    seed: int = 1,
    off: tuple[str, ...] = (),
    elicited: bool = True,
    tables: Tables | None = None,
    kept: Kept | None = None,
    base: str = "",
    say: Say = lambda *_: None,
) -> dict[str, Any]:
    """
    Search for ways to a question's goal.

    Parameters
    ----------
    source : Source
        The question file as read.
    pool : Workers
        Where worlds are rolled; the result does not hang on it.
    runs : int
        Budget: about how many worlds are rolled. The same number gives the same bytes.
    seconds : float, optional
        Budget in time instead: it is turned into a number of runs by a short measurement, and the
        result tells that number (``raced.runs``).
    seed, off, elicited
        As in an ask.
    tables : Tables, optional
        The record; the core record without it.
    kept : Kept, optional
        Where finished work is kept, so that an interrupted search goes on.
    base : str
        Hash of sources and record, part of every name under which work is kept.
    say : callable
        Told what is done, and how many runs of how many.

    Returns
    -------
    dict
        As described in `allohistory.search`.

    Raises
    ------
    QuestionError
        The question cannot be asked, or the budget is no budget.
    """
    if runs < 1 or (seconds is not None and seconds <= 0):
        raise QuestionError("a search needs a budget", "a number of runs or seconds above 0")
    start = time.monotonic()
    posed = resolve(source, tables)
    places = Field(source, posed, tables or load())
    aim = Aim(
        posed.pair, spec_of(posed), posed.horizon, places.script.panel.last, seed, off, elicited
    )
    engine = Engine(aim, len(shipped()[0]), pool, Nowhere() if kept is None else kept, base)
    say("thinking of candidates", 0, runs)
    singles = [*places.own(), *sorted(places.singles(), key=_shuffled)]
    if seconds is not None:
        left = start + seconds - time.monotonic()
        runs = _worth(replace(engine, kept=Nowhere()), places.span, left)
    hunt = Search(places, engine, singles, runs, say)
    engine.say = hunt.tell
    engine.runs = engine.read = 0
    hunt.tell(0)
    finals = hunt.anew(hunt.finalists(hunt.races()), int(FINALS * runs))
    rest = hunt.yearly(finals)
    yearly = hunt.anew(rest, max(runs - engine.runs, len(rest)))
    return result(hunt.places, finals, yearly, _work(hunt))


def panel_years(question: Question) -> tuple[int, ...]:
    """Years at which the line of the window is drawn: those of the question, else its edges."""
    first, _, grace = question.window
    return question.sensitivity or tuple(sorted({first - grace, first - grace // 2, first}))


def _worth(engine: Engine, span: tuple[int, int], seconds: float) -> int:
    """How many runs some seconds are worth: measured on a few, after every worker is warm."""
    start = time.monotonic()
    sample = [Entry(None, year) for year in range(span[0], min(span[0] + SAMPLE, span[1] + 1))]
    each_worker = max(engine.pool.width // AHEAD, 1)
    engine(sample[:1], range(MEASURED, MEASURED + each_worker))
    warm, before = time.monotonic(), engine.runs
    engine(sample, range(MEASURED, MEASURED + 2 * each_worker))
    speed = (engine.runs - before) / (time.monotonic() - warm)
    left = max(seconds - (time.monotonic() - start), 0.0)
    return max(int(MARGIN * left * speed), len(sample))


def _work(hunt: Search) -> dict[str, Any]:
    """What was done, for the record of the answer."""
    kinds: dict[str, dict[str, int]] = {k: dict(v) for k, v in sorted(hunt.places.counts.items())}
    started = Counter(r.entrant.candidate.kind for r in hunt.raced if r.entrant.candidate)
    for kind, many in sorted(started.items()):
        kinds[kind]["raced"] = many
    return {
        "candidates": len(hunt.raced),
        "runs": hunt.engine.runs,
        "budget": hunt.runs,
        "rounds": [{"candidates": r.entrants, "worlds": r.worlds} for r in hunt.rounds],
        "kinds": kinds,
        "panel_years": panel_years(hunt.places.question),
    }


def _better(raced: Raced[Entry]) -> list[Runner[Entry]]:
    """Survivors that are chains and add more than each of what they are made of."""
    known = {r.entrant.id: r.mean for r in raced.everybody}
    found = []
    for r in raced.survivors:
        candidate = r.entrant.candidate
        if candidate is None or len(candidate.parts) == 1:
            continue
        inner = [r2 for r2 in raced.everybody if _within(r2.entrant.candidate, candidate)]
        if all(r.mean > known[r2.entrant.id] for r2 in inner):
            found.append(r)
    return found


def _within(part: Candidate | None, whole: Candidate) -> bool:
    """Whether a candidate is part of a longer chain."""
    return part is not None and set(part.parts) < set(whole.parts)


def _candidates(runners: Sequence[Runner[Entry]]) -> list[Candidate]:
    return [r.entrant.candidate for r in runners if r.entrant.candidate]


def _mixed(runners: Sequence[Runner[Entry]], many: int) -> list[Runner[Entry]]:
    """The first so many, at most a quarter of them such as write the goal itself."""
    direct = [r for r in runners if r.entrant.direct][: many // 4]
    rest = [r for r in runners if not r.entrant.direct][: many - len(direct)]
    return [r for r in runners if r in direct or r in rest]


def _shuffled(candidate: Candidate) -> bytes:
    """An order that favours no kind and no date, for budgets too small to start all."""
    return blake2b(candidate.id.encode(), digest_size=8).digest()
