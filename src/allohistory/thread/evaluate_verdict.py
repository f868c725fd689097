"""
Rules by which a number becomes a verdict on a claim.

A claim with a test says on which side of a bar the number lies:

- **supported**: the whole 90% interval lies on the claim's side, and under no convention on luck
  does a whole interval lie on the opposite side;
- **leaning**: the number lies on the claim's side, and by more than half of its distance to the
  near end of the interval; or it would be supported but for a convention;
- **undecided**: the interval holds the bar, or a convention on luck turns round what would be
  against;
- **against**: the whole interval lies on the opposite side, and under no convention on the claim's.

History's luck is replayed in fewer runs than luck is drawn anew; where these are too few to tell,
the row says so and the verdict stands.

What only repeats what was put in, a size elicited or assumed that the record cannot check, may lean
and is not called supported (`put_in`). Where a row names the mechanism it `rests` on, it is
computed without it too, and leans where nothing is left that would be supported.

A question, a limit or a yardstick claims nothing: it is **answered**. A premise holds (supported),
holds in the main (leaning), is doubtful (undecided) or does not hold (against). What has no number
**cannot be tested here**, and the row says which fact is missing.
"""

from allohistory.thread.claims_file import Kind, Test
from allohistory.thread.evaluate_number import ASSUMED, ELICITED, Measured, joined, short

SUPPORTED, LEANING, UNDECIDED, AGAINST = "supported", "leaning", "undecided", "against"
ANSWERED, UNTESTED = "answered", "cannot be tested here"
VERDICTS = (SUPPORTED, LEANING, UNDECIDED, AGAINST, ANSWERED, UNTESTED)
PREMISES = {"yes": SUPPORTED, "partly": LEANING, "doubtful": UNDECIDED, "no": AGAINST}
RULES = (
    "Supported: the whole 90% interval lies on the claim's side, and no convention on luck turns "
    "it round. Leaning: the number does, by more than half of its distance to the interval's near "
    "end, or a convention on luck turns it round. Undecided: neither side can be told. Against: "
    "the whole interval lies on the other side. What rests on an elicited or assumed size alone "
    "may lean and is not called supported. The conventions on luck: all of it fresh from the "
    "divergence on; redrawn wherever the change reaches; redrawn in proportion to how far a choice "
    "is moved (coupled in two ways); history's kept. Answered: a question or a limit, which claims "
    "nothing. Cannot be tested here: a fact is missing, and the row says which. A verdict is on "
    "the claim as read here, never on its poster."
)


def verdict(number: Measured, test: Test | None) -> str:
    """
    Verdict on a number.

    Examples
    --------
    >>> gain = Measured(words="x", value=0.03, lo=0.01, hi=0.05, unit="points")
    >>> verdict(gain, Test(above=0.0)), verdict(gain, Test(below=0.0)), verdict(gain, None)
    ('supported', 'against', 'answered')
    """
    if number.holds:
        return PREMISES[number.holds]
    if number.missing or number.value is None:
        return UNTESTED
    return ANSWERED if test is None else _tested(number, number.value, test)


def put_in(number: Measured, kind: Kind) -> bool:
    """Whether a number could hardly have come out otherwise than it was put in."""
    return kind == "not in the record" or number.basis in {(ELICITED,), (ASSUMED,)}


def _tested(number: Measured, value: float, test: Test) -> str:
    """Verdict on a claim that lies on one side of a bar."""
    gap = test.side * (value - test.bar)
    ends = [test.side * (e - test.bar) for e in (number.lo, number.hi) if e is not None] or [gap]
    near, far = min(ends), max(ends)
    turned = bool(_turned(number, gap, test))
    found = UNDECIDED
    if near > 0:
        found = LEANING if turned else SUPPORTED
    elif far < 0:
        found = UNDECIDED if turned else AGAINST
    elif gap > (gap - near) / 2:
        # Half of the way to the near end: one chance in five, about, that the sign is wrong.
        found = LEANING
    return found


def _turned(number: Measured, gap: float, test: Test) -> list[str]:
    """Conventions on luck whose whole interval lies opposite to the number."""
    out = []
    for words, at in number.settings.items():
        ends = [test.side * (at[key] - test.bar) for key in ("lo", "hi")]
        if (gap > 0 and max(ends) < 0) or (gap < 0 and min(ends) > 0):
            out.append(words)
    return out


def survives(number: Measured, test: Test | None) -> str:
    """A sentence for the verdict itself where a convention on luck does not bear it out."""
    if number.value is None or number.bare or test is None:
        return ""
    gap = test.side * (number.value - test.bar)
    turned, other = _turned(number, gap, test), _across(number, gap, test)
    if turned:
        return f"It does not survive every convention on luck: not {joined(turned)}."
    if verdict(number, test) == UNDECIDED:
        return ""
    none = [words for words, at in number.settings.items() if at["value"] == test.bar and gap]
    if not other:
        return f"Nothing is seen of it with {joined(none)}." if none else ""
    left = [words for words in number.settings if words not in other]
    if len(left) == 1:
        return f"It is seen only with {left[0]}; the replays with other conventions are few."
    return f"Not all conventions on luck show it: not {joined(other)}, in few replays."


def _across(number: Measured, gap: float, test: Test) -> list[str]:
    """Conventions on luck whose number lies on the other side of the bar."""
    side = {words: test.side * (at["value"] - test.bar) for words, at in number.settings.items()}
    return [words for words, x in side.items() if x * gap < 0]


def luck(number: Measured, test: Test | None) -> str:
    """Whether the verdict survives the conventions on luck that no record can decide."""
    if number.value is None or number.bare:
        return ""
    if not number.settings:
        return (
            "It was rolled with fresh luck alone; history's luck, if kept, leaves less to happen."
        )
    values = {words: at["value"] for words, at in number.settings.items()}
    low, high = min(values.values()), max(values.values())
    span = f"{short(low, number.unit)} to {short(high, number.unit)}"
    if low == high:
        return "It is the same under every convention on luck."
    if test is None or number.value == test.bar:
        return f"Over the conventions on luck it runs from {span}."
    gap = test.side * (number.value - test.bar)
    turned = _turned(number, gap, test)
    other = _across(number, gap, test)
    left = [w for w, x in values.items() if x == test.bar and gap]
    text = "It points the same way however luck is treated"
    if turned:
        text = (
            "This does not survive every convention on luck: it is the other way round with "
            f"{joined(turned)}"
        )
    elif other:
        text = f"With {joined(other)} the number lies on the other side, in too few replays to tell"
    elif left:
        text = f"Nothing is seen of it with {joined(left)}"
    return f"{text} ({span})."
