"""
Works that facts and rows cite, by key.

Those of the record's table of sources, and those behind nothing but a remark (`works.csv`), which
the record does not rest on and its fingerprint must not know.
"""

import csv
import re
from functools import cache
from importlib.resources import files

from allohistory.errors import QuestionError
from allohistory.question.read import nearest, quoted
from allohistory.record.tables import load

_KEY = re.compile(r"([a-z][a-z0-9-]*)(?:, (.+))?")
"""A key, and where in the work."""


@cache
def works() -> dict[str, str]:
    """Citations by key."""
    text = (files("allohistory.thread") / "works.csv").read_text(encoding="utf-8")
    own = {row["key"]: row["citation"] for row in csv.DictReader(text.splitlines())}
    return {row.key: row.citation for row in load().sources} | own


def cited(text: str) -> str:
    """
    Citation of a work in full.

    Parameters
    ----------
    text : str
        Key of a work, and after a comma where in the work. What does not
        look like a key is a citation already and stays as it is.

    Raises
    ------
    QuestionError
        No work has such a key.

    Examples
    --------
    >>> cited("nish1966, chapter 10")[-56:]
    'Two Island Empires, 1894-1907. Athlone Press, chapter 10'
    >>> cited("A book, London 1901.")
    'A book, London 1901.'
    """
    found = _KEY.fullmatch(text)
    if found is None:
        return text
    key, where = found.groups()
    found_in = works()
    if key not in found_in:
        near = nearest(key, list(found_in)) or sorted(found_in)[:3]
        raise QuestionError(f'no work is called "{key}"', quoted(near))
    return f"{found_in[key].rstrip('.')}, {where}" if where else found_in[key]
