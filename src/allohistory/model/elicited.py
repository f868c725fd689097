"""Effects taken from the literature, because the record cannot estimate them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from allohistory.model import terms as m


@dataclass(frozen=True, slots=True)
class Elicited:
    """An effect taken from the literature: its range, its neutral value and where it enters."""

    name: str
    low: float
    high: float
    off: float
    process: int | None
    term: str
    meaning: str
    literature: str


@cache
def catalogue() -> tuple[Elicited, ...]:
    """Read the catalogue of elicited effects (model/settlement.toml)."""
    text = (files("allohistory.model") / "settlement.toml").read_text()
    process_of = {name: process for process, name in m.NAMES.items()}
    out = []
    for name, row in tomllib.loads(text).items():
        process, term = row.get("term", (None, ""))
        out.append(
            Elicited(
                name,
                row["range"][0],
                row["range"][1],
                row["off"],
                process_of[process] if process else None,
                term,
                row["meaning"],
                row["literature"],
            )
        )
    return tuple(out)
