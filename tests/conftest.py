"""Fixtures that every folder of tests shares."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A test computes what it tests; those of the cache set a size and a place of their own.
os.environ["ALLOHISTORY_CACHE_MB"] = "0"


def pytest_collection_modifyitems(items):
    """Mark what reads the published tables, so that no test can forget to."""
    for item in items:
        if "data_dir" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)


@pytest.fixture(scope="session")
def data_dir():
    """
    Folder of the published tables: $ALLOHISTORY_DATA, or ../shared/data.

    They are not ours to ship, so tests that need them are skipped elsewhere. A path
    that was given and does not exist is a mistake and fails.
    """
    given = os.environ.get("ALLOHISTORY_DATA")
    if given:
        folder = Path(given)
        if not folder.is_dir():
            pytest.fail(f"ALLOHISTORY_DATA names {given}, which is no folder")
        return folder
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            "the published tables are not at hand: set ALLOHISTORY_DATA to their folder to run this"
        )
    return folder
