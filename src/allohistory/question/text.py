"""What a file that a reader hands over may hold: so much, and nothing that acts on a screen."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from allohistory.errors import QuestionError

MOST = 1_000_000
"""Bytes of a file."""
LONGEST = 1000
"""Characters of one text in it, such as a title."""
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Marks that turn what stands after them around, figures too, or that break lines."""


def text_of(path: str | Path, most: int = MOST) -> str:
    """
    Read a file of a reader's.

    Parameters
    ----------
    path : str or Path
        Where it is.
    most : int
        Bytes that it may have.

    Raises
    ------
    QuestionError
        It is too long, or not text in UTF-8.
    OSError
        It cannot be opened.
    """
    with Path(path).open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise QuestionError(too_long(most), file=path)
    try:
        # As in text mode, so that a file gives the same text on every system.
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise QuestionError("the file is not text in UTF-8", file=path) from None


def too_long(most: int = MOST) -> str:
    """Say that a file is too long."""
    return f"the file is longer than {most:,} bytes, the most that is read"


def unfit(value: object, key: str = "") -> Iterator[tuple[str, str, str]]:
    """
    Texts that cannot be shown as they are.

    Yields
    ------
    tuple of str
        Dotted key, what is wrong, what to write instead.

    Examples
    --------
    >>> list(unfit({"pod": [{"title": "a" + chr(27) + "b"}]}))
    [('pod[0].title', 'the text holds a control character (U+001B)', '')]
    """
    if isinstance(value, dict):
        for name, part in value.items():
            yield from unfit(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from unfit(part, f"{key}[{number}]")
    elif isinstance(value, str):
        if len(value) > LONGEST:
            what = f"the text has {len(value):,} characters"
            yield key, what, f"{LONGEST:,} at most"
        for mark in value:
            if mark in _OVERRIDES or (unicodedata.category(mark) == "Cc" and mark not in "\n\t"):
                yield key, f"the text holds a control character (U+{ord(mark):04X})", ""
                return
