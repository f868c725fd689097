"""
Premises: what a poster takes for granted, against what is known.

`facts.toml` holds sourced facts that the record has no table for; whatever the record has (wars,
disputes, leaders, shares of power) is read from it instead, by `evaluate_record`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from allohistory.question.acts import Sheet

Holds = Literal["yes", "no", "partly", "doubtful"]


class FactRow(Sheet):
    """One fact of the file."""

    premise: str
    holds: Holds
    known: str
    dates: str
    source: Annotated[list[str], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Fact:
    """
    A premise and what is known of it.

    Attributes
    ----------
    premise, known, dates : str
        What was said, what is known, and when it was.
    holds : str
        "yes", "no", "partly" (right in the main, corrected in `known`) or "doubtful".
    source : tuple of str
    """

    premise: str
    holds: Holds
    known: str
    dates: str
    source: tuple[str, ...]


@cache
def facts() -> dict[str, Fact]:
    """
    Facts by id.

    Examples
    --------
    >>> all(fact.source for fact in facts().values())
    True
    """
    text = (files("allohistory.thread") / "facts.toml").read_text(encoding="utf-8")
    out = {}
    for name, data in tomllib.loads(text).items():
        row = FactRow.model_validate(data)
        out[name] = Fact(row.premise, row.holds, row.known, row.dates, tuple(row.source))
    return out
