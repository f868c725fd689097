"""
Pasted text: where posts begin, and which lines are marked as quotes.

Every way of marking a beginning is looked for, the surest first.
"""

import re
from collections import Counter

from allohistory.thread.markup import DEEPEST, Raw, attributed

# ---- where posts begin ------------------------------------------------------------------------
_NUMBER = re.compile(r"(?:Post )?#(\d{1,6})|(?:.{1,80}\s)#(\d{1,6})")
_POSTED = re.compile(
    r"(?:Posted by|Post by|by) (?P<who>.{1,40}?) (?:on|at|\u00bb|\u2013|-|\u2022|,) .*\d.*"
)
_BLANK = re.compile(r"\s*[\u00a0\u200b]\s*")
_RULE = re.compile(r"\s*([-=_*~\u2014\u2500])(?:\s*\1){2,}\s*")
_FROM = re.compile(r"From:? (?P<who>\S.*)")
_HEADER = re.compile(
    r"(?:Subject|Date|Newsgroups|To|Message-ID|Organization|References): ?.*", re.IGNORECASE
)
_SPEAKER = re.compile(r"[\[<]?(?P<who>\w[\w .'-]{1,24})[\]>]?: (?P<text>\S.*)")
_CHROME = re.compile(
    r"(?:Last edited(?: by .*|: ?.*)?|Click to expand\.{0,3}|Add bookmark|Reactions: ?.*|"
    r"Like|Reply|Report|Share|Quote|Top|Back to top)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r".{0,12}\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.? \d{1,2},? \d{4}.{0,20}|"
    r".{0,12}\b\d{1,2}[ ./-](?:\w{3,9}|\d{1,2})[ ./-]\d{4}.{0,20}|\d{4}-\d\d-\d\d.{0,20}"
)


def split(lines: list[str]) -> list[Raw]:
    """
    Posts of a pasted text, by the surest mark of their beginning that it has.

    Examples
    --------
    >>> [post.who for post in split(["Post by Ann on 3 May 2009", "Yes.", "by Bo at 4:05", "No."])]
    ['Ann', 'Bo']
    """
    for way in (_by_mail, _by_number, _by_line, _by_blank, _by_rule, _by_speaker):
        posts = way(lines)
        if posts:
            return posts
    return [_raw("", lines)]


def _raw(who: str, lines: list[str]) -> Raw:
    return Raw(who, [(0, "", line) for line in lines])


def _cut(lines: list[str], heads: list[tuple[int, int, str]]) -> list[Raw]:
    """Posts between heads (first line, line after, poster); what stands before is one if long."""
    ends = [start for start, _, _ in heads[1:]] + [len(lines)]
    posts = [_raw(who, lines[after:end]) for (_, after, who), end in zip(heads, ends, strict=True)]
    before = lines[: heads[0][0]]
    return [_raw("", before), *posts] if any(line.strip() for line in before) else posts


def _by_mail(lines: list[str]) -> list[Raw]:
    """Messages of a newsgroup or list: a block of headers before each."""
    heads: list[tuple[int, int, str]] = []
    i = 0
    while i < len(lines):
        found = _FROM.fullmatch(lines[i])
        end = i + 1
        while found and end < len(lines) and _HEADER.fullmatch(lines[end]):
            end += 1
        start = i
        while end > i + 1 and start and _HEADER.fullmatch(lines[start - 1]):
            start -= 1
        if found and end - start > 1:
            who = re.sub(r"\s*<.*|\s*\(.*|\s*\S+@\S+\s*", "", found["who"]).strip(' "')
            heads.append((start, end, who or found["who"].strip()))
        i = end
    posts = _cut(lines, heads) if heads else []
    return [Raw(post.who, _unsigned(post.parts)) for post in posts]


def _unsigned(parts: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """A message without its signature: what stands below a line of two dashes."""
    ends = [i for i, (_, _, line) in enumerate(parts) if line.rstrip() == "--"]
    return parts[: ends[-1]] if ends else parts


def _by_number(lines: list[str]) -> list[Raw]:
    """Posts numbered ``#1``, ``#2``...: name, title and date stand above or beside the number."""
    heads: list[tuple[int, int, str]] = []
    last = 0
    for i, line in enumerate(lines):
        found = _NUMBER.fullmatch(line.strip())
        number = int(found[1] or found[2]) if found else 0
        if found is None or (last and not last < number <= last + 50):
            continue
        beside = re.sub(r"[#\d]+$", "", line.strip())
        if found[2] and not _DATE.search(beside):
            continue
        last = number
        start = _block(lines, i, heads[-1][1] if heads else 0)
        head = [row.strip() for row in lines[start:i] if row.strip()]
        names = [*head, beside.split(",")[0].removeprefix("Post").strip()]
        who = next((row for row in names if row and not _DATE.fullmatch(row)), "")
        heads.append((start, i + 1, who[:60]))
    return _cut(lines, heads) if len(heads) > 1 or last == 1 else []


def _block(lines: list[str], at: int, floor: int) -> int:
    """First of the short lines above a number: at most eight, up to a blank above a name."""
    start, dated, close = at, False, at
    for i in range(at - 1, max(floor, at - 9) - 1, -1):
        line = lines[i].strip()
        if not line:
            if dated and start < close:
                break
            continue
        date = bool(_DATE.fullmatch(line))
        if len(line) > 40 or (line[-1] in ".?!:;," and not date):
            break
        start = i
        if date and not dated:
            dated, close = True, i
    if dated or start == at:
        return start
    # Without a date only what stands directly above the number is its head.
    while at > start and lines[at - 1].strip():
        at -= 1
    return at


def _by_line(lines: list[str]) -> list[Raw]:
    """Posts that begin with "Posted by NAME on DATE"."""
    heads = [
        (i, i + 1, found["who"])
        for i, line in enumerate(lines)
        if len(line) < 140 and (found := _POSTED.fullmatch(line.strip()))
    ]
    return _cut(lines, heads) if heads else []


def _by_blank(lines: list[str]) -> list[Raw]:
    """Posts parted by lines of a single hard space, as XenForo pages are pasted."""
    return _parted(lines, _BLANK)


def _by_rule(lines: list[str]) -> list[Raw]:
    """Posts parted by rules of dashes, stars or the like."""
    return _parted(lines, _RULE)


def _parted(lines: list[str], mark: re.Pattern[str]) -> list[Raw]:
    chunks: list[list[str]] = [[]]
    for line in lines:
        if len(line) < 200 and mark.fullmatch(line):
            chunks.append([])
        else:
            chunks[-1].append(line)
    return [_signed(chunk) for chunk in chunks] if len(chunks) > 1 else []


def _by_speaker(lines: list[str]) -> list[Raw]:
    """Posts that begin with "NAME:", where most paragraphs do and a name comes back."""
    starts = [
        i for i, line in enumerate(lines) if line.strip() and (not i or not lines[i - 1].strip())
    ]
    found = {i: said for i in starts if (said := _SPEAKER.fullmatch(lines[i]))}
    names = Counter(said["who"] for said in found.values())
    if len(names) < 2 or 2 * len(found) <= len(starts) or max(names.values()) < 2:
        return []
    rest = [found[i]["text"] if i in found else line for i, line in enumerate(lines)]
    return _cut(rest, [(i, i, said["who"]) for i, said in found.items()])


def _signed(chunk: list[str]) -> Raw:
    """A post whose first lines may be the poster's name and title."""
    full = [i for i, line in enumerate(chunk) if line.strip()]
    short = 0
    while short < len(full) and short < 4 and _label(chunk[full[short]].strip()):
        short += 1
    if 1 < short < len(full):
        return _raw(chunk[full[0]].strip(), chunk[full[short] :])
    if (
        short == 1 < len(full)
        and re.search(r"\d|_|[a-z][A-Z]", chunk[full[0]])
        and " " not in chunk[full[0]].strip()
    ):
        return _raw(chunk[full[0]].strip(), chunk[full[1] :])
    return _raw("", chunk)


def _label(line: str) -> bool:
    if _CHROME.fullmatch(line) or line.startswith((">", "[")):
        return False
    return len(line) <= 30 and len(line.split()) <= 3 and line[-1] not in ".?!:;,\u2026"


# ---- what is quoted ---------------------------------------------------------------------------
_BBCODE = re.compile(r"\[(?P<end>/)?quote(?:=(?P<who>[^\[\]\n]{0,200}))?\]", re.IGNORECASE)


def marked_quotes(post: Raw) -> Raw:
    """
    The lines of a post with the depth at which they are quoted.

    Examples
    --------
    >>> marked_quotes(Raw("", [(0, "", "Ann wrote:"), (0, "", "> Yes."), (0, "", "No.")])).parts
    [(1, 'Ann', 'Yes.'), (0, '', 'No.')]
    """
    lines = [line for _, _, line in post.parts]
    ends = [i for i, line in enumerate(lines) if line.strip().startswith("Click to expand")]
    parts: list[tuple[int, str, str]] = []
    stack: list[str] = []
    frame = 0  # line before which a "NAME said: ... Click to expand" quote ends
    said: dict[int, str] = {}
    for i, line in enumerate(lines):
        bare, arrows = _arrows(line)
        ends = ends[1:] if ends and ends[0] < i else ends
        if _BBCODE.search(bare):
            stack = _bbcode(bare, stack, parts)
            continue
        if ends and i >= frame and (who := attributed(bare.strip())):
            said[len(stack) + arrows + 1], frame = who, ends[0]
            continue
        if (who := attributed(bare.strip())) and _arrows_follow(lines, i):
            said[len(stack) + arrows + 1] = who
            continue
        depth = len(stack) + arrows + (1 if i < frame else 0)
        who = said.get(depth, "") if arrows or i < frame else (stack[-1] if stack else "")
        if not _CHROME.fullmatch(bare.strip()):
            parts.append((depth, who if depth else "", bare))
            said = said if depth or not bare.strip() else {}
    return Raw(post.who, parts)


def _arrows(line: str) -> tuple[str, int]:
    """A line without the marks of a mail's quote, and how many there were."""
    found = re.match(r"(?:[ \t]{0,3}[>|](?![:-]))+", line)
    return (line[found.end() :].strip(), len(re.findall("[>|]", found[0]))) if found else (line, 0)


def _arrows_follow(lines: list[str], i: int) -> bool:
    here = _arrows(lines[i])[1]
    return any(_arrows(line)[1] > here for line in lines[i + 1 : i + 3])


def _bbcode(line: str, stack: list[str], parts: list[tuple[int, str, str]]) -> list[str]:
    """Cut a line at its quote tags."""
    at = 0
    stack = list(stack)
    for tag in _BBCODE.finditer(line):
        if line[at : tag.start()].strip():
            parts.append((len(stack), stack[-1] if stack else "", line[at : tag.start()]))
        if not tag["end"] and len(stack) < DEEPEST:
            stack.append(re.split("[\"',;]", (tag["who"] or "").strip(" \"'"))[0].strip()[:60])
        elif tag["end"] and stack:
            stack.pop()
        at = tag.end()
    if line[at:].strip():
        parts.append((len(stack), stack[-1] if stack else "", line[at:]))
    return stack
