"""Build the record of the whole world: `build` is what ``allohistory record build`` calls."""

from pathlib import Path
from typing import Any

import numpy as np

from allohistory import __version__
from allohistory.errors import RecordError
from allohistory.record.build import figures, strife
from allohistory.record.build.contact import contacts
from allohistory.record.build.fates import Fates, attackers, transfers
from allohistory.record.build.ground import ground, holdings, inhabitants, units
from allohistory.record.build.keeping import dependencies
from allohistory.record.build.roster import Bools, Roster, roster, strength
from allohistory.record.build.source import Source
from allohistory.record.build.treaties import alliances
from allohistory.record.build.write import check_target, write
from allohistory.record.tables import Tables, load

Rows = list[tuple[Any, ...]]


def build(data: Path, out: Path) -> dict[str, Any]:
    """
    Build a record from the published tables.

    Parameters
    ----------
    data : Path
        Folder of the published tables.
    out : Path
        Folder to write; a record built there before is replaced, anything else is refused.

    Returns
    -------
    dict
        ``version, years, rows, figures, dropped, inputs``, as kept in ``build.json``.

    Raises
    ------
    RecordError
        A table is missing or cannot be read; nothing is written then.
    """
    check_target(out)
    source = Source(data)
    try:
        tables, report = _told(source, load())
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        # Whatever a cell made impossible: the table read last is where to look.
        table = next(reversed(source.frames), "")
        what = f"the tables cannot be made into a record ({str(error).splitlines()[0]})"
        raise RecordError(what, f"last read: {table}") from None
    write(out, tables, report)
    return report


def _told(source: Source, core: Tables) -> tuple[dict[str, Rows], dict[str, Any]]:
    """Tables of the record, and the report on them."""
    states = roster(source, core)
    share = strength(source, states)
    wars = strife.wars(source, states, share, core)
    fates = Fates(
        states,
        wars,
        transfers(source, states),
        dependencies(source, states),
        attackers(source, states),
    )
    land = ground(source, states, fates)
    touching = contacts(source, states, land)
    majors = figures.majors(source, states)
    pacts = alliances(source, states, share + _great(states, majors), wars, core)
    places = figures.capitals(source, states)
    tables: dict[str, Rows] = {
        "states": _states(states),
        "names": figures.names(states, core),
        "spells": fates.spells(),
        "majors": majors,
        "capitals": places,
        "units": units(land, states, inhabitants(source, states), places, touching.borders),
        "borders": touching.borders,
        "holdings": holdings(states, land),
        "wars": wars.wars,
        "participants": wars.participants,
        "treaties": pacts.treaties,
        "members": pacts.members,
        "rivalries": strife.rivalries(source, states),
        "disputes": strife.disputes(source, states),
        "capabilities": figures.capability(states, share),
        "regimes": figures.regimes(source, states),
        "leaders": figures.leaders(source, states, wars, fates.holder_after()),
        "sources": figures.sources(figures.CITATIONS),
    }
    report: dict[str, Any] = {
        "version": __version__,
        "years": [states.first, states.last],
        "rows": {table: len(rows) for table, rows in tables.items()},
        "figures": pacts.figures | touching.figures,
        "dropped": wars.dropped,
        "inputs": dict(sorted(source.hashes.items())),
    }
    return tables, report


def _states(states: Roster) -> Rows:
    iso = {row.id: ";".join(row.iso3) for row in load().states}
    return [
        (
            state,
            states.names[state],
            states.home[state],
            ";".join(map(str, states.codes[state])),
            iso.get(state, ""),
            "",
        )
        for state in states.ids
    ]


def _great(states: Roster, majors: Rows) -> Bools:
    """(Y, N): a major power in the year."""
    grid = np.zeros(states.touch.shape, bool)
    for state, start, end, *_ in majors:
        last = end.year if end else states.last
        grid[states.row(start.year) : states.row(last) + 1, states.index[state]] = True
    return grid


def text(report: dict[str, Any], out: Path) -> str:
    """What the user reads at the end."""
    first, last = report["years"]
    lines = [f"{out}: {report['rows']['states']} states, {first}-{last}", ""]
    for name, value in report["figures"].items():
        shown = f"{100 * value:.2f} %" if isinstance(value, float) else f"{value:,}"
        lines.append(f"  {name:<56}{shown:>12}")
    lines += [f"  dropped: {what}" for what in report["dropped"]]
    return "\n".join(lines) + "\n"
