"""What a sentence of a thread names: states, wars, treaties, leaders of the record, and years."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from allohistory.errors import UnknownNameError
from allohistory.record.names import find_leader, find_state, find_treaty, find_war, fold
from allohistory.record.tables import LAST_YEAR, Name, Tables, load, touches

# Halves of compounds such as "Sino-Japanese", which are no names alone.
_HALVES = {
    "anglo": "Britain",
    "austro": "Austria",
    "franco": "France",
    "germano": "Germany",
    "greco": "Greece",
    "hispano": "Spain",
    "indo": "India",
    "italo": "Italy",
    "luso": "Portugal",
    "nippo": "Japan",
    "polono": "Poland",
    "russo": "Russia",
    "serbo": "Serbia",
    "sino": "China",
    "turco": "Turkey",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of the record that are English words more often.
_WORDS = _words(
    "union chosen ava poles letts reich federal republic state lao kiwi corporate porte"
)
_SURNAMES = _words(
    "arthur grant ford bush park pierce young black brown north major church wood king long may "
    "alexander charles george henry james john louis peter philip william"
)
_ORDINALS = frozenset({"first", "second", "third", "fourth", "great"})
_NTH = {"1": "first", "1st": "first", "2": "second", "2nd": "second", "3rd": "third"}
_FAMILY_FIRST = frozenset({"CHN", "TAW", "ROK", "PRK", "DRV", "RVN"})
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019.][^\W_]+)*")
_YEAR = re.compile(
    r"(?<![\d.,#])(?P<year>1[5-9]\d\d|20\d\d)(?P<decade>['\u2019]?s)?(?![\d,]*\d)|"
    r"\b(?P<century>1[6-9]|2[01])(?:st|th) century",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Index:
    """Kind of thing that every folded spelling names, and words of the longest by its first."""

    kinds: dict[str, str]
    begins: dict[str, int]


@lru_cache(50_000)
def _key(word: str) -> str:
    return fold(word)


@dataclass(frozen=True, slots=True)
class Marks:
    """
    What a sentence names.

    Attributes
    ----------
    states : tuple of str
        Ids.
    years : tuple of int
        In order; a decade or a century is its first and its last year.
    names : tuple of str
        ``war:``, ``treaty:`` or ``leader:`` and the id; a question mark after the kind, and the
        poster's words, where several bear the name.
    unknown : tuple of str
        What is written as a name and is not in the record.
    """

    states: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def marks(sentence: str, year: int | None = None, tables: Tables | None = None) -> Marks:
    """
    Mark what a sentence names.

    Parameters
    ----------
    sentence : str
    year : int, optional
        When it is about, if it names no year: decides between states that bore a name.
    tables : Tables, optional
        The record; the core record without it.

    Examples
    --------
    >>> found = marks("Then Prussia loses the Franco-Prussian War of 1870, and Kropotkin rules.")
    >>> found.states, found.years, found.names, found.unknown
    (('GMY',), (1870,), ('war:franco-prussian-war',), ('Kropotkin',))
    """
    tables = tables or load()
    index = _index(tables)
    years = _years(sentence)
    when = years[0] if years else year
    tokens = list(_TOKEN.finditer(sentence))
    keys = [_key(token[0]) for token in tokens]
    states: list[str] = []
    names: list[str] = []
    unknown: list[str] = []
    i = 0
    while i < len(tokens):
        word = tokens[i][0]
        if not word[0].isupper() and not word[0].isdigit() and keys[i] not in _ORDINALS:
            i += 1
            continue
        found, end = _longest(index, tokens, keys, i, sentence)
        if found:
            kind, name = _resolved(found, sentence[tokens[i].start() : end[1]], when, tables)
            (states if kind == "state" else names).append(name)
        elif word[0].isupper() and keys[i] not in _COMMON:
            end = _stretch(index, tokens, keys, i, sentence)
            if i or end[0] > i + 1:
                unknown.append(sentence[tokens[i].start() : end[1]])
        i = end[0]
    return Marks(_each(states), years, _each(names), _each(n for n in unknown if len(n) > 1))


_COMMON = _words(
    "after ahc also although and are army as asb at atl because before but by can could "
    "dbwi did do does during edit empire even for from government he his how however i id "
    "if ill im imagine in iotl is it its ittl ive kingdom let maybe navy no not on once or "
    "otl perhaps pod pods say she should since so suppose that the then there they this "
    "though tl until war was we were what when where while who why wi will with without "
    "would yes you"
)


def _years(sentence: str) -> tuple[int, ...]:
    """Years that a sentence names, spans as first and last."""
    years: list[int] = []
    for found in _YEAR.finditer(sentence):
        if found["century"]:
            last = 100 * int(found["century"])
            years += [last - 99, last]
        else:
            first = int(found["year"])
            decade = found["decade"] and first % 10 == 0
            years += [first, first + (99 if first % 100 == 0 else 9)] if decade else [first]
    return tuple(sorted(set(years)))


End = tuple[int, int]  # of a name: the word after it, the character after it
_OWNER = re.compile(r"['\u2019]s?$")


def _longest(
    index: _Index,
    tokens: list[re.Match[str]],
    keys: list[str],
    i: int,
    sentence: str,
) -> tuple[str, End]:
    """Kind of the longest name that begins at a word, empty if none does, and its end."""
    starts = {keys[i], _NTH.get(keys[i], ""), _key(_OWNER.sub("", tokens[i][0]))}
    longest = max(index.begins.get(word, 0) for word in starts)
    after = tokens[i].end()
    half = keys[i] in _HALVES and sentence[after : after + 1] in {"-", " ", "\u2013"}
    if not longest and not half:
        return "", (i + 1, tokens[i].end())
    for end in range(min(len(tokens), i + longest), i, -1):
        head = [_NTH.get(keys[i], keys[i]) if end > i + 1 else keys[i], *keys[i + 1 : end]]
        if end == i + 1 and half:
            break
        last = tokens[end - 1]
        bare = _OWNER.sub("", last[0])
        for word, stop in ((keys[end - 1], last.end()), (_key(bare), last.start() + len(bare))):
            # A name of one word has no ordinal in front of it.
            head[-1] = word if end == i + 1 or end - 1 > i else head[-1]
            kind = index.kinds.get(" ".join(head), "")
            if kind and _meant(kind, sentence[tokens[i].start() : stop], i, sentence):
                return kind, (end, stop)
    return "half" if half else "", (i + 1, after)


def _meant(kind: str, text: str, i: int, sentence: str) -> bool:
    """Whether words that spell a name of the record are likely meant as one."""
    if "\n" in text or re.search(r"[.!?,;] ", text):
        return False
    if len(text.split()) > 1 or "-" in text:
        return True
    plain = text.casefold()
    if plain in _WORDS or text.isdigit():
        return False
    if kind == "leader":
        return len(text) > 2 and not text.isupper() and plain not in _SURNAMES and i > 0
    # "US" is a state and "us" is not, nor is a shouted "US" in a sentence of capitals.
    return len(text) > 3 or (text.isupper() and not sentence.isupper()) or "." in text


def _resolved(kind: str, text: str, year: int | None, tables: Tables) -> tuple[str, str]:
    """Kind and id of a name; the poster's words where several bear it in that year."""
    if kind == "half":
        return "state", find_state(_HALVES[fold(text)], year, tables)
    if kind == "state":
        return kind, find_state(text, _near(text, year, tables), tables)
    nth = _NTH.get(fold(text.split(maxsplit=1)[0]))
    text = f"{nth} {text.split(maxsplit=1)[1]}" if nth and " " in text else text
    found = _bearing(kind, text, tables)
    if len(found) > 1 and kind == "leader" and year is not None:
        rows = (row for row in tables.leaders if touches(row, year))
        found = found.intersection(f"{row.id}:{row.name}" for row in rows) or found
    return kind, f"{kind}:{min(found)}" if len(found) == 1 else f"{kind}?:{text}"


@lru_cache(10_000)
def _bearing(kind: str, text: str, tables: Tables) -> frozenset[str]:
    """Ids of all that bear a name."""
    try:
        if kind == "leader":
            return frozenset({find_leader(text, tables=tables)})
        return frozenset({(find_war if kind == "war" else find_treaty)(text, tables)})
    except UnknownNameError as error:
        return frozenset(error.nearest)


def _near(name: str, year: int | None, tables: Tables) -> int | None:
    """The year nearest to a year in which some state bore a name."""
    if year is None:
        return None
    spells = [
        (row.start.year, row.end.year if row.end else LAST_YEAR)
        for row in _bearers(tables).get(fold(name), ())
    ]
    near = [min(max(year, first), max(first, last)) for first, last in spells]
    return min(near, key=lambda one: abs(one - year), default=year)


@cache
def _bearers(tables: Tables) -> dict[str, list[Name]]:
    """Rows of names by folded spelling."""
    rows: dict[str, list[Name]] = {}
    for row in tables.names:
        rows.setdefault(fold(row.name), []).append(row)
    return rows


def _stretch(
    index: _Index, tokens: list[re.Match[str]], keys: list[str], i: int, sentence: str
) -> End:
    """End of a run of capitalised words that nobody knows."""
    end = i + 1
    while end < len(tokens) and tokens[end][0][0].isupper() and keys[end] not in index.kinds:
        if sentence[tokens[end - 1].end() : tokens[end].start()] not in {" ", "-"}:
            break
        end += 1
    last = tokens[end - 1]
    return end, last.start() + len(_OWNER.sub("", last[0]))


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@cache
def _index(tables: Tables) -> _Index:
    """Kind of thing that every folded spelling names; a full name beats a part of one."""
    index: dict[str, str] = {}
    for leader in tables.leaders:
        words = fold(leader.name).split()
        for i in range(1, len(words)):
            index[" ".join(words[i:])] = "leader"
        if leader.id in _FAMILY_FIRST:
            index[words[0]] = "leader"
        index[" ".join(words)] = "leader"
    for treaty in tables.treaties:
        before, _, inside = treaty.name.removesuffix(")").partition(" (")
        for name in (treaty.name, before, inside, *treaty.aliases):
            index[fold(name)] = "treaty"
    for war in tables.wars:
        for name in (war.name, *war.aliases):
            index[fold(name)] = "war"
    for state in tables.names:
        index[fold(state.name)] = "state"
    index.pop("", None)
    begins: dict[str, int] = {}
    for name in index:
        words = name.split()
        begins[words[0]] = max(begins.get(words[0], 0), len(words))
    return _Index(index, begins)
