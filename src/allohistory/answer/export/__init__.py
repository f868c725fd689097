"""
What an answer holds, as files for others: figures, tables and citations.

It is made from ``answer.json`` alone: nothing is rolled again, so an answer of years ago is
exported as it was.
"""

from collections.abc import Callable
from typing import Any

from allohistory.answer.export import bibliography, figures, tables
from allohistory.answer.report.shapes import World
from allohistory.answer.wording import Answer
from allohistory.errors import QuestionError

EXTRA = "pip install 'allohistory[export]'"


def files_of(
    answer: Answer, left_out: Callable[[str], object], world: World | None = None
) -> dict[str, bytes]:
    """
    Every file of an export, by name.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    left_out : callable
        Told in a sentence what cannot be written here, and what it takes.
    world : World, optional
        Another map than that of today's borders.

    Returns
    -------
    dict of str to bytes
        ``*.svg`` and ``*.png`` of each figure, ``*.csv`` and ``*.parquet`` of each table,
        ``sources.bib``.
    """
    works = [world.citation] if world is not None and world.citation else []
    out: dict[str, bytes] = {"sources.bib": bibliography.bibtex(answer, works).encode()}
    drawn = figures.figures_of(answer, world)
    for name, svg in drawn.items():
        out[f"{name}.svg"] = svg.encode()
    try:
        out |= {f"{name}.png": figures.png(svg) for name, svg in drawn.items()}
        if drawn and not figures.lettered():
            left_out("PNG figures have no lettering, because no font was found: install one")
    except ImportError:
        left_out(f"PNG figures need resvg: {EXTRA}")
    found = tables.tables_of(answer)
    for name, rows in found.items():
        out[f"{name}.csv"] = tables.csv_of(rows)
    try:
        out |= {f"{name}.parquet": tables.parquet_of(rows) for name, rows in found.items()}
    except ImportError:
        left_out(f"Parquet tables need polars: {EXTRA}")
    return out


def checked(value: Any, file: str) -> Answer:  # noqa: ANN401 - any JSON value
    """
    Take a JSON value for an answer.

    Raises
    ------
    QuestionError
        It is none.
    """
    needed = ("question", "headline", "pods", "provenance")
    if not isinstance(value, dict) or any(key not in value for key in needed):
        raise QuestionError("this is no answer", "the answer.json that `ask` keeps", file)
    return value
