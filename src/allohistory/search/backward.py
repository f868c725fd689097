"""From worlds that reached a goal back to how: events over-represented, and necessity."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from allohistory.percent import percent
from allohistory.search import happenings as hp
from allohistory.search.reached import (
    SEEN,
    Field,
    Flags,
    Floats,
    Key,
    Names,
    band,
    before,
    bounds,
    common,
    rival_until,
    standing,
)

LISTED: Final = 16
"""Most events listed as over-represented; a quarter as many as under-represented."""

_EITHER: Final[tuple[tuple[str, Callable[[Key], bool]], ...]] = (
    ("a defeat of {a}", lambda k: k[:2] == (hp.DEFEAT, hp.A)),
    ("a defeat of {b}", lambda k: k[:2] == (hp.DEFEAT, hp.B)),
    ("a defeat of either", lambda k: k[0] == hp.DEFEAT),
    ("a war between {a} and {b}", lambda k: k[0] == hp.PAIR_WAR),
    ("a change of regime in {a}", lambda k: k[0] in (hp.OPENS, hp.CLOSES) and k[1] == hp.A),
    ("a change of regime in {b}", lambda k: k[0] in (hp.OPENS, hp.CLOSES) and k[1] == hp.B),
    ("an overthrow in {a}", lambda k: k[:2] == (hp.UPSET, hp.A)),
    ("an overthrow in {b}", lambda k: k[:2] == (hp.UPSET, hp.B)),
    ("{a} losing land or a dependency", lambda k: k[:2] == (hp.LOSES, hp.A)),
    ("{b} losing land or a dependency", lambda k: k[:2] == (hp.LOSES, hp.B)),
    ("a defense pact of either with a major power", lambda k: k[0] == hp.TREATY),
    ("the end of a rivalry between {a} and {b}", lambda k: k[0] == hp.RECONCILED),
)


def _usual(field: Field, key: Key, at: Floats) -> Floats:
    """By draw: share of all worlds that saw an event, as early as the goal's worlds had to."""
    out = np.zeros(field.draws)
    # Chance that the spell of a world of the goal begins after a row.
    later = 1.0 - np.cumsum(at)
    for d, worlds in enumerate(field.every):
        for seen in worlds:
            row = seen.get(key, 0)
            if 0 < row < len(later):
                out[d] += later[row]
        out[d] /= len(worlds)
    return out


def _usually_standing(field: Field, third: int, at: Floats) -> Floats:
    """By draw: share of all worlds with this common rival, in the years of the goal's worlds."""
    return np.array(
        [
            np.mean([(at * rival_until(x.events, third, len(at))).sum() for x in worlds])
            for worlds in field.all_worlds
        ]
    )


def compared(field: Field, names: Names) -> list[dict[str, Any]]:
    """
    Events before the spell, by how much more common they are than in all worlds.

    `share` is of the goal's worlds, `all` of all worlds by the years in which the goal's spells
    begin, so that both had the same time; `lift` is their ratio, `ess` the effective number of
    families with the event.
    """
    at = np.asarray(np.bincount(field.begins, field.weight) / field.weight.sum(), np.float64)
    keys = sorted({key for seen in field.goal for key in seen})
    out: list[dict[str, Any]] = []
    for key in keys:
        if key[0] == hp.UNCOMMON:
            continue
        # A common rival counts as long as there is one, whatever happened counts from then on.
        stands = key[0] == hp.COMMON
        has = standing(field, key[2]) if stands else before(field, key)
        again, share = field.share(has)
        if share < SEEN:
            continue
        usual = _usually_standing(field, key[2], at) if stands else _usual(field, key, at)
        most = sum(len(worlds) for worlds in field.every)
        small = 0.5 / most
        every = float(usual.mean())
        told = field.resampled @ np.bincount(field.draw, field.weight, field.draws) > 0
        base = (field.resampled[told] * usual).sum(axis=1) / field.draws
        lift = (share + small) / (every + small)
        low, high = bounds(field, again, share)
        least, highest = band((again + small) / (base + small), lift)
        least = min(least, (low + small) / (every + small))
        highest = max(highest, (high + small) / (every + small))
        out.append(
            {
                "event": names.clause(key),
                "share": round(share, 4),
                "all": round(every, 4),
                "lift": round(lift, 2),
                "lo": round(least, 2),
                "hi": round(highest, 2),
                "ess": round(field.size(has), 1),
            }
        )
    return sorted(out, key=lambda row: (-row["lo"], row["event"]))


def lifts(field: Field, names: Names) -> list[dict[str, Any]]:
    """Events that are certainly (90%) more or less common than in all worlds: see `compared`."""
    rows = compared(field, names)
    more = [row for row in rows if row["lo"] > 1.0][:LISTED]
    less = sorted((row for row in rows if row["hi"] < 1.0), key=lambda row: float(row["hi"]))
    return more + less[: LISTED // 4]


def necessity(field: Field, names: Names) -> list[dict[str, Any]]:
    """How many of the goal's worlds got there without an event; the least dispensable first."""
    a, b = (names(i) for i in names.pair)
    out = []
    for text, counts in _EITHER:
        has = np.array(
            [
                any(0 < row < t and counts(key) for key, row in seen.items())
                for seen, t in zip(field.goal, field.begins, strict=True)
            ]
        )
        event = text.format(a=a, b=b)
        out.append(_without(field, event, ~has, f"without {event} before it"))
    starts = zip(field.worlds, field.begins, strict=True)
    lonely = np.array([not common(world.events, int(t)) for world, t in starts], np.bool_)
    out.append(_without(field, "a common rival", lonely, "without a common rival when it begins"))
    return sorted(out, key=lambda row: (row["share_without"], row["event"]))


def _without(field: Field, event: str, lacks: Flags, words: str) -> dict[str, Any]:
    again, share = field.share(lacks)
    low, high = bounds(field, again, share)
    return {
        "event": event,
        "share_without": round(share, 4),
        "lo": round(low, 4),
        "hi": round(high, 4),
        "sentence": (
            f"{percent(share)} ({percent(low)} to {percent(high)}) of the worlds that reach "
            f"the goal do so {words}."
        ),
    }
