#!/usr/bin/env python3
"""
Throw texts at every reader, led by what they reach (atheris), and keep what breaks one.

    pip install atheris                          # beside the package; it needs Linux and a compiler
    python scripts/fuzz.py --minutes 10          # all readers, an equal share of the time each
    python scripts/fuzz.py ledger --minutes 2 --keep found

A reader gives a value or an error of ours in one line, soon. Whatever else happens is a finding:
its input is kept, once for each kind of error and place, and the exit code is 1. Seeds are the
files that the package ships and `tests/data/fuzz`; turn a finding into a named test.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "tests" / "data" / "fuzz"
READERS = ("question", "timeline", "card", "ledger", "draft", "thread")
WATCHED = ("allohistory.question.", "allohistory.thread.", "allohistory.answer.scenario.")
# Where kernels are nothing can be counted: numba would have to compile the counters too.
KERNEL = "njit"
# Beside what it would be, counting what is reached takes some five times as long.
HANG = 5 * 2.0
MEMORY = 2000


def main() -> int:
    """Fuzz, in a process for each reader, and print what was done."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("reader", nargs="*", choices=[*READERS, []], help="all, if none is named")
    options.add_argument("--minutes", type=float, default=10.0, help="for all of them together")
    options.add_argument("--keep", type=Path, help="folder for findings and reached inputs")
    options.add_argument("--inside", help=argparse.SUPPRESS)
    given = options.parse_args()
    readers = given.reader or list(READERS)
    keep = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    seconds = max(1, round(60 * given.minutes / len(readers)))
    if given.inside:
        _fuzz(given.inside, keep / given.inside, seconds)
    print(f"{'reader':<10}{'executions':>12}{'reached':>9}{'kept':>7}{'findings':>10}")
    findings = 0
    for reader in readers:
        (keep / reader / "reached").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, __file__, "--inside", reader, "--keep", str(keep)]
        command += ["--minutes", str(seconds * len(READERS) / 60)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        if not tried:
            print(done.stderr[-2000:])
            return 2
        reached = re.findall(r"cov: (\d+) ft: \d+ corp: (\d+)", done.stderr)[-1]
        found = sorted((keep / reader).glob("*.txt"))
        # libFuzzer itself ends a run that takes all memory or never comes back.
        found += sorted((keep / reader).glob("*-*[0-9a-f]"))
        findings += len(found)
        print(f"{reader:<10}{int(tried[1]):>12,}{reached[0]:>9}{reached[1]:>7}{len(found):>10}")
        for file in found:
            print(f"  {file}")
    return int(findings > 0)


def _fuzz(reader: str, keep: Path, seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - a tool that need not be there

    with atheris.instrument_imports(include=["allohistory", "tomllib"], exclude=_unwatched()):
        read = _reader(reader)
    seeds = keep / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, text in enumerate(_seeds(reader)):
        (seeds / f"{number}").write_text(text, encoding="utf-8")
        read(text)
    seen: set[str] = set()

    def one(raw: bytes) -> None:
        text = raw.decode("utf-8", errors="replace")
        began = time.process_time()
        wrong = _wrong(read, text)
        if not wrong and time.process_time() - began > HANG:
            wrong = "hang", f"{time.process_time() - began:.1f} s"
        if wrong and wrong[0] not in seen:
            seen.add(wrong[0])
            name = keep / f"{len(seen)}.txt"
            name.write_text(f"{wrong[0]}\n{wrong[1]}\n----\n{text}", encoding="utf-8")

    words = SEEDS / ("thread.dict" if reader == "thread" else "toml.dict")
    atheris.Setup(
        [
            "fuzz", str(keep / "reached"), str(seeds), f"-dict={words}", "-max_len=20000",
            f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY}", "-timeout=60",
            "-print_final_stats=1", f"-artifact_prefix={keep}/", "-seed=1",
        ],
        one,
    )  # fmt: skip
    atheris.Fuzz()
    raise SystemExit


def _unwatched() -> list[str]:
    """Modules of the package whose lines are not counted."""
    source = ROOT / "src"
    out = []
    for path in (source / "allohistory").rglob("*.py"):
        name = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        if not f"{name}.".startswith(WATCHED) or KERNEL in path.read_text(encoding="utf-8"):
            out.append(name)
    return out


def _wrong(read: Callable[[str], object], text: str) -> tuple[str, str] | None:
    """Kind and account of what should not have happened."""
    from allohistory.errors import AllohistoryError  # noqa: PLC0415 - after the instrumenting

    try:
        read(text)
    except AllohistoryError as error:
        said = str(error)
        return None if said and "\n" not in said else ("a sentence of several lines", repr(said))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "allohistory" in f.filename] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        return f"{type(error).__name__} at {place}", "".join(traceback.format_exception(error))
    return None


def _reader(name: str) -> Callable[[str], Any]:
    """Take a text and do with it all that reading it means."""
    from allohistory.answer.scenario import read_card  # noqa: PLC0415 - after the instrumenting
    from allohistory.question import timeline  # noqa: PLC0415
    from allohistory.question.read import read_text  # noqa: PLC0415
    from allohistory.question.resolve import resolve  # noqa: PLC0415
    from allohistory.thread import draft, ledger, posts  # noqa: PLC0415

    return {
        "question": lambda text: resolve(read_text(text, "q.toml")),
        "timeline": lambda text: timeline.resolve(timeline.read_text(text, "t.toml")),
        "card": read_card,
        "ledger": lambda text: ledger.read_text(text, "l.toml"),
        "draft": lambda text: ledger.read_text(text, "d.toml"),
        "thread": lambda text: draft.draft(posts.read_thread(text)),
    }[name]


def _seeds(reader: str) -> list[str]:
    """Texts of the package and of `tests/data` that the reader takes."""
    package = files("allohistory")
    shipped = {
        "question": ("question", "bundled"),
        "timeline": ("question", "timelines"),
        "ledger": ("thread", "bundled"),
    }
    places = [*SEEDS.glob(f"{reader}-*")]
    if reader == "thread":
        places += [*(ROOT / "tests" / "data" / "threads").iterdir()]
    texts = [place.read_text(encoding="utf-8") for place in sorted(places)]
    if reader in shipped:
        folder = package.joinpath(*shipped[reader])
        texts += [p.read_text(encoding="utf-8") for p in sorted(folder.iterdir(), key=str)
                  if p.name.endswith(".toml")]  # fmt: skip
    return texts


if __name__ == "__main__":
    sys.exit(main())
