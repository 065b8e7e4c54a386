"""Explanations of pairs in plain words, from the truth and the ledger of entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import capital, listing
from darkfigure.reports.html.pairs import SAME, FieldPair
from darkfigure.reports.practise.candidates import ALIKE, HOUSEHOLD, NAMESAKE
from darkfigure.reports.practise.cards import NOT_KEPT, Card, Record, day
from darkfigure.reports.practise.choice import Chosen
from darkfigure.reports.practise.people import HISTORIES, STALE, PracticePerson, Touched

_CHANGED = {
    "marriage": "had married and taken a new surname",
    "deed": "had changed the name by deed",
    "separation": "had separated",
    "step": "had come to be known by the step-family\u2019s surname",
    "move": "had moved house",
    "left_home": "had moved out of the family home",
    "term": "had moved to study",
    "arrival": "had come from outside Wales",
    "departure": "had left Wales",
}
# The beginning of a history is no change of it.
_BEGINNINGS = {"start", "birth"}
# Fields that tell one person from another; faults in others do not explain a likeness.
_TELLING = {
    *("surname", "forename", "middle_name", "sex", "date_of_birth", "postcode"),
    *("nhs_number", "upn"),
}
# Relation of the left person to the right one: of any sex, female, male.
_RELATIONS = {
    "parent": ("parent", "mother", "father"),
    "child": ("child", "daughter", "son"),
    "grandparent": ("grandparent", "grandmother", "grandfather"),
    "grandchild": ("grandchild", "granddaughter", "grandson"),
}
_CONVERSE = {
    "parent": "child",
    "child": "parent",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
}
_MIXED = {
    "twin": ("Twins", "Twin sisters", "Twin brothers"),
    "sibling": ("Brother and sister", "Sisters", "Brothers"),
    "half_sibling": ("Half-brother and half-sister", "Half-sisters", "Half-brothers"),
}
_OTHERS = {
    "partner": "Partners who live together",
    "former_partner": "Former partners, and parents of the same child",
    HOUSEHOLD: "Two people of one household",
    NAMESAKE: "Namesakes: two people who happen to bear the same name",
    ALIKE: "Two people whose details happen to look alike",
}
_KINDS = {
    "twin": "Twins",
    "sibling": "Brothers and sisters",
    "half_sibling": "Half-brothers and half-sisters",
    "parent": "Parent and child",
    "child": "Parent and child",
    "grandparent": "Grandparent and grandchild",
    "grandchild": "Grandparent and grandchild",
    NAMESAKE: "Namesakes",
    ALIKE: "Others who look alike",
}


@dataclass(frozen=True)
class Explanation:
    """The answer to a pair: match or not, its kind, a verdict, and the reasons as sentences."""

    match: bool
    kind: str
    verdict: str
    reasons: tuple[str, ...]


def explain(
    card: Card,
    pair: Chosen,
    people: Mapping[int, PracticePerson],
    touched: Mapping[str, list[Touched]],
) -> Explanation:
    """Explain one pair.

    Parameters
    ----------
    card
        The pair as it is shown.
    pair
        The pair with its two persons and its kind.
    people
        As `people.read_people` gives them, by person id.
    touched
        As `people.read_touched` gives them, by record id.
    """
    left, right = people[pair.left_person], people[pair.right_person]
    unlike = [field for field in card.fields if _differs(field)]
    entered = [
        (_entered(record, fault), fault.field)
        for record in (card.left, card.right)
        for fault in touched.get(record.record_id, [])
        if fault.cause != STALE and any(field.field == fault.field for field in card.fields)
    ]
    if not pair.match:
        reasons = [_shared(card), *(sentence for sentence, field in entered if field in _TELLING)]
        return Explanation(
            False, _kind(pair), _verdict(pair, left, right), tuple(filter(None, reasons))
        )
    lived = _lived(card, left, unlike, touched)
    shown = {field.field for field in unlike}
    reasons = [*lived, *(sentence for sentence, field in entered if field in shown)]
    if not reasons:
        reasons = ["Nothing stands between the two records but each system\u2019s way of writing."]
    verdict = "The same person."
    return Explanation(True, _true_kind(unlike, lived, entered), verdict, tuple(reasons))


def _differs(field: FieldPair) -> bool:
    return not field.difference.startswith(SAME) and field.difference != NOT_KEPT


def _entered(record: Record, touched: Touched) -> str:
    """Describe the fault of a cell: "Surname: misread at entry by the police (...)"."""
    name, system = labels.field(touched.field), labels.the_system(record.source)
    true, why = touched.true_value, labels.why(touched.cause)
    if touched.cause == "missing":
        known = f"; it was {true}" if true else ""
        return f"{capital(name)} missing in the record of {system} ({why}{known})."
    fault = labels.cause(touched.cause)
    known = f"; it should read \u201c{true}\u201d" if true else ""
    return f"{capital(name)}: {fault} at entry by {system} ({why}{known})."


def _lived(
    card: Card,
    person: PracticePerson,
    unlike: Sequence[FieldPair],
    touched: Mapping[str, list[Touched]],
) -> list[str]:
    """Describe the changes in a life between the days on which the two systems learned it."""
    reasons = []
    shown = {field.field for field in unlike}
    days = sorted((card.left.known_on, card.right.known_on))
    for history, fields in HISTORIES.items():
        concerned = [field for field in fields if field in shown]
        changes = [
            change
            for change in person.between(history, days[0], days[1])
            if change.cause not in _BEGINNINGS
        ]
        if not concerned or not changes:
            continue
        causes = dict.fromkeys(_CHANGED.get(change.cause, change.cause) for change in changes)
        what = "Name" if history == "names" else "Address"
        who = "she" if person.sex == "F" else "he"
        stale = _stale(card, concerned, touched)
        reasons.append(
            f"{what}: between {day(days[0])} and {day(days[1])}, when the two systems learned it, "
            f"{who} {listing(list(causes))}{stale}."
        )
    return reasons


def _stale(card: Card, fields: Iterable[str], touched: Mapping[str, list[Touched]]) -> str:
    """Name the record that was out of date when it was made."""
    concerned = set(fields)
    old = [
        labels.the_system(record.source)
        for record in (card.left, card.right)
        if any(
            fault.cause == STALE and fault.field in concerned
            for fault in touched.get(record.record_id, [])
        )
    ]
    return f"; {listing(old)} still had the old one" if len(old) == 1 else ""


def _shared(card: Card) -> str:
    """List the fields on which two people's records agree."""
    same = [labels.field(field.field) for field in card.fields if field.difference.startswith(SAME)]
    return f"Their records agree on {listing(same)}." if same else ""


def _verdict(pair: Chosen, left: PracticePerson, right: PracticePerson) -> str:
    same_name = bool(left.names and right.names) and (
        left.names[-1].values["forename"] == right.names[-1].values["forename"]
    )
    named = ", with the same forename" if same_name and pair.kind != NAMESAKE else ""
    return f"Two different people. {_who(pair.kind, left, right)}{named}."


def _who(kind: str, left: PracticePerson, right: PracticePerson) -> str:
    if kind in _RELATIONS:
        older, younger = _RELATIONS[kind], _RELATIONS[_CONVERSE[kind]]
        return f"{capital(_sexed(older, left))} and {_sexed(younger, right)}"
    if kind in _MIXED:
        mixed, sisters, brothers = _MIXED[kind]
        if left.sex != right.sex:
            return mixed
        return sisters if left.sex == "F" else brothers
    return _OTHERS.get(kind, f"One is the other\u2019s {kind.replace('_', ' ')}")


def _sexed(words: tuple[str, str, str], person: PracticePerson) -> str:
    anybody, female, male = words
    return {"F": female, "M": male}.get(person.sex, anybody)


def _kind(pair: Chosen) -> str:
    return _KINDS.get(pair.kind, "Others of one household")


def _true_kind(
    unlike: Sequence[FieldPair], lived: Sequence[str], entered: Sequence[tuple[str, str]]
) -> str:
    """Sort a true pair by the gravest difference between its records."""
    shown = {field.field for field in unlike}
    wrong = {field for _, field in entered} & shown
    if any(sentence.startswith("Name") for sentence in lived):
        return "Same person, new name"
    if "date_of_birth" in wrong:
        return "Same person, birth date wrong or missing"
    if wrong & {"surname", "forename"}:
        return "Same person, name written otherwise"
    if any(sentence.startswith("Address") for sentence in lived):
        return "Same person, moved"
    return "Same person, little between"
