"""The report's figures from a small atlas: what they show, and what a strict page demands."""

import copy
import json
import re

import pytest

from allohistory.answer.report.bundle import assets, data_block
from allohistory.answer.report.map import SLOTS, TONES, VIEWS, map_section, map_slots, view_box
from allohistory.answer.report.network import network_section
from allohistory.answer.report.scene import Scene
from allohistory.answer.report.shapes import Shape, World, today

UKG, FRN, JPN, CHN = range(4)
ATLAS = {
    "from": 1900, "to": 1920, "parts": 1905, "decided": 1906, "pair": [JPN, CHN],
    "states": [
        {"id": "UKG", "names": [[1920, "Britain"]], "capitals": [[1900, "London", -0.1, 51.5]]},
        {"id": "FRN", "names": [[1920, "France"]], "capitals": [[1900, "Paris", 2.3, 48.9]]},
        {"id": "JPN", "names": [[1910, "Japan"], [1920, "Nippon & Co <b>"]],
         "capitals": [[1900, "Tokyo", 139.7, 35.7]]},
        {"id": "CHN", "names": [[1920, "China"]],
         "capitals": [[1900, "Peking", 116.4, 39.9], [1912, "Nanking", 118.8, 32.1]]},
    ],
    "actual": {
        "land": {"IND": [[1900, UKG, 0]], "KOR": [[1900, -1, 0], [1910, JPN, 0]],
                 "JPN": [[1900, JPN, 1]], "MAN": [[1900, CHN, 1]]},
        "states": [[k, 1900, None] for k in range(4)],
        "majors": [[UKG, 1900, None], [FRN, 1900, None], [JPN, 1905, None]],
        "blocs": [{"slot": 0, "names": [[1902, None, "Anglo-Japanese Alliance"]],
                   "members": [[UKG, 1902, None, 2], [JPN, 1902, None, 2]]}],
    },
    "alternate": {
        "land": {"MAN": [[1900, CHN, 1], [1915, JPN, 2]]},
        "states": [[k, 1900, None] for k in range(3)] + [[CHN, 1900, 1917]],
        "majors": [[UKG, 1900, None], [FRN, 1900, None]],
        "blocs": [{"slot": 0, "names": [[1902, 1906, "Anglo-Japanese Alliance"]],
                   "members": [[UKG, 1902, 1906, 2], [JPN, 1902, 1906, 2]]},
                  {"slot": 1, "names": [[1907, None, "Pact <of> 1907"]],
                   "members": [[JPN, 1907, None, 2], [CHN, 1907, None, 2], [FRN, 1916, None, 1]]}],
    },
    "treaties": [
        {"in": "actual", "name": "Anglo-Japanese Alliance", "level": 2,
         "members": [[1902, None, [UKG, JPN]]]},
        {"in": "alternate", "name": "Anglo-Japanese Alliance", "level": 2,
         "members": [[1902, 1906, [UKG, JPN]]]},
        {"in": "alternate", "name": "Pact <of> 1907", "level": 2,
         "members": [[1907, None, [JPN, CHN]], [1916, None, [FRN], 1]]},
        {"in": "both", "name": "Entente", "level": 1, "members": [[1904, None, [UKG, FRN]]]},
    ],
}  # fmt: skip


@pytest.fixture
def answer():
    return {"atlas": copy.deepcopy(ATLAS)}


@pytest.fixture
def page(answer):
    return map_section(answer) + network_section(answer)


def fills(html):
    """Class of the shape of each unit."""
    return {u: f for f, u in re.findall(r'<path class="ah-f(\w+)" data-u="(\w+)"', html)}


def test_without_a_typical_world_there_is_nothing():
    assert map_section({}) == network_section({}) == data_block({}) == ""


def test_every_shape_is_on_the_page(page):
    shapes = today().shapes
    drawn = re.findall(r'data-u="(\w*)" data-n="[^"]*"(?: data-zone)? d="M\d+ \d+l', page)
    dots = re.findall(r'data-u="(\w*)" data-n="[^"]*" d="M\d+ \d+h0"', page)

    assert sorted(drawn) == sorted(s.unit for s in shapes if s.path)
    assert sorted(dots) == sorted(s.unit for s in shapes if s.dot)


def test_land_is_filled_by_bloc_and_by_how_it_is_held(answer):
    """The figures open two years after the pair is pledged: 1909, alternate."""
    found, scene = fills(map_section(answer)), Scene(answer["atlas"])
    assert scene.start == 1909
    units = ("JPN", "MAN", "KOR", "IND", "BRA")
    later = [scene.fill("alternate", u, 1916, scene.kinds("alternate", 1916)) for u in units]

    assert [found[u] for u in units] == ["1p", "1p", "np", "nd", "np"]
    assert later == ["1p", "1o", "1d", "nd", "np"]


def test_without_a_pledge_of_the_pair_figures_open_ten_years_after_the_decision(answer):
    answer["atlas"]["treaties"] = []
    assert Scene(answer["atlas"]).start == 1916


def test_actual_history_is_told_from_the_alternate():
    scene = Scene(copy.deepcopy(ATLAS))

    assert scene.kinds("actual", 1916)[UKG] == ("0", "p")
    assert UKG not in scene.kinds("alternate", 1916)
    assert scene.kinds("alternate", 1916)[FRN] == ("1", "a")
    assert scene.holder("alternate", "MAN", 1914) == scene.holder("actual", "MAN", 1920)
    assert [scene.name(JPN, y) for y in (1910, 1911)] == ["Japan", "Nippon & Co <b>"]
    assert scene.seat(CHN, 1911) != scene.seat(CHN, 1912)


def test_ties_are_of_powers_and_a_weak_member_still_gets_the_full_pledge():
    scene = Scene(copy.deepcopy(ATLAS))

    assert scene.level("alternate", JPN, CHN, 1910) == 2
    assert scene.level("alternate", FRN, JPN, 1916) == 2
    assert scene.level("alternate", JPN, CHN, 1918) == 0  # China is no state any more
    assert scene.level("actual", UKG, FRN, 1910) == 1
    assert scene.dyads(2) == [(UKG, JPN), (FRN, JPN), (FRN, CHN), (JPN, CHN)]


def test_a_strict_page_may_hold_them(page):
    """No handler, no inline style, no script, nothing from outside."""
    assert not re.search(r"\s(style|on\w+)=", page)
    assert "<script" not in page
    assert not re.search(r"(https?:)?//|@import|url\((?!#ah-)", page + assets()[0])
    assert "innerHTML" not in assets()[1]
    assert page.count("<svg") == page.count("</svg>")


def test_names_cannot_break_the_page(page, answer):
    assert "Pact &lt;of&gt; 1907" in page
    assert "Pact <of>" not in page
    block = data_block(answer)
    assert block.count("<") == 2
    assert "Pact <of> 1907" in json.dumps(json.loads(block[block.index(">") + 1 : -10]))


def test_every_part_of_the_map_that_a_way_changes_has_its_place(page, answer):
    """The year up to which both histories are the same is one of them."""
    slots = map_slots(Scene(answer["atlas"]))
    assert set(slots) <= set(re.findall(r'data-slot="([a-z-]+)"', page))
    answer["atlas"]["parts"] = 1893
    assert "the same up to 1892" in map_slots(Scene(answer["atlas"]))["map-told"]


def test_ids_are_unique_and_references_resolve(page, answer):
    whole = page + data_block(answer)
    ids = re.findall(r'\sid="([^"]+)"', whole)

    assert len(ids) == len(set(ids))
    for found in re.findall(r'\s(?:aria-labelledby|for|list)="([^"]+)"', whole):
        assert set(found.split()) <= set(ids)


def test_style_knows_every_class_and_every_pattern(page):
    css = assets()[0]
    for slot in [*range(SLOTS), "n"]:
        for tone in TONES:
            assert f".ah-f{slot}{tone} {{ fill: url(#ah-f{slot}{tone}); }}" in css
            assert f'id="ah-f{slot}{tone}"' in page
    used = {c for text in re.findall(r'class="([^"]+)"', page) for c in text.split()}
    patterns = {c for c in used if re.fullmatch(r"ah-[fst]\w{1,2}", c)}
    plain = used - patterns - {"ah-hatched"}
    assert [c for c in sorted(plain) if f".{c}" not in css] == []


def test_figures_have_titles_descriptions_tables_and_sliders(page):
    assert page.count("<title") == page.count("<desc") == 2
    assert page.count("<details") == 3
    assert page.count('type="range"') == 2
    assert "today's" in page.replace("&#x27;", "'")
    assert "Antarctica" in page


def test_views_have_the_proportions_of_the_whole():
    world = today()
    for name in VIEWS:
        _, _, wide, tall = map(float, view_box(name, world.height).split())
        assert wide / tall == pytest.approx(world.width / world.height, rel=0.01)


def test_borders_of_an_era_show_in_their_years(answer):
    now, then = (
        Shape("JPN", name, "M0 0l9 0 0 9z", first=first, last=last)
        for name, first, last in (("later", 1909, None), ("earlier", None, 1908))
    )
    page = map_section(answer, World(100, 50, "M0 0", "M0 0", "a reader's own", (now, then)))

    assert 'class="ah-f1p" data-u="JPN" data-n="later" data-first="1909"' in page
    assert 'class="ah-f1p ah-off" data-u="JPN" data-n="earlier"' in page


def test_the_same_answer_gives_the_same_bytes(answer, page):
    again = copy.deepcopy(answer)

    assert map_section(again) + network_section(again) == page
    assert data_block(again) == data_block(answer)
