"""The answers of the exercises counted again, without SQL, from a dataset and its truth."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import sqrt

import numpy as np
import pandas as pd
import pyarrow as pa

from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.synth.reference import load
from darkfigure.synth.storage.dataset import Dataset

Rows = list[tuple]
Links = Mapping[str, list[tuple[str, str, float]]]
DAY = pd.Timedelta(days=1)
METHODS = ("exact", "splink", "stepwise")


def within_a_month(report: dict, arrived_at: pd.Timestamp) -> bool:
    """Tell whether a report counts as exercise 4 says."""
    return -DAY <= report["reported_at"] - arrived_at <= 30 * DAY


def within_two_days(report: dict, arrived_at: pd.Timestamp) -> bool:
    """Tell whether what was reported counts as exercise 5 says."""
    return -2 * DAY <= report["occurred_at"] - arrived_at <= 0 * DAY


class Recount:
    """What the solutions should print, table by table; None where they show a sample of rows.

    Parameters
    ----------
    dataset
        Of one attendee.
    links
        By method: left id, right id, score.
    """

    def __init__(self, dataset: Dataset, links: Links) -> None:
        self.dataset = dataset
        self.links = {name: {row[:2] for row in rows} for name, rows in links.items()}
        self.scores = {row[:2]: row[2] for row in links["splink"]}
        self.ed = self._read("ed/attendances")
        self.nominals, self.occurrences, self.roles = (
            rows_of(read_alike(dataset, "police", name))
            for name in ("nominals", "occurrences", "occurrence_nominals")
        )
        self.persons = {row["person_id"]: row for row in self._read("truth/persons")}
        self.incidents = {row["incident_id"]: row for row in self._read("truth/incidents")}

    def _read(self, table: str) -> list[dict]:
        return rows_of(self.dataset.read(table))

    def _about(self, table: str, value: str, records: Iterable[str]) -> dict[str, set[int]]:
        about = {record: set() for record in records}
        for row in self._read(table):
            if row["record_id"] in about:
                about[row["record_id"]].add(row[value])
        return about

    def _of(self, table: str, value: str, records: Iterable[str]) -> dict[str, int]:
        every = self._about(table, value, records)
        return {record: next(iter(values)) for record, values in every.items() if values}

    @cached_property
    def patient(self) -> dict[str, int]:
        """Person of each attendance."""
        return self._of("truth/record_persons", "person_id", keys(self.ed, "attendance_no"))

    @cached_property
    def suspect(self) -> dict[str, int]:
        """Person of each nominal."""
        return self._of("truth/record_persons", "person_id", keys(self.nominals, "nominal_ref"))

    @cached_property
    def incident(self) -> dict[str, int]:
        """Incident of each attendance that is about one."""
        return self._of("truth/record_incidents", "incident_id", keys(self.ed, "attendance_no"))

    @cached_property
    def assaults(self) -> list[dict]:
        """Attendances that are coded as an assault."""
        return [row for row in self.ed if row["attendance_group"] == "11"]

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """The true pairs of attendance and nominal."""
        known = defaultdict(list)
        for nominal, person in self.suspect.items():
            known[person].append(nominal)
        return {(left, right) for left, person in self.patient.items() for right in known[person]}

    @cached_property
    def reports(self) -> dict[str, list[dict]]:
        """What each nominal was a victim of."""
        occurrences = {row["occurrence_no"]: row for row in self.occurrences}
        about = self._about("truth/record_incidents", "incident_id", occurrences)
        found = defaultdict(list)
        for role in self.roles:
            number, nominal = role["occurrence_no"], role["nominal_ref"]
            if role["role"] == "victim":
                told = {"incidents": about[number], "person": self.suspect[nominal]}
                found[nominal].append(occurrences[number] | told)
        return found

    def status(self, attendance: str) -> str:
        """Say what became of the assault with the police."""
        incident = self.incident.get(attendance)
        return "no assault" if incident is None else self.incidents[incident]["police_status"]

    def explore(self) -> list[Rows | None]:
        """Exercise 1."""
        missing = [
            ("ed", unknown(row["ethnic_category"] for row in self.ed)),
            ("police", unknown(row["ethnicity"] for row in self.nominals)),
        ]
        people = [[(len(set(self.patient.values())),)]]
        samples = [None] * 4
        return [*samples, missing, [(len(self.ed),)], [(len(set(self.numbers())),)], *people]

    def numbers(self) -> list[str]:
        """Give the NHS number of each attendance that has one."""
        written = (row["nhs_number"] for row in self.ed)
        return [number.replace(" ", "") for number in written if number]

    def count(self) -> list[Rows]:
        """Exercise 2."""
        groups = most_first(row["attendance_group"] for row in self.ed)
        codes = most_first(row["offence_code"] for row in self.occurrences)
        days = [row["arrived_at"].date() for row in self.ed]
        return [
            groups,
            codes,
            [(min(days), max(days))],
            [(sum(row["offence_code"] in violent() for row in self.occurrences),)],
            [(sum(row["read_code"] in spoken() for row in self._read("gp/events")),)],
            self.years(min(days), max(days)),
            [(len(self.assaults),)],
            [(len(self.incidents),)],
        ]

    def years(self, first: dt.date, last: dt.date) -> Rows:
        """Give the rate of each calendar year, by the days of it that are covered."""
        counts = Counter(row["arrived_at"].year for row in self.assaults)
        rows = []
        for year, count in sorted(counts.items()):
            every = pd.date_range(f"{year}-01-01", f"{year}-12-31").date
            covered = sum(first <= day <= last for day in every)
            scale = len(every) / covered
            part = covered < len(every)
            rows.append((year, covered, part, count, count * scale, sqrt(count) * scale))
        return rows

    def link(self) -> list[Rows | None]:
        """Exercise 3."""
        fields = ("surname", "forename", "date_of_birth")
        ed = [[row[name] for name in fields] for row in self.ed]
        fields = ("surname", "forename_1", "dob")
        police = [[row[name] for name in fields] for row in self.nominals]
        as_written = joined(map(tuple, ed), map(tuple, police))
        dated = [[(a, b, as_date(day)) for a, b, day in side] for side in (ed, police)]
        tidied = [[(tidy(a), tidy(b), day) for a, b, day in side] for side in dated]
        counts = (as_written, joined(*dated), joined(*tidied), len(self.pairs))
        first, *rest = ([(count,)] for count in counts)
        return [first, None, *rest]

    def estimate(self) -> list[Rows]:
        """Exercise 4."""
        n1, m = len(self.assaults), self.known("splink", within_a_month)
        n2 = sum(row["offence_code"] in {"5D", "8N", "105A"} for row in self.occurrences)
        status = Counter(self.status(row["attendance_no"]) for row in self.assaults)
        seen = [self.incidents[one]["police_status"] for one in set(self.incident.values())]
        by_code = defaultdict(list)
        for row in self.ed:
            if row["attendance_no"] in self.incident:
                by_code[row["attendance_group"]].append(self.status(row["attendance_no"]))
        assaults = sum(row["kind"] != "harassment" for row in self.incidents.values())
        chapman = (n1 + 1) * (n2 + 1) / (m + 1) - 1
        return [
            [(m,)],
            [(n1, n2, m, 1 - m / n1, float(round(n1 * n2 / m)), float(round(chapman)))],
            [(name, count, count / n1) for name, count in sorted(status.items())],
            [(1 - status["recorded"] / n1,)],
            [
                (code, code == "11", len(some), 1 - some.count("recorded") / len(some))
                for code, some in sorted(by_code.items())
            ],
            [(1 - seen.count("recorded") / len(seen),)],
            [(assaults,)],
        ]

    def linked(self, method: str) -> dict[str, list[dict]]:
        """Give the reports that each attendance is linked to."""
        found = defaultdict(list)
        for left, right in self.links[method]:
            found[left] += self.reports.get(right, [])
        return found

    def known(self, method: str, counts: Callable) -> int:
        """Count the attendances that a method finds with the police."""
        linked = self.linked(method)
        return sum(
            any(counts(report, row["arrived_at"]) for report in linked[row["attendance_no"]])
            for row in self.assaults
        )

    def compare(self) -> list[Rows]:
        """Exercise 5."""
        exact, splink = self.links["exact"], self.links["splink"]
        rules = (within_a_month, within_two_days)
        known: list[Rows] = [
            [(name, m := self.known(name, rule), 1 - m / len(self.assaults)) for name in METHODS]
            for rule in rules
        ]
        parts = [[self.parts(name, rule) for name in METHODS] for rule in rules]
        scored = [
            (name, n := len(self.links[name]), right := len(self.links[name] & self.pairs),
             right / n, right / len(self.pairs))
            for name in METHODS
        ]  # fmt: skip
        return [
            [(name, len(self.links[name])) for name in ("exact", "stepwise", "splink")],
            [(len(exact & splink),)],
            [(len(splink - exact), len(exact - splink))],
            *(table for both in zip(known, parts, strict=True) for table in both),
            scored,
        ]

    def parts(self, method: str, counts: Callable) -> tuple:
        """Take apart what a method says of the assaults that the police know."""
        linked, tally = self.linked(method), Counter()
        for row in self.assaults:
            number = row["attendance_no"]
            counted = [one for one in linked[number] if counts(one, row["arrived_at"])]
            tally[self._verdict(number, linked[number], counted)] += 1
            tally["recorded"] += self.status(number) == "recorded"
            tally["missed person"] += self._misses(number, linked[number])
            tally["known"] += bool(counted)
        late = tally["recorded"] - tally["own"] - tally["missed person"]
        n = len(self.assaults)
        return (
            *(method, n, tally["recorded"], tally["missed person"], late),
            *(tally["other"], tally["wrong"], tally["known"]),
            *(1 - tally["recorded"] / n, 1 - tally["known"] / n),
        )

    def _verdict(self, number: str, linked: list[dict], counted: list[dict]) -> str:
        own = [one for one in linked if self._is_own(number, one)]
        if any(one in own for one in counted):
            return "own"
        if any(one["person"] == self.patient[number] for one in counted):
            return "other"
        return "wrong" if counted else "none"

    def _misses(self, number: str, linked: list[dict]) -> bool:
        own = any(self._is_own(number, one) for one in linked)
        return self.status(number) == "recorded" and not own

    def _is_own(self, number: str, report: dict) -> bool:
        return self.incident.get(number) in report["incidents"]

    def share(self) -> list[Rows]:
        """Exercise 6."""
        latest = {}
        for row in sorted(self.ed, key=lambda row: (row["arrived_at"], row["attendance_no"])):
            if row["nhs_number"]:
                latest[row["nhs_number"].replace(" ", "")] = row
        reduced = Counter(details(row, row["date_of_birth"][:4]) for row in latest.values())
        coarse = Counter(details(row, row["date_of_birth"][:4])[2:] for row in latest.values())
        return [*(self._alone(groups) for groups in (reduced, coarse)), self.shared()]

    def _alone(self, groups: Counter) -> Rows:
        return [(groups.total(), sum(count == 1 for count in groups.values()))]

    def shared(self) -> Rows:
        """Count links by what is shared, and how many of them are right."""
        sex = {"1": "M", "2": "F"}
        patients = [row | {"sex": sex.get(row["sex"])} for row in self.ed]
        left = {row["attendance_no"]: details(row, year(row["date_of_birth"])) for row in patients}
        right = {row["nominal_ref"]: details(row, year(row["dob"])) for row in self.nominals}
        rows = []
        for name, first in (("coarse", 2), ("reduced", 0)):
            blocks = defaultdict(list)
            for nominal, values in right.items():
                blocks[values[first:]].append(nominal)
            links = [
                (number, nominal)
                for number, values in left.items()
                if None not in values[first:]
                for nominal in blocks[values[first:]]
            ]
            rows.append((name, len(links), np.mean([link in self.pairs for link in links])))
        return rows

    def wrong(self) -> list[Rows | None]:
        """Exercise 7."""
        missed = self.pairs - self.links["exact"]
        false = [
            (self.scores[left, right], left, right, self._home(left, right))
            for left, right in self.links["splink"] - self.pairs
        ]
        false.sort(key=lambda row: (-round(row[0], 3), row[1], row[2]))
        return [None, self.faults(missed), [(len(missed),)], false, self.found()]

    def _home(self, left: str, right: str) -> bool:
        people = (self.patient[left], self.suspect[right])
        first, second = (self.persons[one]["household_id"] for one in people)
        return first == second

    def faults(self, missed: set[tuple[str, str]]) -> Rows:
        """Count missed pairs by the faults in either record."""
        by_record = defaultdict(set)
        told = self._read("truth/entry_faults")
        told += [row | {"fault": "out of date"} for row in self._read("truth/stale_values")]
        for row in told:
            if "name" in row["column"] or row["column"] in {"dob", "date_of_birth", "sex"}:
                by_record[row["record_id"]].add(row["fault"])
        return most_first(
            fault for left, right in missed for fault in by_record[left] | by_record[right]
        )

    def found(self) -> Rows:
        """Give the share of true pairs that Splink found, by sex and kind of surname."""
        groups = defaultdict(list)
        for pair in self.pairs:
            person = self.persons[self.patient[pair[0]]]
            group = (person["sex"], person["welsh_name"])
            groups[group].append(pair in self.links["splink"])
        return [(*group, len(some), np.mean(some)) for group, some in sorted(groups.items())]


def keys(rows: Iterable[dict], name: str) -> list[str]:
    """Give the key of each row."""
    return [row[name] for row in rows]


def rows_of(table: pa.Table) -> list[dict]:
    """Give the rows of a table, with None where a cell is empty."""
    frame = table.to_pandas().astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def unknown(values: Iterable) -> float:
    """Give the share of values that are missing."""
    return float(np.mean([value is None for value in values]))


def most_first(values: Iterable) -> Rows:
    """Count values, the most frequent first, the missing last among equals."""
    counts = Counter(values).items()
    return sorted(counts, key=lambda row: (-row[1], row[0] is None, row[0] or ""))


def violent() -> set[str]:
    """Give the offence codes of violence, by what the reference table says each is about."""
    groups = {"VWI", "VWOI", "S&H", "Sexual", "Robbery"}
    codes = load("offence_codes").to_pylist()
    return {row["code"] for row in codes if row["offence_group"] in groups}


def spoken() -> set[str]:
    """Give the Read codes that speak of violence, by what the reference table says of each."""
    about = {"domestic", "police_report", "child", "assault"}
    codes = load("read_codes").to_pylist()
    return {row["read_code"] for row in codes if row["about"] in about}


def as_date(text: str | None) -> dt.date | None:
    """Read a date as either agency writes it."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text or "", form).date()  # noqa: DTZ007, a day has no zone
        except ValueError:
            continue
    return None


def tidy(name: str | None) -> str | None:
    """Write a name in large letters without accents."""
    if name is None:
        return None
    apart = unicodedata.normalize("NFD", name.upper())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def joined(left: Iterable[tuple], right: Iterable[tuple]) -> int:
    """Count the pairs of rows that agree in everything; what is missing agrees with nothing."""
    counts = Counter(row for row in right if None not in row)
    return sum(counts[row] for row in left)


def year(day: str | None) -> str | None:
    """Read the year of a date as either agency writes it."""
    date = as_date(day)
    return str(date.year) if date else None


def details(row: dict, born: str | None) -> tuple:
    """Give the reduced details of a record: initials, year of birth, sex, area."""
    forename = row.get("forename", row.get("forename_1"))
    initials = [name[:1].upper() if name else None for name in (row["surname"], forename)]
    area = row["postcode"].replace(" ", "")[:-3] if row["postcode"] else None
    return (*initials, born, row["sex"], area)
