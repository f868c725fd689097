"""Names of the files that the package brings along; light, because the first page needs them."""

from importlib.resources import files


def bundled() -> tuple[str, ...]:
    """
    Names of the questions that the package brings along.

    Examples
    --------
    >>> "sino-japanese-alliance" in bundled()
    True
    """
    return names_in("bundled")


def names_in(folder: str) -> tuple[str, ...]:
    """Names of the files in a folder of this package."""
    entries = (e.name for e in files("allohistory.question").joinpath(folder).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in entries if name.endswith(".toml")))
