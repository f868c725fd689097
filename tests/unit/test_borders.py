"""Borders of the time from a reader's own file: a tiny one of our own in CShapes' form."""

import copy
import html
import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allohistory.answer.export.bibliography import bibtex
from allohistory.answer.export.figures import figures_of
from allohistory.answer.report import report
from allohistory.answer.report.borders import borders
from allohistory.answer.report.features import CITATION, features_of
from allohistory.answer.report.simplify import Network
from allohistory.cli import app
from allohistory.errors import QuestionError

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import make_answer
from test_report_figures import ATLAS


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def row(code, name, first, last, shape, capital=None, end=(12, 31)):
    lon, lat = capital or (None, None)
    facts = {
        "gwcode": code, "cntry_name": name, "caplong": lon, "caplat": lat,
        "gwsyear": first, "gwsmonth": 1, "gwsday": 1,
        "gweyear": last, "gwemonth": end[0], "gweday": end[1],
    }  # fmt: skip
    return {"type": "Feature", "properties": facts, "geometry": shape}


ROWS = [
    row(740, "Japan", 1886, 2019, box(130, 31, 141, 42)),
    row(710, "China", 1886, 1911, box(80, 20, 125, 48)),
    row(710, "China", 1912, 2019, box(80, 20, 125, 45)),
    row(730, "Korea", 1886, 1910, box(125, 34, 130, 42), end=(8, 21)),
    row(750, "India", 1886, 2019, box(70, 8, 80, 35)),
    row(490, "Congo Free State", 1886, 2019, box(16, -10, 30, 5)),
    row(61, "Trinidad", 1886, 2019, box(-61.4, 10.1, -61.0, 10.8), (-61.5, 10.65)),
    row(9999, "Atlantis", 1886, 2019, box(-40, 20, -35, 25), (-38, 22)),
]


@pytest.fixture
def write(tmp_path):
    def made(rows):
        file = tmp_path / "mine.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
        return file

    return made


@pytest.fixture
def answer():
    atlas = copy.deepcopy(ATLAS)
    return make_answer() | {"id": "mine", "atlas": atlas}


def shown(world):
    return {(s.name, s.first, s.last): s.unit for s in world.shapes if s.path}


def test_a_land_stands_for_the_unit_of_its_code_or_of_its_place(write, answer):
    world = borders(features_of(write(ROWS)), answer)
    found = shown(world)

    assert found["Japan", None, None] == "JPN"
    assert found["China", None, 1911] == found["China", 1912, None] == "CHN"
    assert found["India", None, None] == "IND"
    assert found["Congo Free State", None, None] == "COD"
    assert next(s for s in world.shapes if s.name == "Trinidad").unit == "TTO"
    assert found["Atlantis", None, None] == ""
    assert "One land of the file is none of the record's" in world.note
    # Korea ended in August of 1910: at that year's end it had no borders.
    assert found["Korea", None, 1909] == "KOR"


def test_land_within_that_another_holds_is_a_dot(write, answer):
    """Manchuria, inside of China's borders, is Japan's in one of the histories from 1915 on."""
    dots = {s.name: s.unit for s in borders(features_of(write(ROWS)), answer).shapes if s.dot}
    assert dots["Manchuria"] == "MAN"
    assert "Lower Yangtze" not in dots


def test_years_outside_the_file_have_its_nearest_borders(write, answer):
    rows = [row(740, "Japan", 1905, 1910, box(130, 31, 141, 42)),
            row(710, "China", 1905, 1908, box(80, 20, 125, 48))]  # fmt: skip
    world = borders(features_of(write(rows)), answer)
    assert shown(world) == {("Japan", None, None): "JPN", ("China", None, 1908): "CHN"}
    assert "Before 1905 the borders are those of 1905. After 1910" in world.note


def test_the_page_names_the_borders_and_cites_them(write, answer):
    world = borders(features_of(write(ROWS)), answer)
    page = report(answer, world)

    assert "Borders of CShapes 2.0 (Schvitz et al. 2022" in page
    assert "today&#x27;s" not in page
    assert "today's (" not in page
    assert f"The map's borders: {CITATION}" in html.unescape(page)
    assert re.search(r'data-u="KOR" data-n="Korea" data-first="0" data-last="1909"', page)
    assert "Schvitz" not in report(answer)
    assert "Schvitz" in bibtex(answer, [world.citation])
    drawn = figures_of(answer, world)
    assert all("CShapes 2.0" in svg for name, svg in drawn.items() if name.startswith("map-"))


def test_neighbours_keep_one_line_and_the_page_its_size(write, answer):
    """Two lands along a crinkled line, in thirty spells, of which none is like another."""
    line = [[20 + (k * 7919 % 97) / 97, -30 + k / 20] for k in range(1200)]
    rows = []
    for n in range(30):
        west = {"type": "Polygon", "coordinates": [[[10 + n / 50, -30], *line, [10, 30]]]}
        east = {"type": "Polygon", "coordinates": [[*line[::-1], [30, -30 - n / 50], [30, 30]]]}
        year = 1886 + n
        rows += [row(9000, "West", year, year, west), row(9001, "East", year, year, east)]
    few = features_of(write(rows[:2]))
    world = borders(features_of(write(rows)), answer, most=30_000)
    size = sum(len(s.path) for s in world.shapes)

    assert 0 < size <= 30_000
    ring = [[(round(100 * x), round(100 * y)) for x, y in f.polygons[0][0]] for f in few]
    network = Network(ring)
    network.loosen(30.0)
    kept = [set(network.ring(r)) for r in ring]
    both = {(round(100 * x), round(100 * y)) for x, y in line}
    assert kept[0] & both == kept[1] & both
    assert 2 < len(kept[0] & both) < len(line)


def test_a_ring_over_the_edge_of_the_map_is_not_torn(write, answer):
    """Islands on both sides of 168.5 W, where the map ends."""
    far = {
        "type": "Polygon",
        "coordinates": [[[-169.5, 52], [-167.5, 52], [-167.5, 54], [-169, 54]]],
    }
    world = borders(features_of(write([row(2, "Islands", 1886, 2019, far)])), answer)
    numbers = [int(n) for n in re.findall(r"-?\d+", world.shapes[0].path.partition("l")[2])]
    assert max(map(abs, numbers)) < 200


def broken(**change):
    return [ROWS[0], {**ROWS[1], **change}]


def facts(**change):
    return broken(properties={**ROWS[1]["properties"], **change})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no GeoJSON with features"),
        (broken(properties=None), "feature 2: it has no properties"),
        (facts(gwcode="710"), 'feature 2 ("China"): its gwcode is "710"; write a whole number'),
        (facts(gwsyear=12), "its gwsyear is 12; write a year"),
        (facts(gweyear=1800), "ends in 1800 before it begins in 1886"),
        (facts(cntry_name=5), "cntry_name is no text"),
        (broken(geometry=None), "no Polygon"),
        (broken(geometry={"type": "Polygon", "coordinates": [[]]}), "an empty part"),
        (broken(geometry={"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}),
         "fewer than three points"),
        (broken(geometry={"type": "Polygon", "coordinates": [[[1, "x"]]]}), "no pair of numbers"),
        (broken(geometry=box(8e6, 1e6, 9e6, 2e6)), "in degrees"),
        (broken(geometry={"type": "Polygon", "coordinates": [[[1e999, 2]]]}), "in degrees"),
        (broken(properties={k.upper() if k[:3] == "gwc" else k: v
                            for k, v in ROWS[1]["properties"].items()}),
         'it has no "gwcode", only "GWCODE"'),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_sentence(write, rows, said):
    file = write(rows)
    with pytest.raises(QuestionError) as caught:
        features_of(file)
    text = str(caught.value)
    assert said in text
    assert str(file) in text
    assert "instead" in text
    assert "\n" not in text


def test_what_is_no_json_or_not_there_is_refused(tmp_path):
    for name, raw in (("a", b"\x00\xff"), ("b", b"{"), ("c", b"[" * 100_000), ("d", None)):
        file = tmp_path / name
        if raw is not None:
            file.write_bytes(raw)
        with pytest.raises(QuestionError):
            features_of(file)


def test_the_command_draws_them_and_refuses_them_without_a_report(
    write, answer, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "resvg_py", None)  # drawing letters takes long
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer).replace("NaN", "null"), encoding="utf-8")
    mine = write(ROWS)
    words = ["export", str(file), "--out", str(tmp_path / "out"), "--borders", str(mine)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "CShapes 2.0" in (tmp_path / "out" / "map-1900.svg").read_text("utf-8")
    assert "Schvitz" in (tmp_path / "out" / "sources.bib").read_text("utf-8")

    result = CliRunner().invoke(app, ["ask", "sino-japanese-alliance", "--borders", str(mine)])
    assert isinstance(result.exception, QuestionError)
    assert "--report" in str(result.exception)
