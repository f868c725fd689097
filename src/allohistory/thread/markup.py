"""Saved forum pages: from HTML to posts, each a list of quoted and own lines."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice

from allohistory.errors import QuestionError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _words(
    "script style noscript template svg head nav form button select textarea iframe object"
)
_VOID = _words("area base br col embed hr img input link meta param source track wbr")
_INLINE = _words(
    "a abbr b bdi bdo big cite code del em font i ins kbd label mark q s small span strike "
    "strong sub sup time tt u var"
)
_SELF_CLOSING = frozenset({"p", "li", "td", "tr", "dd", "dt", "option"})
_POST = _words("message message--post post postcontainer postbit postbitlegacy comment topic-post")
_POST_ID = re.compile(r"(?:js-)?(?:post|msg|comment|reply|pid|p)[-_]?\d+", re.IGNORECASE)
_BODY = _words(
    "bbwrapper messagetext postcontent post-content post_body content cooked entry-content"
)
_BODY_ID = re.compile(r"post_message_\d+|msg_\d+_body", re.IGNORECASE)
_ASIDE = _words(
    "signature message-signature message-footer message-lastedit bbcodeblock-expandlink "
    "quoteexpand editnote likessummary publiccontrols"
)
_TITLE = _words(
    "attribution bbcodeblock-title bbcodeblock-sourcejump bbcode_postedby quotetitle quote-header"
)
_AUTHOR = _words("username author bigusername poster message-name")

_ELEMENT = re.compile(r"</?(?:html|body|div|p|br|article|blockquote|li|td)\b", re.IGNORECASE)
_RAW = re.compile(r"<!--|-->|<(/?)(script|style)\b", re.IGNORECASE)
_LONE = re.compile(r"<(?![^<>]*>)")
_LESS = "\x01"  # stands for a "<" that opens no tag
_TAG = re.compile(r"<[^<>]*>")
DEEPEST = 100  # quotes in quotes; what lies deeper is told from there


MOST_TAGS = 120_000


@dataclass(slots=True)
class Raw:
    """
    A post before its quotes are linked.

    Attributes
    ----------
    who : str
        Poster's name; empty where the page does not give it.
    parts : list of (int, str, str)
        Depth of quotation (0: the poster's own words), who is quoted, and lines.
    """

    who: str = ""
    parts: list[tuple[int, str, str]] = field(default_factory=list)


def is_markup(text: str) -> bool:
    """
    Whether a text is a page of HTML.

    Examples
    --------
    >>> is_markup("<p>Hello</p>"), is_markup("5 < 6 and 7 > 6")
    (True, False)
    """
    found = list(islice(_ELEMENT.finditer(text), 2))
    return len(found) > 1 or text.lstrip().startswith("<!")


def pages(text: str) -> tuple[list[Raw], str]:
    """
    Posts of a page, and the whole page as plain text for where none are marked.

    Parameters
    ----------
    text : str
        HTML, well-formed or not. Scripts and styles are neither run nor kept.

    Returns
    -------
    list of Raw, str
        Lines quoted in the plain text begin with one ``>`` per level.

    Raises
    ------
    QuestionError
        No page of a forum has so many tags.
    """
    tame = _tame(text)
    tags = tame.count("<")
    if tags > MOST_TAGS:
        what = f"the page has {tags} tags, {MOST_TAGS} at most are read"
        raise QuestionError(what, "one page of the thread to a file")
    reader = _Reader()
    reader.feed(tame)
    reader.close()
    return reader.finish()


def _tame(text: str) -> str:
    """
    The page without scripts, styles and comments, every "<" part of a short tag.

    The standard parser rescans the rest of a page for each tag or comment left open; what it
    gets from here it reads once.
    """
    kept: list[str] = []
    at, closing = 0, ""
    for mark in _RAW.finditer(text):
        seen = mark[0].casefold()
        if closing:
            if seen == closing:
                at, closing = mark.end(), ""
        elif seen == "<!--" or (mark[2] and not mark[1]):
            kept.append(text[at : mark.start()])
            closing = "-->" if seen == "<!--" else "</" + mark[2].casefold()
    if not closing:
        kept.append(text[at:])
    return _TAG.sub(_short, _LONE.sub(_LESS, "\n".join(kept)))


def _short(tag: re.Match[str]) -> str:
    text = tag[0]
    if text[1] in "!?":
        return " "
    if len(text) > 4000:  # an image written into the page
        return " "
    if text.count('"') % 2 or text.count("'") % 2:
        return text.replace('"', " ").replace("'", " ")
    return text


@dataclass(slots=True)
class _Quote:
    who: str
    looks: set[tuple[str, str]]
    filled: bool = False


class _Reader(HTMLParser):
    """One pass: a stack of open elements, and what each opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.count: dict[str, int] = {}
        self.mute = 0
        self.titles = 0
        self.bodies = 0
        self.authors = 0
        self.quotes: list[_Quote] = []
        self.post: Raw | None = None
        self.look = ("", "")
        self.posts: list[tuple[Raw, Raw]] = []
        self.page = Raw()
        self.line: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag in {"br", "hr"}:
                self._end_line()
            return
        if tag not in _INLINE:
            self._end_line()
        if tag in _SELF_CLOSING and self.open and self.open[-1][0] == tag:
            self._pop()
        given = {key: value or "" for key, value in attrs}
        classes = given.get("class", "").casefold()
        does = self._opens(tag, set(classes.split()), classes, given)
        self.open.append((tag, does))
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._end_line()
        if self.count.get(tag, 0):
            while self._pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.mute:
            return
        if self.authors and self.post is not None and not self.bodies and not self.quotes:
            name = " ".join(data.split())[:60]
            self.post.who = self.post.who or ("" if name in {"by", "By:"} else name)
        self.line.append(data)

    def finish(self) -> tuple[list[Raw], str]:
        """Everything read, open elements closed."""
        self._end_line()
        found = [_one(body, whole) for body, whole in self.posts]
        kept = [post for post in found if post.parts]
        if kept:
            return kept, ""
        return [], "\n".join(f"{'> ' * depth}{line}" for depth, _, line in self.page.parts)

    def _opens(self, tag: str, classes: set[str], look: str, given: dict[str, str]) -> str:
        """Enter an element, and name what leaving it ends."""
        if tag in _DROPPED or classes & _ASIDE:
            self.mute += 1
            return "mute"
        if self._posts(tag, classes, look, given):
            return "post"
        if self.post is None and not self.quotes and tag != "blockquote":
            return ""
        does = ""
        if tag == "cite" or classes & _TITLE:
            self._end_line()
            self.titles += 1
            does = "title"
        elif classes & _AUTHOR and not self.bodies:
            self.authors += 1
            does = "author"
        elif not self.quotes and (classes & _BODY or _BODY_ID.fullmatch(given.get("id", ""))):
            self.bodies += 1
            does = "body"
        elif tag == "blockquote" or any("quote" in name for name in classes):
            does = self._cites((tag, look), given)
        return does

    def _posts(self, tag: str, classes: set[str], look: str, given: dict[str, str]) -> bool:
        """Begin a post, also where the one before was never closed."""
        if tag in _INLINE or not (classes & _POST or _POST_ID.fullmatch(given.get("id", ""))):
            return False
        if self.post is not None and (tag, look) != self.look:
            return False
        if self.post is not None:
            while self._pop_does() != "post":
                pass
        self._end_line()
        self.post = Raw(given.get("data-author", "").strip()[:60])
        self.look = (tag, look)
        self.posts.append((Raw(), self.post))
        return True

    def _cites(self, look: tuple[str, str], given: dict[str, str]) -> str:
        """Begin a quote, or go on with one whose frame is made of several elements."""
        self._end_line()
        if self.quotes and not self.quotes[-1].filled and look not in self.quotes[-1].looks:
            self.quotes[-1].looks.add(look)
            return ""
        if len(self.quotes) >= DEEPEST:
            return ""
        who = given.get("data-quote") or given.get("data-author") or ""
        self.quotes.append(_Quote(who.strip()[:60], {look}))
        return "quote"

    def _pop(self) -> str:
        """Leave the innermost element."""
        return self._leave()[0]

    def _pop_does(self) -> str:
        return self._leave()[1]

    def _leave(self) -> tuple[str, str]:
        tag, does = self.open.pop()
        self.count[tag] -= 1
        if does and does != "author":
            self._end_line()
        if does == "mute":
            self.mute -= 1
        elif does == "title":
            self.titles -= 1
        elif does == "author":
            self.authors -= 1
        elif does == "body":
            self.bodies -= 1
        elif does == "quote":
            self.quotes.pop()
        elif does == "post":
            self.post = None
        return tag, does

    def _end_line(self) -> None:
        line = " ".join("".join(self.line).replace(_LESS, "<").split())
        self.line.clear()
        if not line:
            return
        quote = self.quotes[-1] if self.quotes else None
        if quote is not None and self.titles:
            quote.who = quote.who or named(line)
            return
        if quote is not None and not quote.filled and (who := attributed(line)):
            quote.who = quote.who or who
            return
        if quote is not None:
            quote.filled = True
        part = (len(self.quotes), quote.who if quote else "", line)
        self.page.parts.append(part)
        if self.post is not None:
            body, whole = self.posts[-1]
            whole.parts.append(part)
            if self.bodies:
                body.parts.append(part)


def _one(body: Raw, whole: Raw) -> Raw:
    """The body of a post where the page marks one, else all of it."""
    return Raw(whole.who, body.parts or whole.parts)


_SAID = re.compile(
    r"(?:On .{4,80}[,\d] +)?(?P<who>\S[^\n]{0,58}?) (?:said|wrote|writes|schrieb): ?\u2191?"
)
_BY = re.compile(r"Originally posted by:? ?(?P<who>\S.{0,58}?)(?: View Post)?:?", re.IGNORECASE)


def attributed(line: str) -> str:
    """
    Who is quoted, from the line above a quote; empty if it is no such line.

    Examples
    --------
    >>> attributed("Kuro said:"), attributed("Originally Posted by Anna"), attributed("He said no")
    ('Kuro', 'Anna', '')
    """
    if len(line) > 140:
        return ""
    found = _SAID.fullmatch(line) or _BY.fullmatch(line)
    return re.sub(r"\s*<[^>]*>?$", "", found["who"]).strip(' "') if found else ""


def named(line: str) -> str:
    """Who is quoted, from a frame that holds nothing else."""
    return attributed(line) or line.rstrip(": \u2191")[:60]
