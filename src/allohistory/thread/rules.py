"""
Rules that guess what a sentence of a thread is: a question, a proposal, an objection...

The first rule that fires gives the guess and its reason. The rules are of English and of the way
people write about alternate history; they do not understand anything, and say so by their name.
"""

import re
from dataclasses import dataclass
from typing import Literal

from allohistory.thread.marks import Marks

Kind = Literal["question", "proposal", "objection", "doubt", "premise", "consequence", "limit"]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sentence may be, and the rule that says so."""

    kind: Kind
    because: str


def _rule(kind: Kind, because: str, *words: str) -> tuple[Guess, re.Pattern[str]]:
    return Guess(kind, because), re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


_NOT = r"(?:n['\u2019]?t| not)"
_SUPPOSES = re.compile(
    r"\b(?:what if\b|let(?:['\u2019]?s| us) (?:say|suppose|assume|imagine)|suppose\b|imagine\b|"
    r"could we see|have (?:the|them|him|her) |"
    r"(?:here['\u2019]?s|this (?:would|could) be) (?:the|my|a) (?:scenario|timeline|idea|pod)|"
    r"(?:the|my|possible|another|earlier) (?:pod|point of divergence) "
    r"(?:is|was|would|could|might)\b)",
    re.IGNORECASE,
)
_RULES = (
    _rule("question", "is headed as a challenge", r"(?<!\S)(?:wi|ahc|dbahc|dbwi|pc) ?:|challenge:"),
    _rule("question", "wonders or asks for ideas", r"i wonder|any (?:ideas|thoughts|suggestions)"),
    _rule(
        "limit",
        "says what counts or is allowed",
        rf"does{_NOT} count|unless\b|as long as|feel free to|rules? out|only (?:way|if)",
        r"(?:should|must|has to|(?<!would )have to|needs? to) be\b",
        r"(?:at any point|no later than|no earlier than|at least|at most)\b",
        r"(?:post|pre)[- ](?:1\d|20)\d\d|(?:after|before) (?:1\d|20)\d\d (?:forum|only|pods?)",
        rf"dividing line|do{_NOT} get to|(?:not|weren['\u2019]?t) allowed|without (?:any|the) ",
    ),
    _rule(
        "doubt",
        "says that it is not sure",
        r"uncertain|who knows|no idea|depends on|plausib|questionable|debatable|doubt(?:ful)?\b",
        r"(?:not|isn['\u2019]?t) (?:so |too |quite |really |entirely )?(?:sure|certain|clear)",
        rf"(?:do|did){_NOT} (?:really )?know|(?:hard to|can['\u2019]?t) (?:say|tell|know|decide)",
        rf"should{_NOT} be (?:impossible|too hard)|not impossible",
        r"(?:could|might|may) (?:very |quite |just )?(?:easily |well )?(?:happen|work)",
    ),
    _rule(
        "objection",
        "denies or warns",
        rf"(?:do{_NOT}|ca(?:n['\u2019]?t|nnot)|could{_NOT}) (?:really )?(?:see|think|buy)",
        rf"(?:would|could|will)(?:{_NOT}| never| hardly)\b|won['\u2019]?t\b|(?:never|not) going to",
        r"impossible|unlikely|implausible|unrealistic|asb\b|no way\b|nope\b|hardly\b|disagree",
        r"(?:have|need) to go (?:\w+ )?back|don['\u2019]?t forget|forget(?:ting|s)? (?:that|about)",
        r"problem (?:with|is)|the (?:trouble|catch) |issue of|cautious|overestimat|underestimat",
        r"(?:little|nothing|less) to gain|no (?:reason|incentive|interest|chance)",
        r"too (?:weak|late|strong|far|busy|poor)|(?:on the contrary|however|except that|but why)\b",
    ),
    _rule(
        "premise",
        "says what happened in our timeline",
        r"[io]?otl\b|in our timeline|historically|in reality|in fact\b|as it happened|in real life",
    ),
    _rule(
        "proposal",
        "offers a possibility",
        r"perhaps\b|maybe\b|instead\b|(?:what|how) about\b|(?:could|might) \w+|if (?!anything)\w+",
        r"would (?:have|need) to|would require|the best (?:way|bet|chance)|pods?\b",
        r"scenario|butterfl|avoid(?:ing|s)? ",
    ),
    _rule(
        "consequence",
        "says what would follow",
        r"would\b|\w+['\u2019]d (?:be|have|become|see|get)|will\b|(?:leads?|leading) to",
        r"results? in|as a result|therefore\b|thus\b|means? that|consequen|which makes|ends? up",
    ),
)
_OPENS = re.compile(
    r"\b(?:let(?:['\u2019]?s| us) (?:say|suppose|assume)|what if|suppose|imagine|could we see|"
    r"scenario|timeline)\b",
    re.IGNORECASE,
)
_NOT_STEP = re.compile(r"\b(?:i|i['\u2019]m|we|you|thanks|agree|edit|post|forum)\b", re.IGNORECASE)
_ACT = re.compile(
    r"(?:then |also |quickly |eventually |finally |now |still |soon |simply )?"
    r"(?!(?:was|is|has|does|as|this|its)\b)[a-z]{2,}s\b"
)
_STANDS = re.compile(
    r"\b(?:is|are|has|have|needs?|wants?|fears?|seeks?|depends?|matters?|remains?)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|fought|began|became|took|lost|won|gave|made|\w{3,}ed)\b",
    re.IGNORECASE,
)


def guess(sentence: str, marked: Marks, *, telling: bool = False) -> Guess | None:
    """
    What a sentence may be.

    Parameters
    ----------
    sentence : str
    marked : Marks
        What it names.
    telling : bool
        Whether the post has begun to tell a scenario before it.

    Returns
    -------
    Guess or None
        None where no rule fires.

    Examples
    --------
    >>> guess("Japan would never accept that.", Marks()).kind
    'objection'
    >>> guess("Nice thread.", Marks()) is None
    True
    """
    if _SUPPOSES.search(sentence):
        return Guess("proposal", "asks to suppose something")
    if sentence.rstrip("\"')]\u201d\u2019* ").endswith(("?", "\u061f", "\uff1f")):
        return Guess("question", "ends with a question mark")
    for found, words in _RULES:
        if words.search(sentence):
            return found
    named = bool(marked.states or marked.names)
    late: tuple[tuple[Kind, str, bool], ...] = (
        ("proposal", "has a state act in the present tense", named and _acts(sentence)),
        (
            "proposal",
            "goes on with a scenario",
            telling and (named or bool(marked.unknown)) and not _NOT_STEP.search(sentence),
        ),
        (
            "premise",
            "tells of the past and names what is in the record",
            (named or bool(marked.years)) and bool(_PAST.search(sentence)),
        ),
        (
            "premise",
            "says how things stand with what it names",
            named and bool(_STANDS.search(sentence)) and not _NOT_STEP.search(sentence),
        ),
    )
    return next((Guess(kind, because) for kind, because, fires in late if fires), None)


def opens(sentence: str) -> bool:
    """
    Whether a sentence begins to tell a scenario.

    Examples
    --------
    >>> opens("This would be the scenario:"), opens("I like it.")
    (True, False)
    """
    return bool(_OPENS.search(sentence))


def _acts(sentence: str) -> bool:
    """Whether the sentence begins with a name that does something now."""
    words = sentence.split(" ", 6)
    for i, word in enumerate(words[:4]):
        if not word[:1].isupper():
            return i > 0 and bool(_ACT.match(" ".join(words[i:])))
    return False
