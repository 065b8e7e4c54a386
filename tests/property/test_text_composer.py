"""Composed texts: spans are exact whatever befalls the text, and rows do not know of each other."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.text import Manner, Slot, Told, Trait, Wordings, compose
from darkfigure.synth.text.wordings import Condition, Wording

NAMES = st.one_of(st.none(), st.text("Aaŵêß -'ÉXyz🙂", min_size=1, max_size=12))
WORDS = ("struck", "on the arm", "gan")
ONLY_A = Condition("kind", ("a",), wanted=True)
KNOWN = Wordings(
    {
        "_word": tuple(Wording("en", (1, 1, 1), (), (word,)) for word in WORDS),
        "open": (
            Wording("en", (1, 0, 0), (), ("IP ", "one", " said")),
            Wording(
                "en", (0, 1, 1), (Condition("kind", ("a",), True),), ("", "one", ", ", "two", "")
            ),
            Wording("cy", (1, 1, 1), (), ("Dywedodd ", "one", "")),
        ),
        "rest": (
            Wording("en", (1, 1, 1), (), ("was ", "_word", " by ", "two", ".")),
            Wording("en", (1, 1, 1), (), ("",)),
        ),
    }
)


@st.composite
def tellings(draw):
    """Draw what there is to tell of a dozen texts."""
    count = draw(st.integers(1, 12))
    array = st.lists
    one, two = (draw(array(NAMES, min_size=count, max_size=count)) for _ in range(2))
    numbers = {
        name: np.array(draw(array(st.integers(0, most), min_size=count, max_size=count)))
        for name, most in (("style", 2), ("language", 1), ("case", 2), ("kind", 1))
    }
    slips = np.full(count, draw(st.sampled_from([0.0, 0.05, 1.0])))
    ids = np.array(draw(array(st.integers(0, 2**40), min_size=count, max_size=count, unique=True)))
    return Told(
        ids,
        {"kind": Trait(numbers.pop("kind"), ("a", "b"))},
        {
            "one": Slot(pa.array(one, pa.string()), 0, np.arange(count)),
            "two": Slot(pa.array(two, pa.string()), 1, None),
        },
        Manner(**numbers, slips=slips),
    )


@given(tellings())
@settings(deadline=None)
def test_spans_are_what_was_written(told):
    """Without typing errors each span is its value in the text's case; always it lies inside."""
    passages = compose(KNOWN, told, Stream(1))
    texts = passages.text.to_pylist()
    cases = (str, str.upper, str.lower)
    for of, start, end, kind in zip(
        passages.of, passages.start, passages.end, passages.kind, strict=True
    ):
        said = texts[of][start:end]
        assert said
        assert len(said) == end - start
        if not told.manner.slips[of]:
            slot = ("one", "two")[kind]
            value = told.slots[slot].values[int(of)].as_py()
            assert said.casefold() == cases[told.manner.case[of]](value).casefold()


@given(tellings())
@settings(deadline=None)
def test_what_is_between_mentions_is_no_mention(told):
    """With the mentions cut out nothing of a name is left, so that no mention is forgotten."""
    passages = compose(KNOWN, told, Stream(1))
    letters = set("ŵêßÉ🙂") - set("".join(WORDS) + "IP said was by Dywedodd")
    for number, text in enumerate(passages.text.to_pylist()):
        spans = passages.of == number
        text = text or ""  # noqa: PLW2901, nothing was written
        cut = np.ones(len(text), bool)
        for start, end in zip(passages.start[spans], passages.end[spans], strict=True):
            cut[start:end] = False
        left = "".join(letter for letter, kept in zip(text, cut, strict=True) if kept)
        assert not set(left.casefold()) & {letter.casefold() for letter in letters}


@given(tellings(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_text_does_not_depend_on_the_others(told, shuffled):
    """Told alone or in another order, somebody's text is the same."""
    order = list(range(len(told.ids)))
    shuffled.shuffle(order)
    whole = compose(KNOWN, told, Stream(1)).take(np.array(order))
    again = Told(
        told.ids[order],
        {name: Trait(trait.codes[order], trait.labels) for name, trait in told.traits.items()},
        {
            name: Slot(
                slot.values.take(pa.array(order)),
                slot.kind,
                None if slot.entity is None else slot.entity[order],
            )
            for name, slot in told.slots.items()
        },
        Manner(**{name: values[order] for name, values in vars(told.manner).items()}),
    )
    other = compose(KNOWN, again, Stream(1))
    assert whole.text.to_pylist() == other.text.to_pylist()
    for name in ("of", "kind", "start", "end", "entity"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(other, name))
