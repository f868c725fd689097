"""Choices nearest a goal: those that by themselves make, break or spoil an alliance of the pair."""

from collections.abc import Iterator

import numpy as np

from allohistory.counterfactual.intervention import Change
from allohistory.engine.script import Script
from allohistory.model import terms as m
from allohistory.question.judged import Aim
from allohistory.record.show import shared_history
from allohistory.record.tables import Tables

HELPS, HARMS = 1, -1
UNDIRECTED = {m.RIVAL_START: HARMS, m.RIVAL_END: HELPS}


def nearest(
    aim: Aim, script: Script, first: int, last: int, tables: Tables | None = None
) -> tuple[Change, ...]:
    """
    Binary choices of the pair, with luck coupled in favour of the goal.

    Founding of a treaty that counts, lapse of the treaties the two shared in history and
    withdrawal of either, disputes in both directions, rivalry. Each is taken to help or to harm
    the goal whatever else happens.

    Parameters
    ----------
    aim : Aim
    script : Script
    first, last : int
        Years of the choices.
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    tuple of Change
        Nothing in them is forced or shifted.
    """
    return tuple(
        Change(process, year, *units, towards=wish)
        for process, year, units, wish in _choices(aim, script, first, last, tables)
    )


def against(choices: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return the same choices with luck coupled against the goal."""
    return tuple(Change(c.process, c.year, c.first, c.second, towards=-c.towards) for c in choices)


def _choices(
    aim: Aim, script: Script, first: int, last: int, tables: Tables | None
) -> Iterator[tuple[int, int, tuple[int, int], int]]:
    """Process, year, units and wish of each choice."""
    hashes = [int(np.uint64(script.panel.geography.state_hash[k])) for k in aim.pair]
    low, high = sorted(hashes)
    founding = {m.FOUND_STRONG: HELPS}
    if aim.spec.level == 1:
        founding[m.FOUND_WEAK] = HELPS
    for year in range(first, last + 1):
        for process, wish in (founding | UNDIRECTED).items():
            yield process, year, (low, high), wish
        yield m.DISPUTE, year, (hashes[0], hashes[1]), HARMS
        yield m.DISPUTE, year, (hashes[1], hashes[0]), HARMS
    a, b = (script.panel.states[k] for k in aim.pair)
    for treaty in shared_history(a, b, tables).treaties:
        if treaty.id not in script.treaty_key:
            continue
        key = script.treaty_key[treaty.id]
        end = last if treaty.end is None else min(treaty.end.year, last)
        for year in range(max(first, treaty.start.year + 1), end + 1):
            yield m.LAPSE, year, (key, 0), HARMS
            for state in hashes:
                yield m.WITHDRAW, year, (key, state), HARMS
