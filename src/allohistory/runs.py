"""
The run store: every ask has a folder of its own, which a kill cannot leave half-written.

A run is named by what it asks (question, settings, record, parameters, sources), so that the same
ask finds its own folder again. `manifest.json` is written before any work, pieces of work are kept
as they come (`answer.store`), the answer follows, and last a seal: the hashes of all files. What
has no seal is unfinished and is gone on with; what does not agree with its seal is named and done
again. `running` begins runs and brings them to their end; nothing heavy is imported here.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from allohistory.errors import RunError, UnknownNameError

MANIFEST, ANSWER, TOLD, SEAL = "manifest.json", "answer.json", "answer.md", "sealed.json"
PROGRESS, LOCK, SAID = "progress.json", ".lock", "said.txt"
LOOK = 0.02
"""Seconds in which a look at a run is over."""
_PART = re.compile(rf"\.({MANIFEST}|{ANSWER}|{TOLD}|{SEAL}|{PROGRESS}|.+\.toml)\.\d+")
"""Names of files that were being written when their process was killed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What an ask depends on beside the question; jobs and executors change no byte of it.

    Attributes
    ----------
    runs : int or None
        Fresh runs per point of divergence; None for the default.
    seed : int
    without : tuple of str
        Mechanisms switched off.
    elicited : bool
    search : bool
        Whether to look beyond the listed points of divergence.
    """

    runs: int | None = None
    seed: int = 1
    without: tuple[str, ...] = ()
    elicited: bool = True
    search: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """
    One run's folder.

    Attributes
    ----------
    folder : Path
    manifest : dict
        ``id, name, question, file, settings, version, world, began``.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """Its name among the runs."""
        return self.folder.name

    @property
    def question(self) -> Path:
        """The question as it was asked."""
        return self.folder / str(self.manifest["file"])

    @property
    def resume(self) -> str:
        """Command that brings it to its end."""
        return f"allohistory runs resume {self.id}"

    @property
    def settings(self) -> Settings:
        """What it was asked with."""
        found = dict(self.manifest["settings"])
        return Settings(**{**found, "without": tuple(found["without"])})

    @property
    def done(self) -> bool:
        """Whether it has an answer under a seal."""
        return (self.folder / SEAL).exists()

    @property
    def state(self) -> str:
        """``done``, ``running`` (some process holds it) or ``unfinished``."""
        if self.done:
            return "done"
        try:
            # Another who only looks holds it for a moment too.
            with FileLock(self.folder / LOCK, timeout=LOOK, poll_interval=LOOK / 4):
                return "unfinished"
        except Timeout:
            return "running"

    def answer(self) -> dict[str, Any]:
        """
        The answer of a finished run.

        Raises
        ------
        RunError
            It is not finished, or a file does not agree with its seal.
        """
        if not self.done:
            raise RunError(
                f"the run {self.id} is not finished", f"allohistory runs resume {self.id}"
            )
        wrong = damage(self)
        if wrong:
            raise RunError(f"{wrong[0]} of the run {self.id}", f"allohistory runs resume {self.id}")
        found: dict[str, Any] = json.loads((self.folder / ANSWER).read_text(encoding="utf-8"))
        return found

    def progress(self) -> dict[str, Any]:
        """What was last said of it: ``text, done, total``; empty where nothing was."""
        try:
            found = json.loads((self.folder / PROGRESS).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def home() -> Path:
    """Folder of all runs."""
    root = os.environ.get("ALLOHISTORY_HOME")
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (Path(root) if root else data / "allohistory") / "runs"


def durable(path: Path, text: str) -> None:
    """
    Write a file whole or not at all, also when the power fails.

    The part file is flushed to the disk before it takes its place, and the folder after it.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _hash(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=20).hexdigest()


def readable(folder: Path) -> bool:
    """Whether a run's folder can be opened."""
    try:
        opened(folder)
    except RunError:
        return False
    return True


def opened(folder: Path) -> Run:
    """
    Open a run's folder.

    Raises
    ------
    RunError
        Its manifest or its question is missing or damaged.
    """
    try:
        run = Run(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        shown = all(isinstance(run.manifest[key], str) for key in ("question", "began"))
        inside = run.question.parent == folder and run.question.is_file()
        whole = shown and inside and _sound(run.settings)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise RunError(
            f"the folder of the run {folder.name} has no readable {MANIFEST}",
            f"allohistory runs remove {folder.name}",
        )
    return run


def _sound(settings: Settings) -> bool:
    kinds = {"runs": int | None, "seed": int, "elicited": bool, "search": bool}
    typed = all(isinstance(getattr(settings, name), kind) for name, kind in kinds.items())
    named = not [name for name in settings.without if type(name) is not str]
    return typed and named and settings.seed >= 0


def quick(path: Path, value: dict[str, Any]) -> None:
    """Write what may be lost: whole or not at all, and not flushed to the disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(value), encoding="utf-8")
        part.replace(path)
    except OSError:
        # Progress is for looking at; a full disk is told of where the answer is written.
        part.unlink(missing_ok=True)


def swept(folder: Path) -> int:
    """
    Remove what a kill left beside a run's files; returns how many.

    Only who holds the run's lock may call it: nobody else writes there.
    """
    found = [path for path in folder.iterdir() if _PART.fullmatch(path.name)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def tidied(folder: Path) -> None:
    """Remove what a kill left beside a run's files, unless some process computes the run."""
    with suppress(Timeout, OSError), FileLock(folder / LOCK, timeout=0):
        swept(folder)


def seal(run: Run) -> None:
    """Write the hashes of a run's files, as the last of them."""
    names = (run.question.name, MANIFEST, ANSWER, TOLD)
    hashes = {name: _hash(run.folder / name) for name in names}
    durable(run.folder / SEAL, json.dumps(hashes, indent=1) + "\n")


def damage(run: Run) -> list[str]:
    """
    What of a finished run does not agree with its seal, a clause for each file.

    An unfinished run has nothing to disagree with.
    """
    return _disagrees(run.folder, (run.question.name, MANIFEST, ANSWER, TOLD))


def unreadable() -> Iterator[tuple[str, list[str]]]:
    """
    Folders that cannot be opened: the id, and what of it does not agree with its seal.

    A folder without a seal was left by a kill before its manifest was written: nothing is lost.
    """
    folders = sorted(p for p in home().iterdir() if p.is_dir()) if home().is_dir() else []
    for folder in folders:
        if not readable(folder):
            yield folder.name, _disagrees(folder, (MANIFEST, ANSWER, TOLD))


def _disagrees(folder: Path, expected: tuple[str, ...]) -> list[str]:
    path = folder / SEAL
    if not path.exists():
        return []
    try:
        hashes = json.loads(path.read_text(encoding="utf-8"))
        named = {str(name): str(digest) for name, digest in hashes.items()}
    except (OSError, ValueError, AttributeError, RecursionError):
        return [f"the seal {SEAL} cannot be read"]
    wrong = []
    for name in dict.fromkeys((*expected, *named)):
        file = folder / Path(name).name
        if name not in named:
            wrong.append(f"the seal does not name {name}")
        elif not file.is_file():
            wrong.append(f"the file {name} is missing")
        elif _hash(file) != named[name]:
            wrong.append(f"the file {name} was altered or cut short")
    return wrong


def every() -> Iterator[Run]:
    """All runs that can be opened, the latest first."""
    try:
        folders = sorted(p for p in home().iterdir() if p.is_dir())
    except OSError:
        return
    found = []
    for folder in folders:
        try:
            found.append(opened(folder))
        except RunError:
            continue
    yield from sorted(found, key=lambda r: (str(r.manifest.get("began")), r.id), reverse=True)


def find(name: str) -> Run:
    """
    Find a run by its id, or by its first letters where only one has them.

    Raises
    ------
    UnknownNameError
        No run has the id; the nearest are named.
    RunError
        Several begin like this, or its folder is damaged.
    """
    names = sorted(p.name for p in home().iterdir() if p.is_dir()) if home().is_dir() else []
    like = [n for n in names if n == name] or [n for n in names if name and n.startswith(name)]
    if not like:
        raise UnknownNameError(name, tuple(names), "run")
    if len(like) > 1:
        raise RunError(f'"{name}" may be any of {len(like)} runs: {", ".join(like)}')
    return opened(home() / like[0])


def remove(name: str) -> str:
    """
    Remove a run's folder, damaged or not; returns its id.

    Raises
    ------
    UnknownNameError, RunError
        There is no such run, or a process is computing it.
    """
    names = [p.name for p in home().iterdir() if p.is_dir()] if home().is_dir() else []
    if name not in names:
        name = find(name).id
    folder = home() / name
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        with lock:
            shutil.rmtree(folder)
    except Timeout:
        raise RunError(f"the run {name} is being computed; stop that process first") from None
    return name
