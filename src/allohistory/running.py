"""Runs begun and brought to their end: the only place that computes into the run store."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from allohistory import __version__
from allohistory.answer import markdown
from allohistory.answer.keys import world_hash
from allohistory.ask import ask
from allohistory.model.switches import check
from allohistory.pid import born
from allohistory.question.read import Source, read
from allohistory.question.resolve import resolve
from allohistory.runs import (
    ANSWER,
    LOCK,
    MANIFEST,
    PROGRESS,
    SEAL,
    TOLD,
    Run,
    Settings,
    damage,
    durable,
    home,
    opened,
    quick,
    readable,
    seal,
    swept,
)

Say = Callable[..., object]
PATIENCE = 10.0
"""Seconds that a run's folder may be held by somebody who is just making it."""


def begin(question: str | Path | Source, settings: Settings) -> Run:
    """
    Make a run's folder, or find it where the same was asked before.

    Raises
    ------
    QuestionError
        The question cannot be read; no folder is made.
    """
    source = question if isinstance(question, Source) else read(question)
    resolve(source)
    check(settings.without)
    stem = Path(source.file).stem or "question"
    parts = [source.text, stem, asdict(settings), world_hash(), __version__]
    digest = blake2b(json.dumps(parts).encode(), digest_size=6).hexdigest()
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in stem)[:60]
    folder = home() / f"{name.strip('-') or 'question'}-{digest}"
    file = f"{name or 'question'}.toml"
    manifest = {
        "name": stem,
        "question": source.spec.question,
        "file": file,
        "settings": asdict(settings),
        "version": __version__,
        "world": world_hash(),
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0 if readable(folder) else PATIENCE):
            swept(folder)
            if not readable(folder):
                durable(folder / file, source.text)
                durable(folder / MANIFEST, json.dumps(manifest, indent=1) + "\n")
    except Timeout:
        pass  # Somebody is at it; where what he has is damaged, opening it says so.
    return opened(folder)


def execute(
    run: Run,
    *,
    jobs: int = 1,
    executor: str = "",
    cached: bool = True,
    say: Say = lambda *_: None,
    warn: Say = lambda *_: None,
) -> dict[str, Any]:
    """
    Bring a run to its end and seal it; a finished one is read.

    Parameters
    ----------
    cached : bool
        False computes everything again, a finished run too.

    Raises
    ------
    AllohistoryError
        As `ask` raises.
    """
    me = os.getpid()
    mine = born(me)

    def told(text: str, done: int | None = None, total: int | None = None) -> None:
        quick(
            run.folder / PROGRESS,
            {"text": text, "done": done, "total": total, "process": me, "born": mine},
        )
        say(text, done, total)

    lock = FileLock(run.folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("another process computes this run: waiting for it")
        lock.acquire()
    try:
        swept(run.folder)
        if cached and (run.folder / SEAL).exists() and not damage(run):
            return run.answer()
        (run.folder / SEAL).unlink(missing_ok=True)
        chosen = run.settings
        answer = ask(
            run.question,
            runs=chosen.runs,
            seed=chosen.seed,
            without=chosen.without,
            elicited=chosen.elicited,
            search=chosen.search,
            jobs=jobs,
            executor=executor,
            cached=cached,
            say=told,
            warn=warn,
        )
        text = json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        durable(run.folder / ANSWER, text)
        durable(run.folder / TOLD, markdown.render(answer))
        seal(run)
        (run.folder / PROGRESS).unlink(missing_ok=True)
        return answer
    finally:
        lock.release()
