"""
What was computed before, kept on disk by the hash of all it depends on.

One plain ``.npz`` file each, in the user's cache directory. A file ends in a hash of itself and
its name (as the comment of the archive, so that numpy reads it as ever): what is damaged, cut
short or someone else's is computed again, never trusted. Files are written beside their place and
moved there, so that two processes and a kill at any moment leave whole files only.
"""

import os
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from allohistory.errors import QuestionError

Arrays = dict[str, NDArray[Any]]
SIZE = 512
"""Megabytes kept by default."""
VARIABLE = "ALLOHISTORY_CACHE_MB"
SEAL = 16
"""Bytes of the hash at a file's end."""
LENGTH = bytes((SEAL, 0))
"""How a zip archive says that a comment of so many bytes follows."""
STALE = 3600.0
"""Seconds after which a part file can only be what a kill left behind."""
TIDY = 16
"""A run that has written one in so many of the bytes allowed makes room again."""


def size_allowed() -> int:
    """Bytes that the environment allows."""
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return SIZE << 20
    if not given.isdecimal():
        raise QuestionError(f'{VARIABLE} is "{given}"', "a whole number of megabytes, 0 for none")
    return int(given) << 20


def folder() -> Path:
    """Folder of what is kept."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "allohistory" / "runs"


def _seal(key: str, body: bytes) -> bytes:
    return blake2b(body, digest_size=SEAL, key=key.encode()[:64]).digest()


@dataclass(slots=True)
class Store:
    """
    A folder of results, the least recently used of which make room for new ones.

    Attributes
    ----------
    folder : Path
    limit : int
        Bytes; with 0 nothing is read or written.
    warn : callable
        Told once, in a sentence, when nothing can be kept.
    """

    folder: Path
    limit: int
    warn: Callable[[str], object]
    written: int = 0
    full: bool = False

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def read(self, key: str) -> Arrays | None:
        """Arrays kept under a key; None where there are none or they cannot be trusted."""
        if not self.limit:
            return None
        path = self._path(key)
        try:
            raw = path.read_bytes()
            body, length, seal = raw[: -SEAL - 2], raw[-SEAL - 2 : -SEAL], raw[-SEAL:]
            if length != LENGTH or seal != _seal(key, body):
                return None
            with np.load(BytesIO(raw), allow_pickle=False) as archive:
                found = {name: archive[name] for name in archive.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def write(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays under a key; where that fails, say so once and go on without."""
        if not self.limit or self.full:
            return
        buffer = BytesIO()
        np.savez(buffer, **arrays)  # type: ignore[arg-type]  # no array is called allow_pickle
        body = buffer.getvalue()[:-2]
        whole = body + LENGTH + _seal(key, body)
        part = self.folder / f".{key}.{uuid4().hex}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(whole)
                part.replace(self._path(key))
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            self.full = True
            self.warn(f"results are not kept in {self.folder}: {error.strerror or error}")
            return
        self.written += len(whole)
        if self.written > self.limit // TIDY:
            self.tidy()

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each file was last used, its bytes, and where it is."""
        with os.scandir(self.folder) as found:
            for entry in found:
                with suppress(FileNotFoundError):  # another process tidies too
                    about = entry.stat()
                    yield about.st_mtime, about.st_size, Path(entry.path)

    def tidy(self) -> None:
        """Remove what a kill left behind and the least recently used beyond the limit."""
        self.written = 0
        if not self.limit:
            return
        with suppress(OSError):
            found = sorted(self._files(), reverse=True)
            total, now = 0, time.time()
            for used, size, path in found:
                part = path.name.startswith(".")
                total += 0 if part else size
                if (part and used < now - STALE) or (not part and total > self.limit):
                    path.unlink(missing_ok=True)


def nothing() -> Store:
    """A store that keeps nothing."""
    return Store(Path(), 0, lambda _: None)
