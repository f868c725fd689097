"""A question file to start from."""

import re
from importlib.resources import files

from allohistory.errors import UnknownNameError
from allohistory.record.dates import stands
from allohistory.record.names import find_state
from allohistory.record.tables import load

_DEFAULT = ("Japan", "China")
FROM, TO, SPAN = 1900, 1960, 60
"""Window of a file whose title names no year, and years of one whose title names a single one."""
FIRST, LAST = 1871, 1996
"""Years that a title may name; nearer to the ends of the record nothing can be seen to last."""


def new(title: str | tuple[str, str]) -> str:
    """
    Text of a question file to edit, which can be asked as it stands.

    Parameters
    ----------
    title : str or pair of str
        "Franco-German alliance in 1905" or ("France", "Germany"); where no two states can be made
        out, the file asks about Japan and China. Years that it names are the window.

    Examples
    --------
    >>> 'pair = ["France", "Germany"]' in new("Franco-German alliance")
    True
    """
    span: tuple[int, int] | None = None
    if isinstance(title, tuple):
        first, second = title
        for name in title:
            find_state(name)
        question = f"How could {first} and {second} form a firm and lasting alliance?"
    else:
        span = _years(title)
        question = title.replace("\\", "").replace('"', "'").strip()
        first, second = _pair(question)
    text = files("allohistory.question").joinpath("template.toml").read_text(encoding="utf-8")
    marks = {
        "question": " ".join(question.split()),
        "first": first,
        "second": second,
        "year": str(_year(first, second, span)),
        "from": str(span[0] if span else FROM),
        "to": str(span[1] if span else TO),
    }
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", value)
    return text


_PREFIX = {
    "anglo": "Britain",
    "austro": "Austria-Hungary",
    "franco": "France",
    "italo": "Italy",
    "german": "Germany",
    "germano": "Germany",
    "greco": "Greece",
    "indo": "India",
    "japanese": "Japan",
    "chinese": "China",
    "french": "France",
    "british": "Britain",
    "italian": "Italy",
    "russian": "Russia",
    "russo": "Russia",
    "sino": "China",
    "soviet": "USSR",
    "spanish": "Spain",
    "turco": "Turkey",
    "american": "USA",
    "turkish": "Turkey",
    "polish": "Poland",
    "indian": "India",
    "korean": "Korea",
    "siamese": "Siam",
    "austrian": "Austria-Hungary",
    "prussian": "Prussia",
}


def _pair(text: str) -> tuple[str, str]:
    """First two states that a title names."""
    found: dict[str, str] = {}
    for word in re.findall(r"[A-Za-z]+", text):
        name = _PREFIX.get(word.casefold(), word if word[0].isupper() else "")
        try:
            code = find_state(name, 1910) if len(name) > 2 else ""
        except UnknownNameError:
            continue
        if code:
            found.setdefault(code, name)
    names = list(found.values())
    return (names[0], names[1]) if len(names) > 1 else _DEFAULT


def _years(text: str) -> tuple[int, int] | None:
    """First and last year of divergence that a title names; of one year, so many from it on."""
    found = sorted({int(word) for word in re.findall(r"(?<!\d)\d{4}(?!\d)", text)})
    found = [year for year in found if FIRST <= year <= LAST]
    if not found:
        return None
    return found[0], found[-1] if len(found) > 1 else min(found[0] + SPAN, LAST)


def _year(first: str, second: str, span: tuple[int, int] | None = None) -> int:
    """A year in which both states are there, in the window if there is one."""
    tables = load()
    both = [tables.spells_of[find_state(name, 1910)] for name in (first, second)]
    years: list[int] = [
        *(range(span[0], span[1] + 1) if span else ()),
        *range(1910, 1997),
        *range(1909, 1870, -1),
    ]
    for year in years:
        if all(any(stands(s, year - 1) and stands(s, year) for s in spells) for spells in both):
            return year
    return 1910
