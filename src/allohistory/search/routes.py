"""Typical ways to a goal: its worlds in groups that are named by rule, each with an example."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from allohistory.search import happenings as hp
from allohistory.search.reached import SEEN, Field, Flags, Key, Names, before, bounds, common

TOLD: Final = 10
"""Events told of an example."""
TELLING: Final = (
    hp.PAIR_WAR,
    hp.COMRADES,
    hp.RECONCILED,
    hp.QUARREL,
    hp.DEFEAT,
    hp.COMMON,
    hp.VICTORY,
    hp.GONE,
    hp.BACK,
    hp.OPENS,
    hp.CLOSES,
    hp.UPSET,
    hp.CLIENT,
    hp.TREATY,
    hp.UNTREATY,
    hp.FALLS,
    hp.RISES,
    hp.LOSES,
    hp.GAINS,
)
"""What is worth telling of an example, the most telling first; of equals the latest."""


def routes(field: Field, names: Names) -> list[dict[str, Any]]:
    """
    Typical ways to the goal: worlds grouped by who of the pair was beaten before, and by whom.

    A group is "after a defeat of X, against Y": who of the pair lost a war before the spell, and
    the third state that is a rival of both as it begins (of several the one that most of the
    goal's worlds have). Groups below one in twenty give up the rival, then the name.
    """
    whom = [
        common(world.events, int(t)) for world, t in zip(field.worlds, field.begins, strict=True)
    ]
    often: dict[int, float] = defaultdict(float)
    for weight, rivals in zip(field.weight, whom, strict=True):
        for k in rivals:
            often[k] += float(weight)
    a, b = (names(i) for i in names.pair)
    lost = [before(field, (hp.DEFEAT, p, hp.NOBODY)) for p in (hp.A, hp.B)]
    labels: list[tuple[str, str]] = []
    for n, rivals in enumerate(whom):
        beaten = [name for name, has in zip((a, b), lost, strict=True) if has[n]]
        after = f"after a defeat of {' and of '.join(beaten)}" if beaten else "without a defeat"
        foe = max(rivals, key=lambda k: (often[k], -k)) if rivals else -1
        labels.append((after, f"against {names(foe)}" if foe >= 0 else "with no common rival"))
    full = [", ".join(label) for label in labels]
    kept = _common_enough(field, full)
    half = [
        whole if whole in kept else f"{label[0]}, against others"
        for whole, label in zip(full, labels, strict=True)
    ]
    kept = _common_enough(field, half)
    final = [name if name in kept else "in other ways" for name in half]
    out = [_route(field, names, name, np.array([f == name for f in final])) for name in set(final)]
    return sorted(out, key=lambda row: (-row["share"], row["name"]))


def _common_enough(field: Field, labels: Sequence[str]) -> set[str]:
    shares: dict[str, float] = defaultdict(float)
    for weight, label in zip(field.weight, labels, strict=True):
        shares[label] += float(weight)
    total = float(field.weight.sum())
    return {label for label, weight in shares.items() if weight >= SEEN * total}


def _route(field: Field, names: Names, name: str, has: Flags) -> dict[str, Any]:
    again, share = field.share(has)
    low, high = bounds(field, again, share)
    chief = int(np.argmax(np.where(has, field.weight, -1.0)))
    world, t = field.worlds[chief], int(field.begins[chief])
    told = _telling([row for row in world.events.tolist() if 0 < row[3] <= t])
    return {
        "name": name,
        "share": round(share, 4),
        "lo": round(low, 4),
        "hi": round(high, 4),
        "ess": round(field.size(has), 1),
        "example": {
            "draw": int(field.draw[chief]),
            "segments": [[int(year), int(run)] for year, run in world.segments],
            "spell_from": names.year + t,
            "events": [[names.year + row, names.clause((k, who, x))] for k, who, x, row in told],
        },
    }


def _telling(events: list[list[int]]) -> list[list[int]]:
    """The events of an example worth telling, by year."""
    named = {(kind, who, row) for kind, who, third, row in events if third >= 0}
    once: dict[Key, list[int]] = {}
    for kind, who, third, row in events:
        if third >= 0 or (kind, who, row) not in named:
            once.setdefault((kind, who, third), [kind, who, third, row])
    ranked = sorted(
        (row for row in once.values() if row[0] in TELLING),
        key=lambda row: (TELLING.index(row[0]), -row[3], row[2]),
    )
    return sorted(ranked[:TOLD], key=lambda row: (row[3], row[0], row[1], row[2]))
