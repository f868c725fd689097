"""A made-up result of `check`, and the parts that make one."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any


def question(name: str, cutoff: int | None, **changed: Any) -> dict[str, Any]:
    """A row of the hindcast; ahead of everything unless told otherwise."""
    return {
        "predicate": name,
        "cutoff": cutoff,
        "horizon": 15,
        "n": 12_000,
        "events": 640,
        "clusters": 412,
        "log_score": -0.2,
        "base_rate": -0.22,
        "persistence": -0.215,
        "logistic": -0.205,
        "frozen_hazard": -0.21,
        "boosted": -0.204,
        "stack": -0.195,
        "slope": 0.94,
        "intervals": {
            "base_rate": [0.012, 0.029],
            "logistic": [0.001, 0.009],
            "stack": [0.002, 0.014],
            "slope": [0.8, 1.1],
        },
        "reliability": [
            {"p": 0.01, "frequency": 0.008, "n": 9000},
            {"p": 0.04, "frequency": 0.06, "n": 2000},
            {"p": 0.15, "frequency": 0.12, "n": 1000},
        ],
    } | changed


def score(mechanism: str, metric: str, value: float, cutoff: int | None = None) -> dict[str, Any]:
    """A one-step score; a base rate of a half, boosting at 0.9."""
    return {
        "mechanism": mechanism,
        "cutoff": cutoff,
        "horizon": 30,
        "n": 90_000,
        "events": 700,
        "metric": metric,
        "value": value,
        "comparators": {"base_rate": 0.5, "persistence": None, "boosted": 0.9},
    }


def band(statistic: str, record: float, **changed: Any) -> dict[str, Any]:
    """A band of free runs from 10 to 20."""
    return {
        "window": "1900-1950",
        "statistic": statistic,
        "record": record,
        "median": 15.0,
        "lo": 10.0,
        "hi": 20.0,
        "inside": 10 <= record <= 20,
        "crps": 2.5,
        "crps_bootstrap": 4.0,
    } | changed


def direction(name: str, *, holds: bool) -> dict[str, Any]:
    """A sense test."""
    return {
        "id": name,
        "title": f"A title | of {name}",
        "expected": "down",
        "holds": holds,
        "effect": -0.2 if holds else 0.01,
        "lo": -0.3,
        "hi": -0.1 if holds else 0.05,
        "modes": {},
        "reason": "It stands to reason.",
        "source": "Nobody 1999",
    }


RESULT: dict[str, Any] = {
    "version": "0.1.0",
    "seed": 3,
    "record": {"name": "core", "first": 1860, "last": 2016, "states": 70, "hash": "ab12"},
    "settings": {
        "cutoffs": {"one_step": [1930], "hindcast": [1900, 1930]},
        "horizon": None,
        "runs": None,
        "mechanism": None,
        "command": "allohistory check --seed 3",
    },
    "one_step": [
        score("dispute", "AUC within years", 0.94),
        score("dispute", "slope", 0.7),
        score("war onset", "AUC within years", 0.8),
        score("dispute", "AUC within years", 0.1, cutoff=1930),
        score("rivalry begins", "AUC", 0.95),
    ],
    "free_run": [band("wars begun", 13.0), band("disputes begun", 175.0, crps=5.0)],
    "hindcast": [
        question("peace", None),
        question("force", None, log_score=-0.206, intervals={"logistic": [-0.004, 0.002]}),
        question("pact", None, base_rate=-0.204, intervals={}),
        question("peace", 1900, log_score=-9.0),
        {"predicate": "count: wars", "cutoff": None, "horizon": 10, "n": 1, "inside": 0.0},
        {
            "predicate": "count: wars",
            "cutoff": 1900,
            "horizon": 10,
            "n": 200,
            "record": 9,
            "lo": 1.0,
            "median": 3.0,
            "hi": 8.0,
            "inside": False,
            "crps": 4.0,
        },
        {"predicate": "skipped", "cutoff": 1870, "reason": "too few pairs"},
    ],
    "sense": [direction("korea", holds=True), direction("mukden", holds=False)],
    "facts": [
        {
            "fact": "share of wars that spread",
            "sample": "out",
            "record": 0.31,
            "median": 0.25,
            "lo": 0.1,
            "hi": 0.35,
            "inside": True,
        }
    ],
    "reversals": {
        "n": 2,
        "of": 9,
        "share": 0.2222,
        "lo": 0.1,
        "hi": 0.35,
        "list": [
            {
                "war": "crimean-war",
                "title": "Crimean War",
                "pair": ["FRN", "RUS"],
                "names": ["France", "Russia"],
                "years": 18,
            },
            {
                "war": "crimean-war",
                "title": "Crimean War",
                "pair": ["RUS", "UKG"],
                "names": ["Russia", "Britain"],
                "years": 7,
            },
        ],
    },
    "seconds": {"one_step": 10.0, "sense": 2.5},
}

MECHANISMS = ("dispute", "war onset", "joining")


def parts(monkeypatch: Any, called: list[tuple[Any, ...]]) -> None:
    """Put parts in the place of the real ones that only note how they were called."""

    def room(module: str, verb: str, rows: Any) -> ModuleType:
        made = ModuleType(f"allohistory.check.{module}")

        def answer(*words: Any, **options: Any) -> Any:
            called.append((verb, words, options))
            return rows

        setattr(made, verb, answer)
        monkeypatch.setitem(sys.modules, made.__name__, made)
        return made

    room("onestep", "one_step", RESULT["one_step"]).names = lambda: MECHANISMS
    room("realism", "realism", RESULT["free_run"])
    room("hindcast", "hindcast", RESULT["hindcast"])
    room("sense", "sense", RESULT["sense"])
    room("facts", "facts", RESULT["facts"])
    room("reversals", "reversals", SimpleNamespace(row=lambda: RESULT["reversals"]))
