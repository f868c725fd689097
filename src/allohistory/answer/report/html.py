"""Blocks of a page as HTML: everything escaped, tables that turn into cards on a phone."""

from collections.abc import Iterable
from html import escape

from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose

DRAWN = frozenset("●━○·▁▂▃▄▅▆▇█ ")
"""Letters of plots made for terminals; figures take their place here."""


def text(value: str) -> str:
    """Text with nothing in it that HTML would take for its own; line breaks are kept."""
    return "<br>".join(escape(line) for line in value.splitlines())


def blocks(rows: Iterable[Block], *, deeper: int = 0, folded: bool = False) -> str:
    """Blocks as HTML; headings move `deeper` by so many levels, tables are `folded` on phones."""
    return "\n".join(filter(None, (_block(row, deeper, folded=folded) for row in rows)))


def _block(block: Block, deeper: int, *, folded: bool) -> str:
    if isinstance(block, Heading):
        level = min(block.level + deeper, 6)
        return f"<h{level}>{text(block.text)}</h{level}>"
    if isinstance(block, Prose):
        if _drawn(block.text):
            return ""
        quiet = ' class="quiet"' if block.quiet else ""
        return f"<p{quiet}>{text(block.text)}</p>"
    if isinstance(block, Bullets):
        items = "".join(f"<li>{text(item)}</li>" for item in block.items)
        return f"<ul>{items}</ul>"
    return fold(block) if folded else table(block)


def fold(grid: Grid) -> str:
    """
    A table that a phone shows only when asked to; it is open elsewhere and in print.

    It is written open, so that nothing is hidden from a reader without scripts.
    """
    many = len(grid.rows)
    said = f"Table: {many} row{'' if many == 1 else 's'}"
    return f'<details class="fold" open><summary>{said}</summary>{table(grid)}</details>'


def _drawn(line: str) -> bool:
    """Whether a line is a drawing in letters, as sparklines with their years are."""
    return any(letter in DRAWN - {" ", "·"} for letter in line) and ":" not in line


def table(grid: Grid, *, caption: str = "") -> str:
    """
    A table as HTML.

    Parameters
    ----------
    grid : Grid
        Columns that only draw (`plot` with nothing else in a cell) are left out.
    caption : str
        Said to those who cannot see the table.
    """
    plain = [_plain(grid, n) for n in range(len(grid.columns))]
    head = "".join(
        f'<th scope="col"{_side(column)}>{text(column.name)}</th>'
        for column, kept in zip(grid.columns, plain, strict=True)
        if kept is not None
    )
    body = []
    for n in range(len(grid.rows)):
        cells = [
            f'<td data-label="{escape(column.name)}"{_side(column)}>{text(kept[n])}</td>'
            for column, kept in zip(grid.columns, plain, strict=True)
            if kept is not None
        ]
        marked = ' class="parted"' if n in grid.marked else ""
        body.append(f"<tr{marked}>{''.join(cells)}</tr>")
    named = f"<caption>{text(caption)}</caption>" if caption else ""
    return f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _side(column: Column) -> str:
    classes = [name for name, on in (("right", column.right), ("firm", column.firm)) if on]
    return f' class="{" ".join(classes)}"' if classes else ""


def _plain(grid: Grid, n: int) -> list[str] | None:
    """Cells of a column without what is drawn in letters; None where nothing else is there."""
    cells = [row[n] for row in grid.rows]
    if not grid.columns[n].plot:
        return cells
    kept = [
        "\n".join(line for line in cell.splitlines() if not set(line) <= DRAWN) for cell in cells
    ]
    return kept if any(kept) else None


def details(summary: str, inner: str) -> str:
    """Something to be opened: a figure's table, small print."""
    return f"<details><summary>{text(summary)}</summary>{inner}</details>"


def figure(title: str, told: str, drawn: str, shown: str) -> str:
    """
    A figure with its title, a sentence on what it shows, and the same as a table.

    Parameters
    ----------
    title, told : str
    drawn, shown : str
        SVG, and the HTML of a table.
    """
    return (
        f'<figure><figcaption><h3>{text(title)}</h3><p class="quiet">{text(told)}</p>'
        f"</figcaption>{drawn}{details('Show as a table', shown)}</figure>"
    )
