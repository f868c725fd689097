"""An answer on a terminal; colour helps and nothing depends on it."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from allohistory.answer.blocks import Block, Bullets, Grid, Heading, Prose
from allohistory.answer.page import page
from allohistory.answer.wording import Answer

_COLUMNS = 110
_PLAIN = str.maketrans("●━○·▁▂▃▄▅▆▇█", "*=o....:::##")


def render(answer: Answer, console: Console) -> None:
    """
    Print an answer.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    console : Console
        Where to; wraps at its width, and at 110 columns where it is wider.
    """
    show(page(answer), console)


def show(blocks: Iterable[Block], console: Console) -> None:
    """
    Print blocks.

    Parameters
    ----------
    blocks : iterable of Block
    console : Console
        As for `render`.
    """
    width = min(console.width, _COLUMNS)
    for block in blocks:
        _print(block, console, width)


def _print(block: Block, console: Console, width: int) -> None:
    # Text and never markup: square brackets in a title are no style.
    if isinstance(block, Heading):
        console.print()
        style = "bold" if block.level < 3 else "italic"
        console.print(Text(_spelled(block.text, console), style=style), width=width)
        if block.level == 2:
            console.print(Text(_rule(console) * min(len(block.text), width), style="dim"))
    elif isinstance(block, Prose):
        style = "dim" if block.quiet else ""
        console.print(Text(_spelled(block.text, console), style=style), width=width)
    elif isinstance(block, Bullets):
        console.print(_bullets(block, console), width=width)
    else:
        console.print(_table(block, console), width=width)


def _rule(console: Console) -> str:
    return "-" if console.options.ascii_only else "─"


def _spelled(text: str, console: Console) -> str:
    return text.translate(_PLAIN) if console.options.ascii_only else text


def _bullets(block: Bullets, console: Console) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(overflow="fold")
    for item in block.items:
        grid.add_row("-", Text(_spelled(item, console)))
    return grid


def _table(block: Grid, console: Console) -> Table:
    tall = any("\n" in cell for row in block.rows for cell in row)
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1),
        collapse_padding=True,
        header_style="bold",
        leading=1 if tall else 0,
    )
    for column in block.columns:
        table.add_column(
            Text(column.name),
            justify="right" if column.right else "left",
            no_wrap=column.firm,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*(Text(_spelled(cell, console)) for cell in row))
    return table
