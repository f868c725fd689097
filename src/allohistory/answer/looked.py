"""What an answer looks at beyond its own points of divergence: bounds, and what a search finds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from allohistory.answer import gather
from allohistory.answer.keys import key_of, world_hash
from allohistory.answer.store import Store
from allohistory.answer.stream import asked, content, kept_json
from allohistory.answer.warm import HALVES, warm
from allohistory.answer.work import Ask
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import MODES
from allohistory.engine.script import script_of
from allohistory.executors import Workers
from allohistory.question.judged import Aim
from allohistory.question.read import Source
from allohistory.question.resolve import Question
from allohistory.record.dates import FIRST_YEAR, LAST_YEAR
from allohistory.search import alike, bounds, years
from allohistory.search.analogues import analogues, beside
from allohistory.search.forward import RUNS
from allohistory.search.forward import search as forward
from allohistory.search.no_return import Found, Frame, no_return
from allohistory.search.rare import rare

Part = dict[str, Any]
Say = Callable[..., object]
CALM = 32
"""Draws in which the best way is rolled without elicited effects."""


@dataclass(frozen=True, slots=True)
class Looker:
    """
    One answer's looking around.

    Attributes
    ----------
    source, posed : Source, Question
        The question as read and as resolved.
    pool : Pool
        What the runs of the ask came to.
    store : Store
    many : Workers
    say : callable
    """

    source: Source
    posed: Question
    pool: gather.Pool
    store: Store
    many: Workers
    say: Say

    @property
    def ask(self) -> Ask:
        """What was asked."""
        return self.pool.ask

    def aim(self, last: int) -> Aim:
        """What is wanted of whom, rolled to some year at the latest."""
        ask = self.ask
        return Aim(ask.pair, ask.spec, ask.horizon, last, ask.seed, ask.off, ask.elicited)

    def kept(self, name: str, what: object, make: Callable[[], Any]) -> Any:  # noqa: ANN401
        """A part from the store, or made and kept."""
        key = key_of(name, asked(self.ask), self.ask.start, what)
        return kept_json(self.store, key, make)

    def bounds(self, plan: Plan, *, best: bool) -> Part:
        """
        P(goal) of a plan under every convention: see `search.bounds`.

        The ends of what any coupling allows come from the draws in which history's luck is
        replayed; what elicited effects carry is rolled for the best way alone.
        """
        ask = self.ask
        chances = {m.name: self.pool.goal(plan.id, m.name, "alternate") for m in MODES}
        extra = [(ask.every, ask.draws, (bounds.LEAST, bounds.MOST))]
        if best and ask.elicited:
            some = max(ask.draws // CALM, 1)
            extra.append((some, ask.draws, (bounds.PLAIN, bounds.PLAIN_BASE)))
        for step, end, want in extra:
            draws = range(0, end, step)
            make = partial(bounds.rolled, self.aim(ask.last), (plan,), draws, self.many, want=want)
            found = self.kept("bounds", [content(plan), list(draws), want], make)
            chances |= found[plan.id] if plan.id in found else next(iter(found.values()))
        return bounds.bounds(chances)

    def everything(self, names: tuple[str, str]) -> Part:
        """Forward and backward search, point of no return and reference classes."""
        found = self._forward()
        self.say("searching backwards from the goal")
        back = self.kept("rare", self.posed.window[0], self._rare)
        self.say("rolling from every year of history")
        return {
            **found,
            "no_return": self._no_return(found["frontier"]),
            "necessity": back.pop("necessity"),
            "routes": back.pop("routes"),
            "lifts": back.pop("lifts"),
            "backward": back,
            "analogues": self.kept("analogues", names, partial(self._analogues, names)),
        }

    def _forward(self) -> Part:
        ask = self.ask
        if self.many.many:
            list(self.many.map(warm, HALVES))
        return forward(
            self.source,
            pool=self.many,
            runs=RUNS if ask.draws >= CALM else 40 * ask.draws,
            seed=ask.seed,
            off=ask.off,
            elicited=ask.elicited,
            kept=self.store,
            base=world_hash(),
            say=self.say,
        )

    def _rare(self) -> Part:
        ask = self.ask
        return rare(self.posed, seed=ask.seed, off=ask.off, elicited=ask.elicited, pool=self.many)

    def _no_return(self, frontier: list[Part]) -> Part:
        first, last, grace = self.posed.window
        span = range(max(first - grace, FIRST_YEAR + 1), min(last, LAST_YEAR - 1) + 1)
        make = partial(self._years, span, min(years.DRAWS, self.ask.draws))
        counts = self.kept("years", [span.start, span.stop], make)
        reached = years.Reached.of(counts)
        frame = Frame(first, last, self.ask.horizon, LAST_YEAR)
        rows = [Found(r["year"], r["bits"] + r["stated_bits"], r["p_goal"]["p"]) for r in frontier]
        return no_return(reached, frame, rows)

    def _years(self, span: range, draws: int) -> Part:
        anchor = self.posed.window[0]
        aim = self.aim(LAST_YEAR)
        found = years.reached(aim, span, self.many, draws=draws, anchor=anchor, say=self._years_of)
        return found.plain()

    def _years_of(self, done: int, total: int) -> None:
        self.say("rolling from every year of history", done, total)

    def _analogues(self, names: tuple[str, str]) -> Part:
        ask, start = self.ask, self.posed.window[0]
        goal = {f"the goal from {start} on": self.pool.goal(gather.BASELINE, "fresh", "base")}
        part = analogues(names, start, years=ask.spec.years, horizon=ask.horizon, chances=goal)
        states = script_of().panel.states
        if not part.get("alike"):
            return part
        draws = min(alike.DRAWS, ask.draws)
        found = alike.rolled(self.aim(LAST_YEAR), start, part, states, self.many, draws=draws)
        return beside(part, *found)
