"""Lives made up by hand, for the tests of their page."""

from __future__ import annotations

import datetime as dt

from darkfigure.linkage_eval.studies.life import Event, Learned, Life
from darkfigure.linkage_eval.studies.trace import Entry, Flaw, Outdated, Trace

STUDY = dt.date(2021, 4, 1), dt.date(2024, 4, 1)
KNOWN, UNKNOWN = dt.date(2022, 3, 5), dt.date(2023, 1, 9)


def life(name: str = "Si\u00e2n Rees", person: int = 7) -> Trace:
    """Make a life with one act that the police and a GP knew of, and one that nobody did."""
    learned = (Learned("police/gwent", KNOWN), Learned("gp", KNOWN + dt.timedelta(days=12)))
    events = (
        Event(dt.date(1990, 1, 2), "birth", "born"),
        Event(KNOWN, "harmed", "assault, street", learned),
        Event(UNKNOWN, "harmed", "assault, home"),
        Event(UNKNOWN, "harmer", "harmed person 9: <b>assault</b>"),
    )
    truth = Life(name, "female", events[0].day, "Newport", True, ("parent Ann Rees (8)",), events)
    flaw = Flaw("town", "misheard", "Newport", "Newpart")
    stale = Outdated(dt.date(2022, 1, 1), ("postcode",))
    identity = {"forename": "Sian", "surname": "Rees", "date_of_birth": "1990-01-02"}
    entries = (
        Entry(dt.date(2010, 5, 1), "gp", "registrations", "R1", identity, {}, (), (stale,)),
        Entry(KNOWN, "police/gwent", "nominals", "N1", identity, {}, (flaw,)),
        Entry(KNOWN, "police/gwent", "occurrences", "O1", {}, {"role": "victim"}, ()),
        Entry(None, "ed", "attendances", "E1", {}, {"alcohol": "yes"}, ()),
    )
    return Trace(person, truth, entries, STUDY)
