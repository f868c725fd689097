"""What the pages in docs say can be typed, opened and asked."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from allohistory.cli import app
from allohistory.question.read import read, read_text
from allohistory.question.resolve import resolve
from allohistory.question.shelf import bundled

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["first-question", "own-divergence", "reading-an-answer", "teaching", "scholars",
         "how-it-works", "limits", "architecture", "extending", "trust"]  # fmt: skip
TYPED = [*PAGES, "api", "performance", "model-card", "README"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([\w-]+))?\)")
INLINE = re.compile(r"`(allohistory [^`]+)`")


def text_of(page):
    place = ROOT if page == "README" else ROOT / "docs"
    return (place / f"{page}.md").read_text(encoding="utf-8")


def blocks(page, kind):
    return [text for found, text in FENCE.findall(text_of(page)) if found == kind]


def commands():
    """Every command of allohistory that a page shows, with its page."""
    for page in TYPED:
        lines = [line for block in blocks(page, "bash") for line in block.splitlines()]
        for line in lines + INLINE.findall(text_of(page)):
            if re.search(r"(^|/)allohistory ", line):
                yield pytest.param(line[line.index("allohistory ") :], id=f"{page}: {line}")


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page):
    for target, heading in LINK.findall(text_of(page)):
        place = (ROOT / "docs" / target).resolve()
        assert place.exists(), target
        if heading:
            found = re.findall(r"^#+ (.+)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in map(slug, found), heading


def test_the_readme_leads_to_every_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if f"(docs/{page}.md)" not in readme] == []


@pytest.mark.parametrize("line", list(commands()))
def test_every_command_is_one_and_has_its_options(line):
    words = shlex.split(line, comments=True)[1:]
    command = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands, words[0]
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {option for parameter in command.params for option in parameter.secondary_opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
    questions = [word for word in words if word.endswith("-alliance")]
    assert set(questions) <= set(bundled())
    if "--pod" in words:
        ids = [pod.id for pod in read(questions[0]).spec.pod]
        assert words[words.index("--pod") + 1] in ids


@pytest.mark.parametrize("page", [page for page in TYPED if blocks(page, "toml")])
def test_every_question_of_a_page_can_be_asked(page):
    for text in blocks(page, "toml"):
        assert resolve(read_text(text)).plans


def test_the_first_page_names_every_bundled_question():
    assert set(re.findall(r"bundled/([\w-]+)\.toml", text_of("first-question"))) == set(bundled())
