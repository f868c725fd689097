#!/usr/bin/env python
"""
Compare marks that were given to what-if events before any bits were seen with the model's bits.

    python scripts/rated_events.py                       # docs/events/rated.toml
    python scripts/rated_events.py my.toml --draws 20

The file lists [[event]] tables with `title`, `rating` (0 to 5), `sources`, and one or more
[[event.step]] in the vocabulary of a point of divergence. Printed: Spearman's rank correlation of
rating and bits (a good scale gives a strongly negative one) and a table in Markdown.
"""

import argparse
import sys
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from allohistory.answer.scored import cost, odds
from allohistory.errors import AllohistoryError
from allohistory.question.acts import Sheet
from allohistory.question.read import table_of
from allohistory.question.spec import Step
from allohistory.question.timeline import Event, TimelineFile, TimelineSource, resolve
from allohistory.search.plausible import judge
from allohistory.search.scale import plausibility
from allohistory.search.walk import draws_of

HOME = Path(__file__).resolve().parents[1] / "docs" / "events" / "rated.toml"


class Rated(Sheet):
    """One event: steps, and the mark it was given."""

    id: str = ""
    title: str
    reason: str = ""
    rating: Annotated[float, Field(ge=0, le=5)]
    sources: list[str] | str = ""
    note: str = ""
    step: Annotated[list[Step], Field(min_length=1)]


class RatedFile(Sheet):
    """The whole file."""

    event: Annotated[list[Rated], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Row:
    """An event with its mark and its price."""

    title: str
    rating: float
    bits: float
    stated: float
    cost: str


def rows(text: str, file: str, draws: int) -> list[Row]:
    """Price every event of a file."""
    table, lines = table_of(RatedFile, text, file)
    drawn, out = draws_of(draws), []
    for n, event in enumerate(table.event):
        # Lines of this event's steps, under the keys that a timeline gives its events.
        mine = {
            key.replace(f"event[{n}].step", "event", 1): line
            for key, line in lines.items()
            if key.startswith(f"event[{n}].step")
        }
        steps = [Event.model_validate(_plain(step)) for step in event.step]
        source = TimelineSource(TimelineFile(title=event.title, event=steps), file, mine)
        timeline = replace(resolve(source), complete=())
        _, total, _ = judge(timeline, draws=drawn)
        stated = sum(-np.log2(e.stated) for e in timeline.events if e.stated is not None)
        told = total.to_dict() | {"tag": "fitted"}
        out.append(Row(event.title, event.rating, total.bits, float(stated), cost(told)))
        print(f"{n + 1}/{len(table.event)} {event.title}", file=sys.stderr, flush=True)
    return out


def _plain(step: Step) -> dict[str, Any]:
    return step.model_dump(by_alias=True, exclude_none=True)


def ranks(values: list[float]) -> np.ndarray:
    """Ranks from 1; equal values share the mean of theirs."""
    x = np.asarray(values, float)
    return (x[:, None] > x).sum(1) + 0.5 * ((x[:, None] == x).sum(1) + 1)


def spearman(one: list[float], other: list[float]) -> float:
    """Spearman's rank correlation (Pearson's of the ranks, ties shared)."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def main() -> int:
    """Print correlation and table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("file", type=Path, nargs="?", default=HOME)
    parser.add_argument("--draws", type=int, default=40)
    given = parser.parse_args()
    try:
        found = rows(given.file.read_text(encoding="utf-8"), given.file.name, given.draws)
    except (OSError, tomllib.TOMLDecodeError, AllohistoryError) as error:
        print(error, file=sys.stderr)
        return 2
    priced = [row for row in found if not row.stated]
    if len({row.rating for row in priced}) > 1:
        rho = spearman([row.rating for row in priced], [row.bits for row in priced])
        print(
            f"Spearman's rank correlation of rating and bits: {rho:+.2f} over {len(priced)} "
            f"events that the model prices whole ({len(found) - len(priced)} state a chance).\n"
        )
    print("| Event | Rating | Bits (90%) | Assumed bits | Chance | Mark by bits |")
    print("| :--- | ---: | ---: | ---: | ---: | ---: |")
    for row in sorted(found, key=lambda row: row.bits + row.stated):
        bits = row.bits + row.stated
        print(
            f"| {row.title.replace('|', '/')} | {row.rating:g} | {row.cost} | {row.stated:.1f} "
            f"| {odds(bits)} | {plausibility(bits)} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
