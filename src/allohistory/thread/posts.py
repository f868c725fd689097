"""
A pasted or saved thread, split into posts and quotes.

Pages keep little of their form when they are pasted. Each way of marking where a post begins is
looked for, the surest first; quotes are told by their marks, or by repeating earlier words.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from allohistory.errors import QuestionError
from allohistory.thread.forms import marked_quotes, split
from allohistory.thread.markup import Raw, is_markup, pages

LONGEST = 8_000_000
"""Characters of a page with all that a forum puts into it."""
MOST = 250_000
"""Characters of the posts themselves: some 40,000 words."""
MOST_POSTS = 3_000
_ENOUGH = 25  # letters of a line that may be told to be a quote by repetition alone


@dataclass(frozen=True, slots=True)
class Quote:
    """
    Words of somebody else in a post.

    Attributes
    ----------
    who : str
        Who is quoted; empty where the page does not say.
    text : str
    of : int
        Number of the post that it repeats; 0 if none here does.
    whole : bool
        Whether it repeats all of that post's own words.
    depth : int
        1 for a quote, 2 for a quote in a quote...
    """

    who: str
    text: str
    of: int = 0
    whole: bool = False
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """
    One post.

    Attributes
    ----------
    n : int
        Number, counted from 1.
    who : str
        Poster's name; ``post N`` where the page does not give it.
    text : str
        The poster's own words, a paragraph a line.
    quotes : tuple of Quote
    """

    n: int
    who: str
    text: str
    quotes: tuple[Quote, ...] = ()


def read_thread(text: str) -> tuple[Post, ...]:
    r"""
    Split a thread into posts.

    Parameters
    ----------
    text : str
        A saved page (HTML) or pasted text.

    Returns
    -------
    tuple of Post
        At least one.

    Raises
    ------
    QuestionError
        There are no words in it, or too many for a page.

    Examples
    --------
    >>> first, second = read_thread("#1\nWhy not?\n#2\n> Why not?\nBecause of Korea.")
    >>> second.text, second.quotes[0].of
    ('Because of Korea.', 1)
    """
    _bounded(len(text), LONGEST)
    text = _printable(text)
    raw: list[Raw] = []
    wrapped = False
    if is_markup(text):
        raw, text = pages(text)
        _bounded(sum(len(line) for post in raw for _, _, line in post.parts), MOST)
    if not raw:
        _bounded(len(text), MOST)
        lines = [line.rstrip() if line.strip() else line for line in text.split("\n")]
        raw = [marked_quotes(post) for post in split(lines)]
        wrapped = _is_wrapped([line for post in raw for _, _, line in post.parts])
    if len(raw) > MOST_POSTS:
        what = f"the thread has {len(raw)} posts, {MOST_POSTS} at most are read"
        raise QuestionError(what, "a part of it to each file")
    posts = _linked(raw, wrapped)
    if not posts:
        what = "there are no words of a discussion in it"
        raise QuestionError(what, "a thread's page saved as HTML, or its text")
    return posts


def _bounded(length: int, most: int) -> None:
    """Refuse what nobody would read through either."""
    if length > most:
        what = f"the thread has {length} characters, {most} at most are read"
        raise QuestionError(what, "a part of it to each file")


def sentences(text: str) -> list[str]:
    r"""
    Sentences of a text, in order; joined by spaces they are all of it.

    Examples
    --------
    >>> sentences("The U.S. wins? No. Then\nwhat")
    ['The U.S. wins?', 'No.', 'Then', 'what']
    """
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for mark in _STOP.finditer(line):
            word = line[max(start, mark.start() - 8) : mark.start() + 1].rsplit(" ", 1)[-1]
            if mark[0][0] == "." and _SHORT.fullmatch(word.lstrip("(\"'")):
                continue
            found.append(line[start : mark.end()].strip())
            start = mark.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


_STOP = re.compile(
    r"[.!?\u2026\u061f][\"')\]\u201d\u2019]{0,3}(?=\s+[^\sa-z])|[\u3002\uff01\uff1f]"
)
_SHORT = re.compile(r"(?:[A-Za-z]\.)+|(?:Mr|Mrs|Dr|St|Gen|Adm|Col|vs|etc|cf|ca|Jr|Sr)\.")


def _printable(text: str) -> str:
    """Text with plain line ends, without control characters and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "", text)


# ---- quotes and the posts they repeat ---------------------------------------------------------
@lru_cache(20_000)
def _plain(text: str) -> str:
    """Text without what pasting changes: case, spaces, kinds of quotation marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\"'\u2018\u2019\u201c\u201d*_]+", "", text).split())


class _Said:
    """Who said what so far: own sentences of every post, first said first."""

    def __init__(self) -> None:
        self.by: dict[str, int] = {}
        self.all: dict[int, set[str]] = {}

    def add(self, n: int, text: str) -> None:
        """Note a post's own words."""
        self.all[n] = {_plain(sentence) for sentence in sentences(text)}
        for sentence in self.all[n]:
            self.by.setdefault(sentence, n)

    def repeats(self, line: str, going: int) -> int:
        """Post that a line without marks repeats; while quoting a post, its short lines count."""
        said = [_plain(sentence) for sentence in sentences(line)]
        if not said:
            return going
        if going and self.all[going].issuperset(said):
            return going
        found = {self.by.get(sentence, 0) for sentence in said}
        long = sum(map(len, said)) >= _ENOUGH
        return found.pop() if long and len(found) == 1 else 0

    def source(self, text: str) -> tuple[int, bool]:
        """Post that a marked quote repeats, and whether all of it."""
        said = {_plain(sentence) for sentence in sentences(text)}
        hits = Counter(n for sentence in said if (n := self.by.get(sentence)))
        if not hits:
            return 0, False
        best, share = max(hits.items(), key=lambda hit: (hit[1], -hit[0]))
        return (best, said >= self.all[best]) if 2 * share > len(said) else (0, False)


_MARGIN = 45  # letters: a shorter line ends its paragraph


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines end at a margin, as in mails, and not with their paragraph."""
    long = [
        len(line) > _MARGIN
        for line, after in itertools.pairwise(lines)
        if line.strip() and after.strip()
    ]
    return len(long) > 1 and 2 * sum(long) > len(long) and max(map(len, lines)) <= 2 * _MARGIN + 10


def _paragraphs(lines: list[str], wrapped: bool) -> str:
    """Lines as paragraphs, one a line."""
    text: list[str] = []
    goes_on = False
    for line in lines:
        bare = " ".join(line.split())
        if bare and goes_on:
            text[-1] += f" {bare}"
        elif bare:
            text.append(bare)
        goes_on = wrapped and len(bare) > _MARGIN
    return "\n".join(text)


def _linked(raw: list[Raw], wrapped: bool) -> tuple[Post, ...]:
    """Posts with their quotes taken out and bound to what they repeat."""
    said = _Said()
    posts: list[Post] = []
    for one in raw:
        own: list[str] = []
        quotes: list[Quote] = []
        for depth, who, lines in _runs(one, said):
            text = _paragraphs(lines, wrapped)
            if not text:
                continue
            if depth == 0:
                own.append(text)
            else:
                of, whole = said.source(text)
                name = who or (posts[of - 1].who if of else "")
                quotes.append(Quote(name, text, of, whole, depth))
        if not own and not quotes:
            continue
        n = len(posts) + 1
        text = "\n".join(own)
        posts.append(Post(n, one.who or f"post {n}", text, tuple(quotes)))
        said.add(n, text)
    return tuple(posts)


def _runs(post: Raw, said: _Said) -> Iterator[tuple[int, str, list[str]]]:
    """Stretches of lines at one depth and of one speaker."""
    key, lines, going = (0, "", 0), list[str](), 0
    for depth, who, line in post.parts:
        going = 0 if depth else said.repeats(line, going)
        here = (depth or int(going > 0), who, going)
        if line.strip() and here != key:
            yield key[0], key[1], lines
            key, lines = here, []
        lines.append(line)
    yield key[0], key[1], lines
