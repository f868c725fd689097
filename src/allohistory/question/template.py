"""A question file to start from."""

import re
from importlib.resources import files

from allohistory.errors import UnknownNameError
from allohistory.record.dates import stands
from allohistory.record.names import find_state
from allohistory.record.tables import load

_DEFAULT = ("Japan", "China")


def new(title: str | tuple[str, str]) -> str:
    """
    Text of a question file to edit, which can be asked as it stands.

    Parameters
    ----------
    title : str or pair of str
        "Franco-German alliance" or ("France", "Germany"); where no two states can be made out, the
        file asks about Japan and China.

    Examples
    --------
    >>> 'pair = ["France", "Germany"]' in new("Franco-German alliance")
    True
    """
    if isinstance(title, tuple):
        first, second = title
        for name in title:
            find_state(name)
        question = f"How could {first} and {second} form a firm and lasting alliance?"
    else:
        question = title.replace("\\", "").replace('"', "'").strip()
        first, second = _pair(question)
    text = files("allohistory.question").joinpath("template.toml").read_text(encoding="utf-8")
    marks = {
        "question": " ".join(question.split()),
        "first": first,
        "second": second,
        "year": str(_year(first, second)),
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


def _year(first: str, second: str) -> int:
    """A year in which both states are there."""
    tables = load()
    both = [tables.spells_of[find_state(name, 1910)] for name in (first, second)]
    years: list[int] = [*range(1910, 1997), *range(1909, 1870, -1)]
    for year in years:
        if all(any(stands(s, year - 1) and stands(s, year) for s in spells) for spells in both):
            return year
    return 1910
