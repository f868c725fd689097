"""An answer as files: figures that stand alone, whole tables, citations that TeX reads."""

import copy
import csv
import io
import json
import re
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from typer.testing import CliRunner

from allohistory.answer.export import files_of
from allohistory.answer.export.bibliography import bibtex, tex
from allohistory.answer.export.figures import figures_of, png
from allohistory.answer.export.tables import tables_of
from allohistory.answer.scenario import card, content, read_card
from allohistory.cli import app
from allohistory.errors import QuestionError
from allohistory.model.elicited import catalogue
from allohistory.record.tables import load

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import make_answer
from test_report_figures import ATLAS

EVIL = [
    "</text><script>x</script>",
    "[b]&",
    "\u05e9\u05dc\u05d5\u05dd",
    "x " * 5_000,
    "a\x00b\n'c'",
    "'''",
]
SVG = "{http://www.w3.org/2000/svg}"


def refuse(text):
    raise AssertionError(text)


def asked():
    return make_answer() | {"id": "mine"}


def mapped():
    best = "japan-loses-1905"
    answer = asked() | {"atlas": copy.deepcopy(ATLAS), "horizon": 18}
    answer["best"] = answer["best"] | {"id": best}
    return answer


def test_every_figure_stands_alone_with_its_colours_written_in():
    found = figures_of(asked())
    assert "frontier" in found
    assert "curve-japan-loses-1905" in found
    for text in found.values():
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text
        assert "var(" not in text
        assert not [e for e in root.iter() if {"class", "style", "href"} & e.attrib.keys()]
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        drawn = list(root.iter(f"{SVG}path"))
        assert drawn
        assert all({"stroke", "fill"} & e.attrib.keys() for e in drawn)


def test_maps_and_circles_are_drawn_at_the_years_of_the_rule():
    """The atlas opens in 1900, parts in 1905, and the figures of the report open in 1909."""
    answer = mapped()
    found = figures_of(answer)
    assert {name for name in found if name.startswith(("map-", "network-"))} == {
        "map-1900", "network-1900", *(
            f"{kind}-japan-loses-1905-{year}"
            for kind in ("map", "network") for year in (1909, 1915, 1920)
        ), "map-japan-loses-1905-1909-europe", "map-japan-loses-1905-1909-east-asia",
    }  # fmt: skip
    for name, text in found.items():
        root = ET.fromstring(text)
        assert not [e for e in root.iter() if {"class", "style", "href"} & e.attrib.keys()], name
        assert "var(" not in text
        assert all({"stroke", "fill"} & e.attrib.keys() for e in root.iter(f"{SVG}path")), name
    alone, both = found["map-1900"], found["map-japan-loses-1905-1909"]
    assert "Both histories, 1900" in alone
    assert both.count("<svg ") == 3
    assert "Borders are today's" in both
    assert "Pact &lt;of&gt; 1907" in both
    # Land of the pact's powers has their hatch; used fills are defined.
    used = set(re.findall(r"url\(#(\w+)\)", both))
    assert "f1p" in used
    assert used <= set(re.findall(r'<pattern id="(\w+)"', both))


def test_a_close_up_holds_no_land_from_elsewhere():
    found = figures_of(mapped())
    world, near = (found[f"map-japan-loses-1905-1909{view}"] for view in ("", "-europe"))
    assert len(near) < len(world) / 2
    box = [float(n) for n in re.search(r'viewBox="([^"]+)"><path', near)[1].split()]
    land = re.findall(r'<path fill="url\(#f\w+\)"[^>]* d="([^"]+)"', near)
    xs = [float(x) for d in land for x, _ in re.findall(r"(-?\d+) (-?\d+)", d)]
    assert land
    assert box[0] - 30 < min(xs) < max(xs) < box[0] + box[2] + 30


def test_circles_tell_strong_ties_from_weak():
    drawn = figures_of(mapped())["network-japan-loses-1905-1909"]
    assert drawn.count('stroke-width="4"') == 3  # Britain and Japan, Japan and China, the legend
    assert "Entente" not in drawn
    assert "Nippon &amp; Co &lt;b&gt;" not in drawn
    assert "Japan and China" in drawn


def test_png_shows_more_than_paper():
    raw = png(figures_of(asked())["frontier"])
    empty = png('<svg xmlns="http://www.w3.org/2000/svg" width="752" height="404"/>')
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(raw[16:20]) == 2 * 752
    assert len(raw) > 4 * len(empty)


@pytest.mark.parametrize("evil", EVIL)
def test_no_title_breaks_a_file(evil):
    answer = asked()
    answer["question"] = answer["headline"] = evil
    for pod in answer["pods"]:
        pod["title"] = evil
    files = files_of(answer, refuse)
    for name, raw in files.items():
        if name.endswith(".svg"):
            assert not list(ET.fromstring(raw.decode()).iter(f"{SVG}script"))
    rows = list(csv.DictReader(io.StringIO(files["ways.csv"].decode(), newline="")))
    assert {row["title"] for row in rows} == {evil}
    assert set(pl.read_parquet(files["ways.parquet"])["title"]) == {evil}


def test_tables_hold_the_numbers_of_the_answer_in_both_formats():
    answer = asked()
    files = files_of(answer, refuse)
    ways = {row["id"]: row for row in csv.DictReader(io.StringIO(files["ways.csv"].decode()))}
    for pod in answer["pods"]:
        assert float(ways[pod["id"]]["p_goal_lo"]) == pod["p_goal"]["lo"]
    for name, rows in tables_of(answer).items():
        read = list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))
        frame = pl.read_parquet(files[f"{name}.parquet"])
        assert len(read) == len(frame) == len(rows) > 0
        assert list(read[0]) == frame.columns == list(rows[0])
        for one, two in zip(read, frame.iter_rows(named=True), strict=True):
            for key, value in two.items():
                assert one[key] == ("" if value is None else str(value))


def test_letters_without_a_font_are_missed(monkeypatch):
    import resvg_py

    draw = resvg_py.svg_to_bytes
    monkeypatch.setattr(
        resvg_py, "svg_to_bytes", lambda **words: draw(**words, skip_system_fonts=True)
    )
    said = []
    files_of(asked(), said.append)
    assert len(said) == 1
    assert "no font" in said[0]


def test_an_id_cannot_lead_out_of_the_folder():
    answer = asked()
    answer["pods"][0]["id"] = "../../etc/x"
    assert all(re.fullmatch(r"[A-Za-z0-9-]+\.[a-z]+", name) for name in files_of(answer, refuse))


def test_what_is_not_installed_is_left_out_and_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    said = []
    files = files_of(asked(), said.append)
    assert {name.rpartition(".")[2] for name in files} == {"svg", "csv", "bib"}
    assert len(said) == 2
    assert all("allohistory[export]" in text for text in said)


def test_bibliography_has_every_work_of_the_record_and_every_elicited_effect_once():
    answer = asked() | {"sources": sorted({row.citation for row in load().sources})}
    text = bibtex(answer)
    keys = re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert {row.key for row in load().sources} <= set(keys)
    assert {f"elicited:{row.name}" for row in catalogue()} <= set(keys)
    answer["provenance"]["elicited"] = False
    assert "elicited:" not in bibtex(answer)
    # Braces balance, and what TeX takes for its own is escaped.
    bare = re.sub(r"\\[{}&%$#_]|\\text\w+\{\}", "", text)
    depth = 0
    for letter in bare:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
        assert letter not in "&%$#\\"
    assert depth == 0


def test_tex_escapes_each_letter_once():
    assert tex("a\\b{c}%\n d") == r"a\textbackslash{}b\{c\}\% d"


def test_the_command_writes_the_folder(tmp_path):
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(asked()).replace("NaN", "null"), encoding="utf-8")
    result = CliRunner().invoke(
        app, ["export", str(file), "--out", str(tmp_path / "out"), "--json"]
    )
    assert result.exit_code == 0, result.output
    listed = json.loads(result.stdout)["files"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == listed


@pytest.mark.parametrize("text", ["", "[]", '{"question": 1}', "{"])
def test_what_is_no_answer_is_refused_in_a_sentence(tmp_path, text):
    file = tmp_path / "answer.json"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["export", str(file), "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, QuestionError)
    assert not (tmp_path / "out").exists()


# ---- scenario cards -----------------------------------------------------------------------------
def made_card(text, **more):
    answer = asked()
    answer["provenance"]["hash"] = "ab" * 16
    answer |= more
    return card(answer, text)


@pytest.mark.parametrize("text", ["a = 1\n", *EVIL, "it's\n'", "\u202e\x7f\r\n\ttab", '"""\\', ""])
def test_a_card_gives_back_the_text_of_the_question(text):
    found = read_card(made_card(text, headline=text))
    assert found.text == text
    assert (found.seed, found.runs, found.elicited, found.without) == (7, 2000, True, ())
    assert found.answer == "ab" * 16


def test_a_card_says_what_its_answer_holds_apart_from_what_made_it():
    answer = asked()
    answer["provenance"]["hash"] = "ab" * 16
    other = {**answer, "provenance": answer["provenance"] | {"model": "another"}}
    assert read_card(card(answer, "x")).content == content(answer) == content(other)
    assert content(answer | {"horizon": 51}) != content(answer)
    older = re.sub(r"content = .*\n", "", card(answer, "x"))
    assert read_card(older).content == ""


def test_a_name_on_a_card_is_no_path():
    found = read_card(made_card("x", id="../../etc/passwd"))
    assert "/" not in found.name


@pytest.mark.parametrize(
    ("old", "new"),
    [("format = 1", "format = 9"), ("seed = 7", 'seed = "7"'), ("[answer]", "[other]"),
     ("runs = 2000", "runs = 0"), ("without = []", "without = [1]"), ("format", "= format")],
)  # fmt: skip
def test_a_spoilt_card_is_refused_in_a_sentence(old, new):
    text = made_card("x")
    assert old in text
    with pytest.raises(QuestionError):
        read_card(text.replace(old, new, 1))


def test_a_card_is_toml_a_person_can_read():
    text = made_card("pair = ['a', 'b']\n")
    assert tomllib.loads(text)["question"]["text"] == "pair = ['a', 'b']\n"
    assert "pair = ['a', 'b']" in text
