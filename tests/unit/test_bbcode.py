"""BBCode that a small parser of a forum's rules reads back as the text that went in."""

import re
import sys
from pathlib import Path

import pytest

from allohistory.answer import bbcode
from allohistory.answer.blocks import Bullets, Column, Grid, Heading, Prose
from allohistory.answer.page import page

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import make_answer

_TAG = re.compile(r"\[(/?)([A-Za-z]+|\*)(?:=([^\]\n]*))?\]")
_ALONE = {"*"}
EVIL = [
    "[b]bold[/b]", "[/SPOILER][/LIST][QUOTE=me]x", "[url=http://x]y[/url]", "[[b]]", "[", "]",
    "[*] item", "[IMG]x[/IMG]", "\u05e9\u05dc\u05d5\u05dd \u202e[b]\u202c", "x" * 10_000,
    "[b]" * 3_000, "<b>&amp;</b>", "[\u2060b]", "a\nb",
]  # fmt: skip


def parse(text):
    """Tags as a tree of (name, argument, children); what is not closed in order is refused."""
    root = ("", None, [])
    stack, at = [root], 0
    for found in _TAG.finditer(text):
        if found.start() > at:
            stack[-1][2].append(text[at : found.start()])
        at = found.end()
        close, name, argument = found[1], found[2].upper(), found[3]
        if close:
            assert stack[-1][0] == name, f"[/{name}] closes [{stack[-1][0]}]"
            stack.pop()
        else:
            node = (name, argument, [])
            stack[-1][2].append(node)
            if name not in _ALONE:
                stack.append(node)
    stack[-1][2].append(text[at:])
    assert len(stack) == 1, f"[{stack[-1][0]}] is never closed"
    return root


def plain(node):
    """Text of a tree, without the letters that keep brackets from being tags."""
    return "".join(
        part.replace("[\u2060", "[") if isinstance(part, str) else plain(part) for part in node[2]
    )


def tags(node):
    for part in node[2]:
        if not isinstance(part, str):
            yield part
            yield from tags(part)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_an_answer_uses_only_the_stated_tags_and_closes_them_in_order():
    for tables in (False, True):
        tree = parse(bbcode.render(make_answer(), tables=tables))
        used = {name for name, _, _ in tags(tree)}
        assert used <= bbcode.TAGS | (bbcode.TABLE_TAGS if tables else set())
        assert ("TABLE" in used) == tables
        # A reply drops what is quoted.
        assert "QUOTE" not in used


def test_all_that_the_page_says_in_words_is_there():
    answer = make_answer()
    text = squeezed(plain(parse(bbcode.render(answer))))
    for block in page(answer):
        if isinstance(block, Heading | Prose):
            assert squeezed(block.text) in text
        elif isinstance(block, Bullets):
            assert all(squeezed(item) in text for item in block.items)
        else:
            for row in block.rows:
                for cell, column in zip(row, block.columns, strict=True):
                    if not column.plot and cell != "-" and column.name != "#":
                        assert all(squeezed(line) in text for line in cell.splitlines())


def test_sections_after_the_first_are_folded_never_in_each_other():
    tree = parse(bbcode.render(make_answer()))
    folded = [node for node in tags(tree) if node[0] == "SPOILER"]
    assert len(folded) >= 3
    assert not any(inner[0] == "SPOILER" for node in folded for inner in tags(node))


@pytest.mark.parametrize("tables", [False, True])
@pytest.mark.parametrize("evil", EVIL)
def test_markup_in_any_text_comes_back_as_text(evil, tables):
    blocks = [
        Heading(evil, 1), Prose(evil), Heading(evil), Prose(evil, quiet=True), Heading(evil),
        Bullets((evil, evil)), Grid((Column(evil), Column("b")), ((evil, evil),), frozenset({0})),
    ]  # fmt: skip
    text = bbcode.write(blocks, tables=tables)
    tree = parse(text)

    names = {name for name, _, _ in tags(tree)}
    assert names <= bbcode.TAGS | bbcode.TABLE_TAGS
    assert not names & {"URL", "IMG", "QUOTE"}
    assert squeezed(plain(tree)).count(squeezed(evil.replace("\n", ";"))) >= 2
    assert squeezed(evil) in squeezed(plain(tree))


def test_what_parted_stands_out():
    grid = Grid((Column("Year"), Column("b")), (("1904", "x"), ("1905", "y")), frozenset({1}))
    coloured = [node for node in tags(parse(bbcode.write([grid]))) if node[0] == "COLOR"]
    assert [plain(node) for node in coloured] == ["1905"]
