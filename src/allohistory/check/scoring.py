"""Scores of probabilities against what came true: rows of the hindcast's result."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.check.clusters import interval, slopes
from allohistory.check.contenders import ridge
from allohistory.check.metrics import crps
from allohistory.check.predicates import SPAN, SYSTEM

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RIVALS = ("base_rate", "persistence", "logistic", "frozen_hazard", "boosted")
STACK_FLOOR, STACK_STRENGTH, ENOUGH = 1e-4, 5.0, 3
BURST = 1950


class Cases(NamedTuple):
    """
    One row for each pair and cut-off of a predicate.

    Attributes
    ----------
    predicate : str
    cutoff, i, j, y, burst : (M,) int64
        Cut-off, the pair, whether it came true, the year in which the alliance began if one did.
    p : dict of str to (M,) float64
        Probabilities of the simulation (``sim``) and of each contender.
    """

    predicate: str
    cutoff: Ints
    i: Ints
    j: Ints
    y: Ints
    burst: Ints
    p: dict[str, Floats]

    def take(self, which: Any) -> "Cases":  # noqa: ANN401 - whatever indexes an array
        """Some of the cases."""
        return Cases(
            self.predicate,
            self.cutoff[which],
            self.i[which],
            self.j[which],
            self.y[which],
            self.burst[which],
            {k: v[which] for k, v in self.p.items()},
        )


def log_scores(p: Floats, y: Ints) -> Floats:
    """Log probability of what happened, case by case."""
    return np.asarray(np.where(y == 1, np.log(p), np.log1p(-p)), np.float64)


def odds(p: Floats) -> Floats:
    """Log odds, kept finite."""
    p = np.clip(p, STACK_FLOOR, 1 - STACK_FLOOR)
    return np.asarray(np.log(p) - np.log1p(-p), np.float64)


def weights(cases: Cases, horizon: int, year: int) -> Floats | None:
    """
    What earlier cut-offs teach of simulation and logistic, to weigh their log odds by.

    Cut-offs teach whose window had ended by the year. Their pairs share its luck, so a cut-off
    teaches as much as one case, however many pairs it has.

    Parameters
    ----------
    cases : Cases
        Of one predicate; later ones are not looked at.
    horizon, year : int

    Returns
    -------
    (3,) float64 or None
        Constant, and what the weights of simulation and logistic exceed a half by; None until
        `ENOUGH` cut-offs have run their window.
    """
    done = cases.cutoff + horizon <= year
    many = len(np.unique(cases.cutoff[done]))
    if many < ENOUGH:
        return None
    sim, other = odds(cases.p["sim"][done]), odds(cases.p["logistic"][done])
    # The middle is an offset, so that shrinking the rest to 0 shrinks to equal weights.
    x = np.stack([np.ones(done.sum()), sim, other], axis=1)
    strength = STACK_STRENGTH * done.sum() / many
    middle = 0.5 * (sim + other)
    return ridge(x, cases.y[done], strength, offset=middle, constant=strength)


def blend(sim: Floats, logistic: Floats, learnt: Floats | None) -> Floats:
    """Simulation and logistic together, by what `weights` learnt; equally without it."""
    one, other = odds(sim), odds(logistic)
    eta = 0.5 * (one + other)
    if learnt is not None:
        eta = eta + learnt[0] + learnt[1] * one + learnt[2] * other
    return np.clip(1 / (1 + np.exp(-eta)), STACK_FLOOR, 1 - STACK_FLOOR)


def stacked(cases: Cases, horizon: int) -> Floats:
    """Advised probability of each case: `blend` by the `weights` known at its cut-off."""
    out = np.empty(len(cases.y))
    for year in np.unique(cases.cutoff).tolist():
        here = cases.cutoff == year
        learnt = weights(cases, horizon, year)
        out[here] = blend(cases.p["sim"][here], cases.p["logistic"][here], learnt)
    return out


def bins(p: Floats, y: Ints, many: int = 10) -> list[dict[str, float]]:
    """Reliability: cases in order of the probability, in bins of equal number."""
    order = np.argsort(p, kind="stable")
    return [
        {"mean_p": float(p[part].mean()), "frequency": float(y[part].mean()), "n": len(part)}
        for part in np.array_split(order, many)
        if len(part)
    ]


def steps(p: Floats, y: Ints) -> list[dict[str, float]]:
    """Reliability by fixed steps of the probability, for diagrams of rare events."""
    edges = np.array([0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
    at = np.digitize(p, edges[1:-1])
    return [
        {
            "mean_p": float(p[at == b].mean()),
            "frequency": float(y[at == b].mean()),
            "n": int((at == b).sum()),
        }
        for b in range(len(edges) - 1)
        if (at == b).any()
    ]


def _clustering(cases: Cases) -> tuple[Ints, Ints]:
    """Cluster and stratum of each case: bursts of treaties for what came true, else cut-offs."""
    burst = (cases.y == 1) & (cases.burst > 0)
    return np.where(burst, cases.burst, cases.cutoff), burst.astype(np.int64)


def row(cases: Cases, horizon: int, cutoff: int | None) -> dict[str, Any]:
    """Scores of some cases."""
    y, ls = cases.y, {k: log_scores(p, cases.y) for k, p in cases.p.items()}
    cluster, stratum = _clustering(cases)
    out: dict[str, Any] = {
        "predicate": cases.predicate,
        "cutoff": cutoff,
        "horizon": horizon,
        "n": len(y),
        "events": int(y.sum()),
        "clusters": len(np.unique(np.stack([stratum, cluster]), axis=1).T),
        "log_score": float(ls["sim"].mean()),
        **{name: float(ls[name].mean()) if name in ls else None for name in RIVALS},
        "stack": float(ls["stack"].mean()),
        "mean_p": float(cases.p["sim"].mean()),
        "frequency": float(y.mean()),
    }
    if cutoff is None:
        against = {
            "sim_minus_logistic": ls["sim"] - ls["logistic"],
            "stack_minus_logistic": ls["stack"] - ls["logistic"],
            "sim_minus_base": ls["sim"] - ls["base_rate"],
        }
        out["intervals"] = {k: interval(d, cluster, stratum) for k, d in against.items()}
        found = slopes(odds(cases.p["sim"]), y, cases.cutoff)
        out["slope"], out["intervals"]["slope"] = found[0], found[1:]
        out["bins"] = bins(cases.p["sim"], y)
        out["steps"] = steps(cases.p["sim"], y)
    return out


def pooled(cases: Cases, horizon: int) -> list[dict[str, Any]]:
    """Rows of a predicate: all cut-offs together, without the burst of 1950, one by one."""
    cases = cases._replace(p={**cases.p, "stack": stacked(cases, horizon)})
    out = [row(cases, horizon, None)]
    if cases.burst.any():
        far = (cases.cutoff >= BURST) | (cases.cutoff + horizon < BURST)
        if far.any():
            out[0]["without_1950"] = row(cases.take(far), horizon, None)
    out += [
        row(cases.take(cases.cutoff == year), horizon, year)
        for year in np.unique(cases.cutoff).tolist()
    ]
    return out


def joined(parts: list[Cases]) -> Cases:
    """Cases of several cut-offs as one."""
    return Cases(
        parts[0].predicate,
        np.concatenate([part.cutoff for part in parts]),
        np.concatenate([part.i for part in parts]),
        np.concatenate([part.j for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate([part.burst for part in parts]),
        {name: np.concatenate([part.p[name] for part in parts]) for name in parts[0].p},
    )


def misses(cases: Cases, states: tuple[str, ...], many: int = 25) -> list[dict[str, Any]]:
    """
    Pairs on which the simulation lost most against the logistic.

    Parameters
    ----------
    states : tuple of str
        Ids in the order of the axes.
    many : int
        How many of them; all with 0, in order.
    """
    loss = log_scores(cases.p["logistic"], cases.y) - log_scores(cases.p["sim"], cases.y)
    order = np.argsort(-loss, kind="stable")
    return [
        {
            "pair": (states[int(cases.i[k])], states[int(cases.j[k])]),
            "cutoff": int(cases.cutoff[k]),
            "p_sim": float(cases.p["sim"][k]),
            "p_logistic": float(cases.p["logistic"][k]),
            "y": int(cases.y[k]),
            "loss": float(loss[k]),
        }
        for k in order[: many or None]
    ]


def system_rows(parts: list[tuple[int, Ints, Ints]]) -> list[dict[str, Any]]:
    """Rows of the system's counts: each cut-off, then all."""
    out: list[dict[str, Any]] = []
    for k, name in enumerate(SYSTEM):
        mine: list[dict[str, Any]] = []
        for year, runs, record in parts:
            low, middle, high = np.quantile(runs[:, k], [0.05, 0.5, 0.95])
            value = int(record[k])
            mine.append(
                {
                    "predicate": f"count: {name}",
                    "cutoff": year,
                    "horizon": SPAN,
                    "n": len(runs),
                    "record": value,
                    "lo": float(low),
                    "median": float(middle),
                    "hi": float(high),
                    "inside": bool(low <= value <= high),
                    "crps": crps(runs[:, k], value),
                }
            )
        if mine:
            total = {
                "predicate": f"count: {name}",
                "cutoff": None,
                "horizon": SPAN,
                "n": len(mine),
                "inside": float(np.mean([m["inside"] for m in mine])),
                "crps": float(np.mean([m["crps"] for m in mine])),
            }
            out += [total, *mine]
    return out
