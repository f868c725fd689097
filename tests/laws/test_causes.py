"""Law 4 and the dial: only what is touched diverges, and at the rate it should."""

import dataclasses

import numpy as np
import pytest
from lab import (
    LAST,
    LOSES,
    REDRAW,
    differing,
    factual_covariates,
    first_of,
    logged,
    rolled,
    same,
    truth,
    units_of,
    width,
)

from allohistory import world as w
from allohistory.counterfactual.book import book_of
from allohistory.counterfactual.intervention import Change
from allohistory.counterfactual.twin import INFINITE, Mode
from allohistory.engine import gate as g
from allohistory.engine import ledger
from allohistory.engine.luck import DEAD_ZONE
from allohistory.model import terms as m
from allohistory.noise import address

# ---- 4 only what is touched diverges ----------------------------------------------------------


@pytest.fixture(scope="module")
def book(draws, question):
    return book_of(question.plan(LOSES), draws[3], LAST, 5, how=REDRAW, seed=11)


def test_4_every_changed_choice_has_a_path_to_the_intervention(book):
    entries = book.ledger.entries
    assert len(entries) > 20
    for entry in entries:
        last, _ = book.ledger.path(entry, book.parameters)[-1]
        assert last.forced, entry


def test_4_without_the_intervention_the_same_luck_gives_history(twins, question):
    """Cutting the root restores every cell."""
    start = question.plan(LOSES).first - 1

    room, _ = rolled(twins, (), REDRAW, 5, start)

    assert same(room, truth(twins, start))


def test_4_a_choice_whose_reasons_did_not_move_comes_out_as_in_history(twins, question):
    """Even where all that moved is drawn anew: equal covariates, equal outcome."""
    plan = question.plan(LOSES)
    start, last = plan.first - 1, LAST
    actual = factual_covariates(twins, start)
    logged(twins, plan.changes, REDRAW, 5, start)
    luck = twins.stage.luck
    changed = {tuple(row[:4]) for row in luck.log[: int(luck.counter[0])].tolist()}
    rows = luck.rows[: int(luck.counter[1])].tolist()
    joins = {
        (r[2], r[3], r[1]): luck.covariates[n, : width(m.JOIN)].copy()
        for n, r in enumerate(rows)
        if r[0] == m.JOIN + g.OTHER_SIDE
    }
    calm = moved = 0
    for n, (process, year, a, b, _, first) in enumerate(rows):
        then = actual.get((process, year, first, b))
        if process >= g.OTHER_SIDE or process == m.JOIN or then is None:
            continue
        k = width(process)
        if (luck.covariates[n, :k] == then[:k]).all():
            calm += 1
            assert (process, year, a, b) not in changed
        else:
            moved += 1
    assert calm > 10_000
    assert moved > 500
    assert joins or last == LAST


def hold_everything(twins, plan, how, run, start, last):
    """
    Force every choice that came out otherwise than in history back to what it was.

    A choice held lets others come up, so the run is repeated until none is left; races, which
    the log does not list, are held at the record's winner from the start.
    """
    s = twins.stage
    hashes, unit_hashes = s.geography.state_hash, s.geography.unit_hash
    events = s.script.events
    held = {}
    for year in range(start + 1, last + 1):
        for process, names in (
            (m.EXIT_TO, hashes),
            (m.PATRON_TO, hashes),
            (m.HANDS_TO, unit_hashes),
        ):
            for name in names:
                c = Change(process, year, int(name))
                if c.where in events.get(year, {}):
                    held[c.where] = dataclasses.replace(c, force=events[year][c.where])
    mine = {c.where for c in plan.changes}
    for _ in range(40):
        room = logged(twins, (*plan.changes, *held.values()), how, run, start, last)
        place = ledger.by_place(s)
        luck, new = s.luck, {}
        for process, year, a, b, _, was in luck.log[: int(luck.counter[0])].tolist():
            if (process, year, a, b) not in place:
                continue  # forced
            first = first_of(place[process, year, a, b][0])
            c = Change(process, year, first, units_of(hashes, process, b, a), force=was)
            assert c.where not in mine
            assert c.where not in held, "a held choice was met and not held"
            new[c.where] = c
        if not new:
            return room, held
        held |= new
    pytest.fail("choices keep coming up")


@pytest.mark.parametrize("name", [LOSES, "china-wins-1894"])
def test_4_cutting_every_path_restores_every_cell(twins, question, name):
    """
    The ledger is complete: hold what it lists, and nothing but the intervention's own mark stays.

    The marks are the loser's and the winner's standing and memories, which no choice carries.
    """
    plan = question.plan(name)
    start, last = plan.first - 1, plan.first + 14
    free, _ = rolled(twins, plan.changes, REDRAW, 5, start, last)
    fact = truth(twins, start, last)

    cut, held = hold_everything(twins, plan, REDRAW, 5, start, last)

    assert differing(free, fact) > 100
    assert len(held) > 20
    assert differing(cut, fact) == 0
    discrete = [w.ACTIVE, w.MAJOR, w.REGIME, w.LEADER, w.PATRON]
    assert (cut.status[:, discrete] == fact.status[:, discrete]).all()
    assert (cut.state[:, w.STANDING] != fact.state[:, w.STANDING]).any()


# ---- the dial: kappa --------------------------------------------------------------------------


def test_kappa_is_the_rate_at_which_moved_choices_are_drawn_anew(twins, question):
    """At 0 none, at infinity all that moved, between them 1 - exp(-kappa (|D| - dead zone))."""
    plan = question.plan(LOSES)
    start, last = plan.first - 1, plan.first + 4
    actual = factual_covariates(twins, start, last)
    luck, beta = twins.stage.luck, twins.parameters.beta[m.DISPUTE, 0, : width(m.DISPUTE)]
    hashes = twins.stage.geography.state_hash
    seen, expected, spread = 0, 0.0, 0.0
    for run in range(12):
        for kappa in (0.0, 1.0, INFINITE):
            logged(twins, plan.changes, Mode("dial", kappa), run, start, last)
            n = int(luck.counter[1])
            rows, covariates = luck.rows[:n], luck.covariates[:n]
            for r in np.flatnonzero(rows[:, 0] == m.DISPUTE):
                _, year, a, b, _, first = rows[r].tolist()
                then = actual.get((m.DISPUTE, year, first, b))
                if then is None:
                    continue
                d = abs(float(beta @ (covariates[r, : len(beta)] - then[: len(beta)])))
                if abs(d - DEAD_ZONE) < 1e-9:
                    continue
                where = address(m.DISPUTE, year, hashes[a], hashes[b])
                touched = int(g.find(luck.touched, np.uint64(where))) >= 0
                if kappa == 1.0:
                    p = -np.expm1(-max(d - DEAD_ZONE, 0.0))
                    seen, expected, spread = seen + touched, expected + p, spread + p * (1 - p)
                else:
                    assert touched == (kappa > 0 and d > DEAD_ZONE)
    assert expected > 100
    assert abs(seen - expected) < 4 * spread**0.5
