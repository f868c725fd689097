"""The draft of a ledger: what rules could find in a thread, for a person to finish."""

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from allohistory.errors import QuestionError
from allohistory.question.lines import line_of, lines_of
from allohistory.question.read import nearest, parsed
from allohistory.question.text import unfit
from allohistory.thread.claims_file import Row
from allohistory.thread.marks import marks
from allohistory.thread.posts import LONGEST, Post, read_thread, sentences
from allohistory.thread.rules import guess, opens

_HEAD = """\
# Draft of a ledger, written by rules and not by anybody who understands: every guess is marked
# `sure = false`. Finish it by hand:
#   1. name the question file in `question`;
#   2. for each claim worth computing write `claim` (it in one sentence), `kind` and `by` (what
#      computes it; the ledger that the package brings along shows every kind), and set
#      `sure = true`; a sentence that claims several things is copied, once for each;
#   3. look through [[unread]]: no rule knew what those sentences are;
#   4. drop claims that are none. What stays `sure = false` is left out when the ledger is read.
# A decade or a century in `years` is its first and last year. `names` with a question mark are
# borne by several in the record; `unknown` is written like a name and not in the record.
# Quotes are listed with the post they repeat (`of`, 0: none here) and counted once, there.
"""
_ALONE = "# No sign of where a post ends was found: everything stands under one post.\n"
_DRAFTED = ("guess", "states", "years", "names", "unknown", "sure", "post")


def draft(posts: Sequence[Post]) -> str:
    r"""
    Draft of a ledger.

    Parameters
    ----------
    posts : sequence of Post
        A thread.

    Returns
    -------
    str
        TOML. Every sentence of every post's own words is the quote of one ``[[claim]]`` or one
        ``[[unread]]``, in the order of the thread.

    Examples
    --------
    >>> text = draft(read_thread("#1\nCould Japan ally with China? Nice.\n#2\nNever."))
    >>> claim = tomllib.loads(text)["claim"][0]
    >>> claim["quote"], claim["guess"]["kind"], claim["states"]
    ('Could Japan ally with China?', 'question', ['JPN', 'CHN'])
    """
    claims: list[str] = []
    unread: list[str] = []
    for post in posts:
        telling, year = False, None
        who, number = _text(post.who), str(post.n)
        for sentence in sentences(post.text):
            marked = marks(sentence, year)
            year = marked.years[0] if marked.years else year
            found = guess(sentence, marked, telling=telling)
            telling = telling or opens(sentence)
            spoken = [("who", who), ("post", number), ("quote", _text(sentence))]
            if found is None:
                unread.append(_table("unread", spoken))
                continue
            what = f'{{ kind = "{found.kind}", because = "{found.because}" }}'
            fields = [
                ("n", str(len(claims) + 1)),
                *spoken,
                ("guess", what),
                ("states", _list(marked.states)),
                ("years", f"[{', '.join(map(str, marked.years))}]"),
                ("names", _list(marked.names)),
                ("unknown", _list(marked.unknown)),
                ("sure", "false"),
            ]
            claims.append(_table("claim", fields))
    head = _HEAD + (_ALONE if len(posts) == 1 else "")
    title = next(iter(sentences(posts[0].text)), "") if posts else ""
    top = f'{head}title = {_text(title[:120])}\nquestion = ""\n'
    return "\n".join([top, *map(_post, posts), *claims, *unread])


def draft_file(path: str | Path) -> str:
    """
    Draft of a ledger from a file: a thread's page saved as HTML, or its pasted text.

    Raises
    ------
    QuestionError
        It cannot be read, is no text, is too long or holds no words.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(4 * LONGEST + 1)
    except OSError as error:
        raise QuestionError(f"the thread cannot be read ({error.strerror})", file=path) from None
    try:
        return draft(read_thread(_decoded(data)))
    except QuestionError as error:
        raise QuestionError(error.what, error.instead, path) from None


def finished(text: str) -> tuple[str, tuple[int, ...]]:
    """
    Ledger of a draft that a person has finished, as the text of a ledger file.

    What is not marked sure, posts and unread sentences become empty lines, so that what stays keeps
    its place in the file.

    Parameters
    ----------
    text : str
        The draft, filled in.

    Returns
    -------
    text : str
        Of a ledger file: claims that are marked sure as ``row``, numbered as in the draft.
    places : tuple of int
        Which claim of the draft each row was, from 0.

    Raises
    ------
    QuestionError
        It is not TOML, no claim is sure, or one is half filled in.
    """
    try:
        table = parsed(text)
    except tomllib.TOMLDecodeError as error:
        raise QuestionError(f"the draft is not TOML ({error})") from None
    for key, what, instead in unfit(table):
        raise QuestionError(what, instead, key=key)
    lines, claims = lines_of(text), table.get("claim", [])
    claims = claims if isinstance(claims, list) else []
    kept = tuple(k for k, claim in enumerate(claims) if _sure(claim, k, lines))
    if not kept:
        what = "no claim of the draft is marked sure"
        raise QuestionError(what, "`claim`, `kind`, `by` and `sure = true` for one of them")
    if not table.get("question"):
        line = line_of(lines, "question")
        what = "the draft names no question"
        raise QuestionError(what, "the name of a question file", key="question", line=line)
    return _masked(text, lines, kept), kept


def _sure(claim: Any, k: int, lines: dict[str, int]) -> bool:  # noqa: ANN401 - of a file
    """Whether a claim goes into the ledger; one that is half filled in is refused."""
    if not isinstance(claim, dict):
        return False
    name, key = f"claim {claim.get('n', k + 1)}", f"claim[{k}]"
    said = claim.get("sure", False)
    if not isinstance(said, bool):
        what = f"{name} has `sure = {json.dumps(said, default=str)}`, which is neither yes nor no"
        line = line_of(lines, f"{key}.sure")
        raise QuestionError(what, "`sure = true` or `sure = false`", "", f"{key}.sure", line)
    if said:
        for need in ("claim", "kind", "by"):
            if need not in claim:
                what = f"{name} is marked sure and has no {need}"
                wrong = nearest(need, set(claim) - set(Row.model_fields) - set(_DRAFTED))
                at = f"{key}.{wrong[0]}" if wrong else key
                instead = f"`{need} = ...`" + ("" if wrong else ", or `sure = false`")
                raise QuestionError(what, instead, "", at, line_of(lines, at))
    elif "by" in claim:
        what = f"{name} says what computes it (`by`) and is still marked as a guess"
        line = line_of(lines, f"{key}.sure")
        raise QuestionError(what, "`sure = true`, or no `by`", "", f"{key}.sure", line)
    return said


def _masked(text: str, lines: dict[str, int], kept: Sequence[int]) -> str:
    """Text with every line emptied that belongs to no claim kept, and claims named rows."""
    own = {f"claim[{k}]" for k in kept}
    out = text.split("\n")
    starts = sorted((line, path) for path, line in lines.items())
    for n, (line, path) in enumerate(starts):
        end = next((later for later, _ in starts[n:] if later > line), len(out) + 1)
        top, _, key = path.partition(".")
        bare = top.partition("[")[0]
        if bare not in {"claim", "post", "unread"} or (top in own and key not in _DRAFTED):
            continue
        if top in own or top != bare:
            out[line - 1 : end - 1] = [""] * (end - line)
    for name in own:
        line = lines[name] - 1
        out[line] = out[line].replace("claim", "row", 1)
    return "\n".join(out)


def _decoded(data: bytes) -> str:
    """Text of a file whose encoding nobody tells for sure."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:4096]:
        what = "the file is not text"
        raise QuestionError(what, "a thread's page saved as HTML, or its text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    said = re.search(rb"charset=[\"']?([\w-]{2,20})", data[:4096])
    try:
        return data.decode(said[1].decode() if said else "cp1252", errors="replace")
    except LookupError:
        return data.decode("cp1252", errors="replace")


def _post(post: Post) -> str:
    quotes = [
        f"  {{ of = {quote.of}, whole = {str(quote.whole).lower()}, depth = {quote.depth}, "
        f"who = {_text(quote.who)}, words = {len(quote.text.split())}, "
        f"begins = {_text(quote.text[:60])} }},\n"
        for quote in post.quotes
    ]
    listed = f"[\n{''.join(quotes)}]" if quotes else "[]"
    return _table("post", [("n", str(post.n)), ("who", _text(post.who)), ("quotes", listed)])


def _table(name: str, fields: Iterable[tuple[str, str]]) -> str:
    return f"[[{name}]]\n" + "".join(f"{key} = {value}\n" for key, value in fields)


def _text(text: str) -> str:
    """A basic string of TOML: JSON's, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]" if texts else "[]"
