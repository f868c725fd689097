"""Texts that would break a page, a terminal or a heading are refused in one sentence."""

import pytest

from allohistory.errors import QuestionError
from allohistory.question import timeline
from allohistory.question.read import read, read_text
from allohistory.question.text import LONGEST, MOST

GOOD = """question = "Could they?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1999, grace = 20 }
horizon = 50
[goal]
lasting = { years = 20 }
[[pod]]
id = "a"
title = "A"
[[pod.step]]
prevent = { war = "Russo-Japanese War" }
"""


@pytest.mark.parametrize("mark", [0x1B, 0x00, 0x07, 0x9B, 0x202E, 0x2066])
def test_marks_that_act_on_a_screen_are_refused(mark):
    with pytest.raises(QuestionError) as wrong:
        read_text(GOOD.replace('"A"', f'"A\\u{mark:04x}B"'), "q.toml")
    said = str(wrong.value)
    assert said.startswith("q.toml, line 9, pod[0].title: ")
    assert f"U+{mark:04X}" in said
    assert chr(mark) not in said


def test_other_scripts_and_markup_are_texts_like_any_other():
    title = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 <b>[B]"
    assert read_text(GOOD.replace('"A"', f'"{title}"')).spec.pod[0].title == title


def test_a_title_of_ten_thousand_letters_is_refused():
    with pytest.raises(QuestionError, match=r"line 9, pod\[0\]\.title: .*10,000 characters"):
        read_text(GOOD.replace('"A"', f'"{"L" * 10_000}"'), "q.toml")
    read_text(GOOD.replace('"A"', f'"{"L" * LONGEST}"'))


@pytest.mark.parametrize("of", [read, timeline.read], ids=["question", "timeline"])
def test_a_file_of_five_megabytes_is_refused(tmp_path, of):
    path = tmp_path / "q.toml"
    path.write_text(f"#{'x' * 5_000_000}\n{GOOD}")
    with pytest.raises(QuestionError, match=f"longer than {MOST:,} bytes"):
        of(path)


def test_a_file_that_never_ends_is_refused():
    with pytest.raises(QuestionError, match="longer than"):
        read("/dev/zero")


def test_brackets_without_end_are_a_sentence():
    with pytest.raises(QuestionError, match="nested too deeply"):
        read_text(f"a = {'[' * 100_000}", "q.toml")
