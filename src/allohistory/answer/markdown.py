"""An answer as GitHub Markdown, to be posted where it was asked."""

import re
from collections.abc import Iterable

from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.page import page
from allohistory.answer.wording import Answer

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
# "<1%" is no tag; "<b" could be one.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINES = frozenset("●━○·")


def render(answer: Answer) -> str:
    """
    Write an answer as Markdown.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.

    Returns
    -------
    str
        The same content as on the terminal.
    """
    return write(page(answer))


def write(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown, an empty line between them."""
    return "\n\n".join(_block(block) for block in blocks) + "\n"


def escaped(text: str) -> str:
    r"""
    Text without anything that Markdown would take for its own.

    Examples
    --------
    >>> escaped("a*b | <i> <1%")
    'a\\*b \\| &lt;i> <1%'
    """
    return _TAG.sub("&lt;", _SPECIAL.sub(r"\\\1", text))


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {escaped(block.text)}"
    if isinstance(block, Prose):
        # Small print in italics reads as such everywhere, <sub> does not.
        return f"*{escaped(block.text)}*" if block.quiet else escaped(block.text)
    if isinstance(block, Bullets):
        return "\n".join(f"- {escaped(item)}" for item in block.items)
    return _table(block)


def _table(block: Grid) -> str:
    head = _row([escaped(column.name) for column in block.columns])
    rule = _row(["---:" if column.right else ":---" for column in block.columns])
    body = [
        _row([_cell(cell, column) for cell, column in zip(row, block.columns, strict=True)])
        for row in block.rows
    ]
    return "\n".join([head, rule, *body])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: str, column: Column) -> str:
    # A drawn line needs letters of one width: as code.
    return "<br>".join(
        f"`{line}`" if column.plot and set(line) <= _LINES else escaped(line)
        for line in cell.splitlines()
    )
