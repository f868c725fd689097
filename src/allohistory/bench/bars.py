"""What was promised of the figures of `bench`, and why one is missing."""

from dataclasses import dataclass
from typing import Any, Final

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """
    A figure that was promised.

    Attributes
    ----------
    what : str
    key : str
        Dotted path in the result.
    bar : float
    least : bool
        Whether the figure must be at least the bar; otherwise at most.
    """

    what: str
    key: str
    bar: float
    least: bool = False

    def reached(self, value: float) -> bool:
        """Whether a figure is as good as was promised."""
        return value >= self.bar if self.least else value <= self.bar


BARS: Final = (
    Bar("dyad-years/s/core, core record, 1900-1950", "dyad_years_per_s_core", 10e6, least=True),
    Bar("runs/s/core, core record, 1900-1950", "runs_per_s_core.1900-1950", 150, least=True),
    Bar(
        "runs/s/core, larger record, 1900-1950",
        "full.runs_per_s_core.1900-1950",
        80,
        least=True,
    ),
    Bar("1,000 core runs 1900-1950 on two cores, s", "thousand_runs_s", 5),
    Bar("decade at about 41 states, ms (twice RSiena's 1.45, alliances only)", "decade_ms.41", 2.9),
    Bar("decade at about 190 states, ms", "decade_ms.190", 30),
    Bar("replay of a small change over a free run", "replay_over_free", 0.2),
    Bar("--help, s", "help_s", 0.5),
    Bar("from nothing to the first rolled year, s", "start_s", 2),
    Bar("ask, default runs and workers, s elapsed", "ask_s", 60),
    Bar("ask, peak memory, MB", "peak_mb", 1000),
)


def found(result: Result, key: str) -> float | None:
    """Figure under a dotted key; None where there is none."""
    value: Any = result
    for part in key.split("."):
        value = None if value is None else value.get(part)
    return None if value is None else float(value)


def why(result: Result, key: str) -> str:
    """Reason why a key has no figure: its own or that of what it is part of."""
    parts = key.split(".")
    keys = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((result["reasons"][k] for k in keys if k in result["reasons"]), "not measured")
