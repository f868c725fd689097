"""
Every block of commands, Python and TOML in README and docs does what it says.

A block runs in the folder of its page, after those above it, with few runs, one worker and the
smallest bundled question. Only a comment `<!-- not run: why -->` between it and the heading or
block above excuses one. That every name and option exists is in `tests/unit/test_docs.py`.
"""

import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from allohistory import cli, replay

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(bash|console|python|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXCUSE = re.compile(r"<!-- not run: (\S+ \S+ .*?) -->", re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\S*/)?allohistory ")
BIG = re.compile(r"sino-japanese-alliance|german-russian-alliance|indo-pakistani-alliance")
SMALL = "polish-czechoslovak-alliance"
FEW = {"ask": ("--runs 8", "--jobs 1"), "replay": ("--runs 1", "--jobs 1"), "rerun": ("--jobs 1",)}


def blocks(text):
    """Kind, text and excuse (or nothing) of every block."""
    end = 0
    for found in BLOCK.finditer(text):
        since = re.split(r"^#+ ", text[end : found.start()], flags=re.MULTILINE)[-1]
        excuse = EXCUSE.search(since)
        yield found[1], found[2], excuse and excuse[1]
        end = found.end()


def commands(block):
    """Words of every command of ours in a block, as few runs of one worker."""
    for line in BIG.sub(SMALL, block).splitlines():
        for part in line.split(" && "):
            if COMMAND.match(part):
                words = shlex.split(part, comments=True)[1:]
                for option in FEW.get(words[0], ()):
                    name, number = option.split()
                    if name in words:
                        words[words.index(name) + 1] = number
                    else:
                        words += [name, number]
                yield words


def runnable(path):
    return any(
        not excuse and (kind in {"python", "toml"} or list(commands(text)))
        for kind, text, excuse in blocks(path.read_text(encoding="utf-8"))
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder whose runs and answers all pages share: what one has asked the next one reads."""
    place = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOHISTORY_HOME", str(place / "home"))
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        patch.setenv("ALLOHISTORY_CACHE_MB", "64")
        yield place


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in PAGES if runnable(p)], ids=lambda path: path.stem)
def test_the_blocks_of_a_page_run(path, desk, monkeypatch, capsys):
    here = desk / path.stem
    here.mkdir()
    monkeypatch.chdir(here)
    for kind, text, excuse in blocks(path.read_text(encoding="utf-8")):
        if excuse:
            continue
        if kind == "toml":
            assert tomllib.loads(text)
        elif kind == "python":
            few = re.sub(r"runs=\d+, seed=1, jobs=\d", "runs=8, seed=1, jobs=1", text)
            few = BIG.sub(SMALL, few)
            exec(compile(few, path.name, "exec"), {})
        else:
            for words in commands(text):
                monkeypatch.setattr(sys, "argv", ["allohistory", *words])
                with pytest.raises(SystemExit) as stopped:
                    cli.main()
                assert stopped.value.code == 0, (words, capsys.readouterr().err)
                for option in ("--out", "--report", "--card"):
                    if option in words:
                        assert (here / words[words.index(option) + 1]).stat().st_size > 0


def test_an_excuse_stands_where_a_block_would_run():
    """An excuse that excuses nothing hides the next block that is put there."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        taken = [excuse for _, _, excuse in blocks(text) if excuse]
        assert len(EXCUSE.findall(text)) == len(taken), path.name
        assert text.count("<!-- not run:") == len(taken), path.name


def test_what_the_readme_says_of_a_replay():
    assert '`ah.replay(1870, 1913, runs=4)["cells_changed"]` is 0' in PAGES[0].read_text("utf-8")
    assert replay(1870, 1913, runs=4)["cells_changed"] == 0
