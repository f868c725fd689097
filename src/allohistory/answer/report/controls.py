"""The year slider and the switch between the two histories; every figure has its own pair."""

from html import escape

from allohistory.answer.report.scene import Scene


def controls(scene: Scene, name: str) -> str:
    """
    Controls of a figure.

    Parameters
    ----------
    scene : Scene
    name : str
        Of the figure: "map"; makes ids of its own.
    """
    atlas, year = scene.atlas, scene.start
    mark = (
        f'<datalist id="ah-{name}-marks"><option value="{atlas["parts"]}" '
        f'label="{atlas["parts"]}"></option></datalist>'
    )
    switch = "".join(
        f'<label><input type="radio" name="ah-{name}-world" value="{world}" data-ah-world'
        f"{' checked' if world == 'alternate' else ''}><span>{escape(text)}</span></label>"
        for world, text in (("actual", "Actual"), ("alternate", "Alternate"))
    )
    return (
        '<div class="ah-controls">'
        f'<label class="ah-year" for="ah-{name}-year">Year <output data-ah-shown>{year}</output>'
        "</label>"
        f'<input class="ah-slider" type="range" id="ah-{name}-year" min="{atlas["from"]}" '
        f'max="{atlas["to"]}" step="1" value="{year}" list="ah-{name}-marks" '
        f'aria-valuetext="{year}" data-ah-year>{mark}'
        f'<fieldset class="ah-switch"><legend>History shown</legend>{switch}</fieldset>'
        "</div>\n"
    )


def spell(first: int, last: int | None, end: int) -> str:
    """
    Years of a spell in words.

    Examples
    --------
    >>> spell(1902, 1922, 1950), spell(1949, None, 1955), spell(1935, 1935, 1950)
    ('1902-1922', '1949-1955', '1935')
    """
    last = end if last is None else last
    return str(first) if first == last else f"{first}-{last}"


def table(summary: str, caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Render a table that opens at a click on its summary; cells are text."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return (
        f'<details class="ah-table"><summary>{escape(summary)}</summary>'
        f'<div class="ah-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table></div></details>\n"
    )
