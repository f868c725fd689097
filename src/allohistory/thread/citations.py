"""Works that facts and rows cite, by the keys of the record's table of sources."""

import re

from allohistory.errors import QuestionError
from allohistory.question.read import nearest, quoted
from allohistory.record.tables import load

_KEY = re.compile(r"([a-z][a-z0-9-]*)(?:, (.+))?")
"""A key, and where in the work."""


def cited(text: str) -> str:
    """
    Citation of a work in full.

    Parameters
    ----------
    text : str
        Key of the record's table of sources, and after a comma where in the work. What does not
        look like a key is a citation already and stays as it is.

    Raises
    ------
    QuestionError
        The table has no such key.

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
    works = {row.key: row.citation for row in load().sources}
    key, where = found.groups()
    if key not in works:
        near = nearest(key, list(works)) or sorted(works)[:3]
        raise QuestionError(f'the table of sources has no work "{key}"', quoted(near))
    return f"{works[key].rstrip('.')}, {where}" if where else works[key]
