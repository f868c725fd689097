"""
An answer as BBCode, to be posted in a forum.

Only the tags of `TAGS` are used (and, where a forum has them, those of `TABLE_TAGS`). Nothing is
put in a QUOTE, which forums drop from replies. BBCode has no escape: an opening bracket in a text
is followed by a word joiner, which nobody sees and which keeps it from being a tag.
"""

from collections.abc import Iterable, Iterator

from allohistory.answer.blocks import Block, Bullets, Grid, Heading, Prose
from allohistory.answer.page import page
from allohistory.answer.wording import Answer

TAGS = frozenset({"B", "I", "U", "S", "COLOR", "SIZE", "URL", "LIST", "*", "QUOTE", "SPOILER"})
"""Tags that every forum of this field knows."""
TABLE_TAGS = frozenset({"TABLE", "TR", "TD"})
JOINER = "\u2060"
PARTED = "#009E73"
"""Colour of rows that stand out, readable on light and dark."""
_SIZES = {1: 5, 2: 4}
_DRAWN = frozenset("●━○·▁▂▃▄▅▆▇█ ")
_OPEN_SECTIONS = 1
"""Sections that stand open; the others are folded, each in a SPOILER."""


def render(answer: Answer, *, tables: bool = False) -> str:
    """
    Write an answer as BBCode.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    tables : bool
        Use TABLE, which not every forum has; else tables become lists.
    """
    return write(page(answer), tables=tables)


def write(blocks: Iterable[Block], *, tables: bool = False) -> str:
    """Write blocks as BBCode: the first section open, each later one folded."""
    out: list[str] = []
    sections = 0
    folded: list[str] = []

    def fold() -> None:
        if folded:
            out.append("[SPOILER]\n" + "\n\n".join(folded) + "\n[/SPOILER]")
            folded.clear()

    for block in blocks:
        text = _block(block, tables=tables)
        if not text:
            continue
        if isinstance(block, Heading) and block.level <= 2:
            fold()
            sections += block.level == 2
            out.append(text)
        else:
            (folded if sections > _OPEN_SECTIONS else out).append(text)
    fold()
    return "\n\n".join(out) + "\n"


def escaped(text: str) -> str:
    r"""
    Text without anything that BBCode would take for a tag.

    Examples
    --------
    >>> escaped("[b]").encode("unicode_escape")
    b'[\\u2060b]'
    """
    return text.replace("[", f"[{JOINER}")


def _block(block: Block, *, tables: bool) -> str:
    if isinstance(block, Heading):
        text = f"[B]{escaped(block.text)}[/B]"
        size = _SIZES.get(block.level)
        return f"[SIZE={size}]{text}[/SIZE]" if size else text
    if isinstance(block, Prose):
        return f"[I]{escaped(block.text)}[/I]" if block.quiet else escaped(block.text)
    if isinstance(block, Bullets):
        return _list(map(escaped, block.items))
    return _table(block) if tables else _list(_rows(block))


def _list(items: Iterable[str]) -> str:
    return "[LIST]\n" + "".join(f"[*]{item}\n" for item in items) + "[/LIST]"


def _cell(cell: str) -> str:
    lines = [line for line in cell.splitlines() if not (line and set(line) <= _DRAWN)]
    text = ""
    for line in filter(None, lines):
        # A new sentence or something in brackets needs no mark before it.
        mark = "" if not text else " " if text.endswith(".") or line.startswith("(") else "; "
        text += mark + line
    return escaped(text)


def _rows(grid: Grid) -> Iterator[str]:
    """Each row as one line: the first cell that is more than a number in bold, then the others."""
    for n, row in enumerate(grid.rows):
        cells = [_cell(cell) for cell in row]
        lead = next((k for k, column in enumerate(grid.columns) if column.name != "#"), 0)
        first = f"[B]{cells[lead]}[/B]"
        if n in grid.marked:
            first = f"[COLOR={PARTED}]{first}[/COLOR]"
        rest = [
            f"[I]{escaped(column.name)}:[/I] {cell}"
            for k, (column, cell) in enumerate(zip(grid.columns, cells, strict=True))
            if k > lead and cell not in ("", "-")
        ]
        yield " | ".join([first, *rest])


def _table(grid: Grid) -> str:
    def line(cells: Iterable[str]) -> str:
        return "[TR]" + "".join(f"[TD]{cell}[/TD]" for cell in cells) + "[/TR]"

    lines = [line(f"[B]{escaped(column.name)}[/B]" for column in grid.columns)]
    lines += [line(_cell(cell) for cell in row) for row in grid.rows]
    return "[TABLE]\n" + "\n".join(lines) + "\n[/TABLE]"
