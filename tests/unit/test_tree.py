"""House rules that a linter cannot state."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import allohistory

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "allohistory"
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = MODULES + sorted(
    path for folder in ("tests", "scripts") for path in (ROOT / folder).rglob("*.py")
)


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_the_rules_see_the_package():
    """An empty list of files would pass every rule below."""
    assert PACKAGE / "__init__.py" in MODULES
    assert Path(__file__).resolve() in SOURCES


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_is_named_utils(path):
    """A room is named after what it holds."""
    names = {path.stem, path.parent.name}

    assert not names & {"utils", "util", "helpers", "misc", "common"}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_module_opens_with_a_docstring(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_folder_of_modules_is_a_package():
    """The linter of imports overlooks a folder without __init__."""
    folders = {path.parent for path in MODULES}

    assert [f for f in folders if not (f / "__init__.py").is_file()] == []


def test_citation_and_package_agree_on_the_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = re.search(r'^version: "(.+)"$', citation, re.MULTILINE)

    assert found
    assert found[1] == allohistory.__version__


def test_the_readme_has_the_two_commands_that_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in readme if line.startswith("python3 -m venv")]

    assert len(commands) == 2
    assert "allohistory ask" in commands[0]
    assert "pytest" in commands[1]


def test_a_fragment_of_the_changelog_has_a_kind_and_a_sentence():
    """Towncrier passes over what it does not know, and the change would never be told."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    kinds = {kind["directory"] for kind in config["towncrier"]["type"]}
    folder = ROOT / config["towncrier"]["directory"]
    for path in folder.iterdir():
        if path.name != "README.md":
            assert path.name.split(".")[1:] in [[kind, "md"] for kind in kinds], path.name
            assert path.read_text(encoding="utf-8").rstrip().endswith("."), path.name
    assert config["towncrier"]["start_string"] in (ROOT / "CHANGELOG.md").read_text("utf-8")
