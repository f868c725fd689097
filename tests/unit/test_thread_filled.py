"""A draft that a person filled in: read as a ledger, and every slip one sentence that helps."""

import pytest

from allohistory.errors import QuestionError
from allohistory.thread.draft import draft, finished
from allohistory.thread.ledger import read_text
from allohistory.thread.posts import read_thread

THREAD = "#1\nCould Japan ally with China?\n#2\nIt would not last.\n#3\nJapan would lose to Russia."
DRAFT = draft(read_thread(THREAD)).replace('question = ""', 'question = "sino-japanese-alliance"')
LEFT = "]\nsure = false"
GOOD = 'claim = "It does not."\nkind = "chance"\nby = { goal = "best" }\n'


def filled(more, sure="true", text=DRAFT):
    """The draft with its second claim filled in."""
    one, two, three, *rest = text.split(LEFT)
    return LEFT.join([one, f"{two}]\n{more}sure = {sure}{three}", *rest])


def test_what_is_sure_becomes_a_row_with_its_number_and_place():
    text = filled(GOOD)
    masked, places = finished(text)
    ledger = read_text(text, "mine.ledger.toml")

    assert places == (1,)
    assert len(masked.split("\n")) == len(text.split("\n"))
    (row,) = ledger.file.row
    assert (row.n, row.who, row.quote) == (2, "post 2", "It would not last.")
    assert row.by.goal == "best"


def test_whatever_a_person_adds_stays():
    pod = (
        '[[pod]]\nid = "mine"\ntitle = "Mine"\n[[pod.step]]\n'
        'force = { dispute = "force", initiator = "France", target = "Japan", year = 1905 }\n'
    )
    ledger = read_text(filled(GOOD.replace("best", "mine")) + pod)
    assert ledger.owns("mine")
    # Arrays over several lines, above what is dropped and within it.
    long = GOOD + 'beside = [\n  { goal = "mine" },\n]\n'
    text = filled(long).replace('states = ["JPN", "CHN"]', 'states = [\n "JPN",\n "CHN",\n]')
    assert len(read_text(text + pod).file.row[0].beside) == 1


@pytest.mark.parametrize(
    ("more", "sure", "key", "said"),
    [
        ('claim = "x"\nkind = "chance"\n', "true", "claim[1]", "has no by; write `by = ...`"),
        (GOOD.replace("by =", "bye ="), "true", "claim[1].bye", "has no by; write `by = ...`"),
        (GOOD.replace("chance", "chanze"), "true", "claim[1].kind", 'write "chance"'),
        (GOOD.replace("goal", "gaol"), "true", "claim[1].by", 'the key "goal"'),
        (GOOD.replace("best", "wang-jingwe"), "true", "claim[1].by", 'write "wang-jingwei"'),
        (
            GOOD.replace('goal = "best"', 'capability = ["Japan", "Frnce"], year = 1884'),
            "true",
            "claim[1].by",
            'write "France"',
        ),
        (GOOD + "tset = { above = 0.1 }\n", "true", "claim[1].tset", 'write "test"'),
        (GOOD + 'source = ["nish66"]\n', "true", "claim[1].source", '"nish1966"'),
        (GOOD, "false", "claim[1].sure", "still marked as a guess; write `sure = true`"),
        (GOOD, '"yes"', "claim[1].sure", "neither yes nor no; write `sure = true`"),
    ],
)
def test_a_slip_is_one_sentence_with_file_line_claim_key_and_what_was_meant(more, sure, key, said):
    text = filled(more, sure)
    with pytest.raises(QuestionError) as caught:
        read_text(text, "mine.ledger.toml")

    told = str(caught.value)
    assert told.startswith("mine.ledger.toml, line ")
    assert f", {key}: claim 2" in told
    assert said in told
    assert "\n" not in told
    # The line is one of the second claim's.
    lines = text.split("\n")
    here = caught.value.line - 1
    assert lines[: here + 1].count("[[claim]]") == 2


def test_a_draft_that_is_no_toml_names_the_line():
    text = filled(GOOD.replace('"chance"', "chance"))
    with pytest.raises(QuestionError, match=r"^mine, line \d+, kind: this is not TOML"):
        read_text(text, "mine")
