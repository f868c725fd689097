"""Results kept on disk: bounded, whole or not there, and never trusted when damaged."""

import os
import threading
import time

import numpy as np
import pytest

from allohistory.answer.store import STALE, VARIABLE, Store, nothing, size_allowed
from allohistory.errors import QuestionError

ARRAYS = {
    "rows": np.array([(1, [0.5, -0.0])], [("run", np.int64), ("x", np.float64, (2,))]),
    "chain": np.arange(6.0).reshape(2, 3),
}


@pytest.fixture
def store(tmp_path):
    def warn(text):
        warned.append(text)

    warned = []
    made = Store(tmp_path / "runs", 1 << 20, warn)
    return made, warned


def same(found):
    return found is not None and all(
        found[k].dtype == v.dtype and found[k].tobytes() == v.tobytes() for k, v in ARRAYS.items()
    )


def test_what_is_written_is_read_again_and_is_plain_numpy(store):
    kept, warned = store
    assert kept.read("a" * 40) is None

    kept.write("a" * 40, ARRAYS)

    assert same(kept.read("a" * 40))
    (path,) = kept.folder.iterdir()
    with np.load(path, allow_pickle=False) as archive:
        assert set(archive.files) == set(ARRAYS)
    assert not warned


def test_a_damaged_or_cut_or_renamed_file_is_not_trusted(store):
    kept, _ = store
    kept.write("a" * 40, ARRAYS)
    path = kept._path("a" * 40)
    raw = path.read_bytes()
    for n in range(len(raw)):
        path.write_bytes(raw[:n])
        assert kept.read("a" * 40) is None
        path.write_bytes(raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :])
        assert kept.read("a" * 40) is None
    path.write_bytes(raw)
    path.rename(kept._path("b" * 40))

    assert kept.read("b" * 40) is None


def test_the_least_recently_used_make_room(store):
    kept, _ = store
    for n in range(6):
        kept.write(f"{n}", ARRAYS)
        os.utime(kept._path(f"{n}"), (1000 + n, 1000 + n))
    kept.read("0")
    size = kept._path("0").stat().st_size
    kept.limit = 3 * size

    kept.tidy()

    assert {p.stem for p in kept.folder.iterdir()} == {"0", "4", "5"}


def test_room_is_made_while_writing_too(store):
    kept, _ = store
    kept.write("size", ARRAYS)
    size = kept._path("size").stat().st_size
    kept.limit = 4 * size
    for n in range(20):
        kept.write(f"{n}", ARRAYS)
        assert sum(p.stat().st_size for p in kept.folder.iterdir()) <= kept.limit


def test_what_a_kill_left_behind_goes_in_time(store):
    kept, _ = store
    kept.write("a", ARRAYS)
    old, young = kept.folder / ".a.old", kept.folder / ".a.young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * STALE,) * 2)

    kept.tidy()

    assert not old.exists()
    assert young.exists()
    assert same(kept.read("a"))


def test_a_place_that_cannot_be_written_is_told_once(tmp_path):
    (tmp_path / "file").write_text("in the way")
    warned = []
    kept = Store(tmp_path / "file" / "runs", 1 << 20, warned.append)

    for _ in range(3):
        kept.write("a", ARRAYS)
        assert kept.read("a") is None
    kept.tidy()

    assert len(warned) == 1
    assert "not kept" in warned[0]


def test_writers_and_readers_of_one_key_do_not_meet_half_a_file(store):
    kept, warned = store
    stop, bad = threading.Event(), []

    def write():
        other = Store(kept.folder, kept.limit, warned.append)
        while not stop.is_set():
            other.write("a", ARRAYS)
            other.tidy()

    kept.write("a", ARRAYS)
    writers = [threading.Thread(target=write) for _ in range(2)]
    for thread in writers:
        thread.start()
    for _ in range(300):
        found = kept.read("a")
        if not same(found):
            bad.append(found)
    stop.set()
    for thread in writers:
        thread.join()

    assert not bad
    assert not warned
    assert [p.name for p in kept.folder.iterdir()] == ["a.npz"]


def test_a_store_of_no_size_keeps_nothing(tmp_path):
    kept = nothing()
    kept.write("a", ARRAYS)
    kept.tidy()

    assert kept.read("a") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "size"), [("", 512 << 20), ("0", 0), ("3", 3 << 20)])
def test_the_size_is_the_users(monkeypatch, given, size):
    monkeypatch.setenv(VARIABLE, given)
    assert size_allowed() == size


@pytest.mark.parametrize("given", ["much", "-1", "1.5"])
def test_a_size_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(QuestionError, match="whole number of megabytes"):
        size_allowed()
