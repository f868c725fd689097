"""Threads split into posts and quotes, whatever form they were saved in."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allohistory.errors import QuestionError
from allohistory.record.tables import load
from allohistory.thread.draft import draft_file
from allohistory.thread.posts import read_thread, sentences

THREADS = Path(__file__).parents[1] / "data" / "threads"


def told(posts):
    """Posters, and who is quoted from which post at which depth."""
    return [(post.who, [(q.who, q.of, q.depth) for q in post.quotes]) for post in posts]


def test_a_saved_page_keeps_names_and_quotes_and_nothing_of_the_site():
    posts = read_thread((THREADS / "xenforo.html").read_text(encoding="utf-8"))
    assert told(posts) == [
        ("Tessera", []),
        ("old_salt", [("Tessera", 1, 1)]),
        ("Marguerite V.", [("Tessera", 1, 2), ("old_salt", 2, 1)]),
        ("Tessera", []),
    ]
    assert [quote.whole for quote in posts[2].quotes] == [False, True]
    everything = " ".join(post.text for post in posts)
    for chrome in ("secret", "color", "signature", "Click to expand", "Terms", "said:", "#1"):
        assert chrome not in everything
    assert "Avoid the Abyssinian War & the Stresa Front survives." in posts[1].text


def test_a_newsgroup_is_read_by_headers_and_arrows():
    posts = read_thread((THREADS / "newsgroup.txt").read_text(encoding="utf-8"))
    assert told(posts) == [
        ("Harald Quist", []),
        ("D. Okonjo", [("Harald Quist", 1, 1), ("Harald Quist", 1, 1)]),
        ("Pia Lindqvist", [("Harald Quist", 1, 2), ("D. Okonjo", 2, 1)]),
    ]
    # Lines broken at the margin are one sentence again; interleaved answers stay the answerer's.
    assert "renewed in 1921 instead of being replaced by the Four-Power Treaty." in posts[0].text
    assert posts[1].text.startswith("Probably. The Kwantung Army")
    assert "Imperial Conference of 1921 Meighen was dead set" in posts[1].text
    assert "Greetings" in posts[2].text


XENFORO_1 = """\
<ol><li id="post-1" class="message" data-author="Ann"><div class="messageInfo"> <blockquote
class="messageText ugc">Could Japan side with Russia in 1902?</blockquote></div></li> <li
id="post-2" class="message" data-author="Bo"><blockquote class="messageText ugc"> <div
class="bbCodeBlock bbCodeQuote" data-author="Ann"><aside><div class="attribution type">Ann
said: <a>&uarr;</a></div><blockquote class="quoteContainer"><div class="quote">Could Japan
side with Russia in 1902?</div><div class="quoteExpand">Click to
expand...</div></blockquote></aside> </div>Not while Ito is out of
office.</blockquote></li></ol>"""
VBULLETIN_4 = """\
<ol id="posts"><li class="postbitlegacy postbit" id="post_11"><div
class="username_container"> <a class="username"><strong>Ann</strong></a></div><div
class="content"><div id="post_message_11"> <blockquote class="postcontent restore">Could
Japan side with Russia in 1902?</blockquote></div></div></li> <li class="postbitlegacy
postbit" id="post_12"><a class="username"><strong>Bo</strong></a> <div class="content"><div
id="post_message_12"><blockquote class="postcontent restore"> <div
class="bbcode_container"><div class="bbcode_quote"><div class="quote_container"> <div
class="bbcode_quote_container"></div><div class="bbcode_postedby">Originally Posted by
<strong>Ann</strong> <a>View Post</a></div><div class="message">Could Japan side with Russia
in 1902? </div></div></div></div>Not while Ito is out of
office.</blockquote></div></div></li></ol>"""
PHPBB = """\
<div id="p7" class="post bg2"><div class="postbody"><h3><a>Re: 1902</a></h3><p
class="author"> by <strong><a class="username">Ann</a></strong> &raquo; Tue 3 May</p><div
class="content">Could Japan side with Russia in 1902?</div><div
class="signature">Sig?</div></div></div><div id="p8" class="post bg1"><p class="author">by
<a class="username">Bo</a></p><div class="content"><blockquote><div><cite>Ann
wrote:</cite>Could Japan side with Russia in 1902?</div></blockquote>Not while Ito is out of
office.</div></div>"""
PLAIN = """\
<body><p>Ann wrote on 3 May 1999</p><hr><p>Posted by Ann on 3 May 1999<p>Could Japan side
with Russia in 1902?<p>Posted by Bo on 4 May 1999<blockquote>Ann said:<br>Could Japan side
with Russia in 1902?</blockquote><p>Not while Ito is out of office."""
NUMBERED = """Ann\nDonor\nMar 3, 2015\n#1\nCould Japan side with Russia in 1902?\n\nBo\nBanned
Mar 4, 2015\n\n#2\nAnn said:\nCould Japan side with Russia in 1902?\nClick to expand...
Not while Ito is out of office.\n"""
BBCODE = """Posted by Ann at 10:15\nCould Japan side with Russia in 1902?\nPosted by Bo at 11:20
[QUOTE="Ann, post: 1"]Could Japan side with Russia in 1902?[/QUOTE]
Not while Ito is out of office."""


@pytest.mark.parametrize(
    "text",
    [XENFORO_1, VBULLETIN_4, PHPBB, PLAIN, NUMBERED, BBCODE],
    ids=["xenforo 1", "vbulletin 4", "phpbb", "plain page", "numbered", "bbcode"],
)
def test_every_form_of_the_same_two_posts_gives_the_same(text):
    first, second = read_thread(text)[-2:]
    assert (first.who, first.text) == ("Ann", "Could Japan side with Russia in 1902?")
    assert (second.who, second.text) == ("Bo", "Not while Ito is out of office.")
    (quote,) = second.quotes
    assert (quote.who, quote.whole, quote.depth) == ("Ann", True, 1)
    assert quote.of == first.n
    assert quote.text == first.text


def test_speakers_and_rules_part_posts_too():
    talk = "Ann: Could Korea stay free?\n\nBo: Hardly.\n\nAnn: Why?\n"
    assert [(p.who, p.text) for p in read_thread(talk)][1:] == [("Bo", "Hardly."), ("Ann", "Why?")]
    ruled = "Could Korea stay free?\n-----\nHardly, I think.\n- - -\nWhy is that?"
    assert [p.text for p in read_thread(ruled)][1:] == ["Hardly, I think.", "Why is that?"]


def test_unmarked_repetition_is_a_quote_and_not_counted_twice():
    words = "Korea would have to modernise far earlier than it did. Nobody helped."
    first, second = read_thread(f"{words}\n\u00a0\n{words}\nI agree with that.\n")
    assert second.text == "I agree with that."
    assert (second.quotes[0].of, second.quotes[0].whole) == (first.n, True)


def test_quotes_fifty_deep():
    for opened, closed in (
        ('<blockquote class="quote">', "</blockquote>"),
        ("<blockquote>", "</blockquote>"),
        ("[quote=Ann]", "[/quote]"),
    ):
        inner = "".join(f"{opened}level {i} speaks here" for i in range(50)) + closed * 50
        page = f'<div class="post" id="post1"><div class="content">{inner}Own words.</div></div>'
        (post,) = read_thread(page if opened[0] == "<" else inner + "\nOwn words.")
        assert post.text == "Own words."
        assert {quote.depth for quote in post.quotes} == set(range(1, 51))
    arrows = "\n".join(f"{'>' * i} level {i} speaks here" for i in range(50, 0, -1))
    (post,) = read_thread(arrows + "\nOwn words.")
    assert (post.text, len(post.quotes)) == ("Own words.", 50)


def test_a_post_left_open_does_not_swallow_the_next():
    page = "".join(
        f'<div class="post" data-author="P{i}"><div class="content"><b>Words of {i}</i></span>'
        for i in range(5)
    )
    posts = read_thread(page)
    assert [(post.who, post.text) for post in posts] == [
        (f"P{i}", f"Words of {i}") for i in range(5)
    ]


def test_right_to_left_text_stays_as_it_is():
    page = (
        '<html dir="rtl"><div class="post" data-author="\u05d3\u05e0\u05d4">'
        "\u05de\u05d4 \u05d0\u05dd \u05d9\u05e4\u05df \u05e0\u05d9\u05e6\u05d7\u05d4?</div>"
        '<div class="post" data-author="\u0644\u064a\u0644\u0649">'
        "\u0645\u0627\u0630\u0627 \u0644\u0648\u061f "
        "\u0644\u0627 \u0623\u0639\u0631\u0641.</div></html>"
    )
    first, second = read_thread(page)
    assert first.who == "\u05d3\u05e0\u05d4"
    assert sentences(second.text) == [
        "\u0645\u0627\u0630\u0627 \u0644\u0648\u061f",
        "\u0644\u0627 \u0623\u0639\u0631\u0641.",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "  \n\u00a0\n", "<html><script>alert('Why?')</script></html>", "<!-- nothing", "\x00\x07"],
)
def test_nothing_to_read_is_one_sentence(text):
    with pytest.raises(QuestionError, match="no words of a discussion") as caught:
        read_thread(text)
    assert str(caught.value).count("\n") == 0


def test_a_page_without_posts_is_read_as_one():
    (post,) = read_thread("<html><body><p>Could Korea stay free?</p><p>Hardly.</p></body></html>")
    assert post.text == "Could Korea stay free?\nHardly."


SAID = "Japan loses in {n}, and Chiang Kai-shek would not ally with the USSR."
POST = f'<div class="post" id="post{{n}}"><div class="content"><p>{SAID}</p><br></div></div>\n'
PAGE = '<div class="post" id="post{n}" style="{x}"><div class="content">In {n} it ends?</div></div>'
BIG = {
    "page": lambda n: "".join(PAGE.format(n=i, x="margin: 0; " * 250) for i in range(n // 2840)),
    "posts": lambda n: "".join(POST.format(n=i) for i in range(n // len(POST))),
    "plain": lambda n: "".join(
        f"Post {i}: If Japan loses the war of {i}, would China ally with it?\n\u00a0\n"
        for i in range(n // 64)
    ),
    "quotes": lambda n: "<blockquote>Why? " * (n // 17),
    "closing": lambda n: "<div>" * (n // 20) + "</p></b>" * (n // 11),
    "opened": lambda n: "<div class='post " * (n // 17),
    "comments": lambda n: "<p>a</p>" + "<!-- " * (n // 5),
    "scripts": lambda n: "<p>a</p>" + "<script>" * (n // 8),
    "lone": lambda n: "<p><p>" + "<" * n,
    "references": lambda n: "<p><p>" + "&amp;&#" * (n // 7),
    "bbcode": lambda n: "[quote=a" * (n // 8),
    "opened bbcode": lambda n: "[quote=a]Why? " * (n // 14),
    "capitals": lambda n: "Ab " * (n // 3),
    "arrows": lambda n: ">" * n,
    "letters": lambda n: "a" * n,
    "stops": lambda n: ". A" * (n // 3),
    "spaces": lambda n: "a" + " " * n + "b",
    "digits": lambda n: "1" * n,
    "numbers": lambda n: "1,905 " * (n // 6),
    "hashes": lambda n: "#1\nA?\n" * (n // 6),
    "rules": lambda n: "- " * (n // 2),
    "colons": lambda n: "Ann: no.\n\nBo: why?\n\n" * (n // 20),
    "headers": lambda n: "From: a\nDate: b\n" * (n // 16),
}


@pytest.mark.parametrize("size", [240_000, 5_000_000], ids=["read", "5 MB"])
@pytest.mark.parametrize("kind", sorted(BIG))
def test_five_megabytes_take_two_seconds(kind, size, tmp_path):
    load()  # the record is read once, not for every page
    file = tmp_path / "page.html"
    file.write_text(BIG[kind](size), encoding="utf-8")
    start = time.process_time()
    said = ""
    try:
        draft_file(file)
    except QuestionError as error:
        said = str(error)
    assert "\n" not in said
    assert time.process_time() - start < 2.0


def test_a_page_of_five_megabytes_is_read(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(BIG["page"](5_000_000), encoding="utf-8")
    assert len(tomllib.loads(draft_file(file))["claim"]) == 5_000_000 // 2840


LINE = st.text(max_size=60) | st.sampled_from(
    [
        "#1", "#2", "> Why?", "Ann wrote:", "-----", "\u00a0", "From: a", "Date: b",
        "Click to expand...",
        "[quote]", "[/quote]", "<div class=post>", "</div>", "<blockquote>", "<script>", "Ann: no.",
        "Japan loses the war.", "",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=14))
def test_any_text_is_posts_or_one_sentence(lines):
    try:
        posts = read_thread("\n".join(lines))
    except QuestionError:
        posts = ()
    # Only where nothing but marks is left may there be no post.
    assert posts or not any("Japan" in line for line in lines) or "<script>" in lines
    assert [post.n for post in posts] == list(range(1, len(posts) + 1))
    for post in posts:
        assert post.text or post.quotes
        assert all(0 <= quote.of < post.n and quote.depth > 0 for quote in post.quotes)
