"""The engine of data entry: applies faults to the identity columns of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise
from operator import attrgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import schema
from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Floats, Mask, Words
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry.clustering import Circumstances, fault_intensity
from darkfigure.synth.entry.column_buffer import ColumnBuffer
from darkfigure.synth.entry.difficulty import difficulty, mixture
from darkfigure.synth.entry.fault_draws import FaultDraws, Odds
from darkfigure.synth.entry.fault_kinds import CellFault, Factor, IdentityFault, PairFault
from darkfigure.synth.entry.faults.cells import StruckCells, differs
from darkfigure.synth.entry.faults.letters import Places
from darkfigure.synth.entry.faults.variants import Variants
from darkfigure.synth.entry.ledger import Written
from darkfigure.synth.entry.profile import SystemProfile
from darkfigure.synth.entry.rates import Mixture, rate_for
from darkfigure.synth.entry.table import PAIRS, SINGLE, WHOLES


@dataclass(frozen=True)
class EntryEngine:
    """The identity columns of a table, the circumstances of its entry, and the ledger."""

    shape: schema.Table
    profile: SystemProfile
    setting: Circumstances
    variants: Variants
    chance: Stream  # of data entry, the same for all sources
    seeds: Words  # of the records
    odds: Odds
    pages: dict[str, ColumnBuffer]
    ledger: list[Written] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        known: pa.Table,
        shape: schema.Table,
        profile: SystemProfile,
        setting: Circumstances,
        chance: Stream,
        *,
        variants: Variants,
    ) -> EntryEngine:
        """Prepare the columns and draw the difficulty of each record; parameters as of `enter`."""
        pages = {name: ColumnBuffer(known[column.name]) for name, column in shape.fields.items()}
        seeds = chance.stage(shape.source).stage(shape.name).words("entry", setting.record_ids)
        intensity = fault_intensity(
            setting, profile.spread, source=shape.source, chance=chance, seeds=seeds
        )
        intensity = intensity * difficulty(pages, profile.difficulty, len(known))
        return cls(
            shape=shape,
            profile=profile,
            setting=setting,
            variants=variants,
            chance=chance,
            seeds=seeds,
            odds=Odds.of(intensity),
            pages=pages,
        )

    @cached_property
    def rates(self) -> dict[str, dict[str, float]]:
        """The rates of each field's faults."""
        return {name: self.profile.rates(name) for name in self.pages}

    @cached_property
    def strikes(self) -> dict[str, FaultDraws]:
        """The draws of faults of single cells, by field."""
        return {
            name: FaultDraws(
                _cells_of(name),
                self.seeds,
                self.odds,
                {number: self._at_intensity_1(share) for number, share in shares.items()},
            )
            for name, shares in self._shares.items()
        }

    @cached_property
    def personal(self) -> dict[str, FaultDraws]:
        """The draws of faults that all records of a person share, by field."""
        seeds = self.chance.words("persons", self.setting.person_ids)
        alike = Odds.of(np.ones(len(seeds)))
        return {
            name: FaultDraws(_cells_of(name), seeds, alike, shares)
            for name, shares in self._shares.items()
        }

    @cached_property
    def _shares(self) -> dict[str, dict[int, float]]:
        """The share of cells that each fault of single cells befalls, by field and number."""
        return {
            name: {
                fault.number: rates[fault.name] * self.profile.severity
                for fault in SINGLE
                if fault.name in rates and name in fault.fields
            }
            for name, rates in self.rates.items()
        }

    def _at_intensity_1(self, share: float) -> float:
        return rate_for(share, self.profile.spread.all, self._mixture)

    @cached_property
    def _mixture(self) -> Mixture:
        return mixture(self.profile.difficulty)

    @cached_property
    def own_odds(self) -> dict[Factor | None, Odds]:
        """The odds of faults that the circumstances multiply, by factor."""
        multipliers: dict[Factor | None, Floats | None] = {
            "hiding": self.setting.hiding,
            "silence": self.setting.silence,
            "middle_name_used": self.setting.middle_name_used,
            "other_script": self.setting.other_script,
            "other_ear": self.setting.other_ear,
        }
        return {
            factor: Odds.of(self.odds.intensity * times)
            for factor, times in multipliers.items()
            if times is not None
        }

    def write_pairs(self) -> None:
        """Apply faults that corrupt two fields at once."""
        for lane, mirrored in sorted({(pair.lane, pair.mirrored) for pair in PAIRS}):
            pairs = [
                pair
                for pair in sorted(PAIRS, key=lambda pair: pair.name)
                if (pair.lane, pair.mirrored) == (lane, mirrored)
                and self.pages.keys() >= set(pair.fields)
            ]
            rates = [self._rate(pair) for pair in pairs]
            if not sum(rates):
                continue
            strikes = FaultDraws("pairs", self.seeds, self.odds, {lane: self._all_of(rates)})
            rows = strikes.rows(lane, mirrored=mirrored)
            drawn = record_draws.uniform(self.seeds[rows], f"which pair {lane} {mirrored}")
            which = np.searchsorted(np.cumsum(rates), drawn * sum(rates), side="right")
            for place, pair in enumerate(pairs):
                self._write_pair(pair, rows[which == place])

    def _write_pair(self, pair: PairFault, rows: Places) -> None:
        first, second = (self.pages[name] for name in pair.fields)
        rows = second.eligible(first.eligible(rows))
        known = first.known(rows), second.known(rows)
        written = pair.change(*known)
        able = differs(known[0], written[0]) & differs(known[1], written[1])
        for name, before, after in zip(pair.fields, known, written, strict=True):
            self._put(name, Written(self._column(name), pair.name, rows, before, after), able)

    def write_wholes(self) -> None:
        """Apply faults that corrupt a whole identity."""
        faults = [
            fault
            for fault in sorted(WHOLES, key=attrgetter("number"))
            if fault.fields[0] in self.pages and self._rate(fault)
        ]
        rates = {fault.number: self._all_of([self._rate(fault)]) for fault in faults}
        strikes = FaultDraws("wholes", self.seeds, self.odds, rates)
        for fault in faults:
            struck = strikes.rows(fault.number, odds=self.own_odds.get(fault.factor))
            for name in fault.fields:
                if name in self.pages:
                    self._befall(fault, {name: self.pages[name].eligible(struck)})

    def write_cells(self) -> None:
        """Apply faults of single cells, in the order of their numbers."""
        for fault in sorted(SINGLE, key=attrgetter("number")):
            draws = self.personal if fault.by_person else self.strikes
            odds = self.own_odds.get(fault.factor)
            struck = {
                name: self.pages[name].eligible(
                    draws[name].rows(fault.number, odds=odds), fault.pattern
                )
                for name, shares in self._shares.items()
                if fault.number in shares
            }
            struck = {name: rows for name, rows in struck.items() if len(rows)}
            for group in [{name: struck[name]} for name in struck] if fault.alone else [struck]:
                self._befall(fault, group)

    def store(self) -> None:
        """Apply the system's rules to every text."""
        for name in self.pages:
            rules = self.profile.storage.rules(name)
            if rules:
                self._restate(name, partial(_through, [*rules.values()]))
                self._apply(name, rules)

    def _restate(self, name: str, through: Callable[[pa.StringArray], pa.StringArray]) -> None:
        """Apply the rules to faulty texts; a text that becomes the known one is no fault."""
        for place, before in enumerate(self.ledger):
            if before.column == self._column(name):
                after = replace(before, written=through(before.written))
                self.pages[name].write(after.rows, after.written)
                still_wrong = differs(after.known, after.written, blank=True)
                self.ledger[place] = after if still_wrong.all() else after.where(still_wrong)

    def _apply(self, name: str, rules: Mapping[str, Callable[..., pa.StringArray]]) -> None:
        """Apply the rules to right texts; the ledger names the last rule that changes a text."""
        page = self.pages[name]
        rows = page.changed_by(partial(_through, [*rules.values()]))
        known = text = page.known(rows)
        last = np.zeros(len(rows), np.int64)
        for number, rule in enumerate(rules.values()):
            last[differs(text, rule(text), blank=True)] = number
            text = rule(text)
        for number, rule_name in enumerate(rules):
            tried = Written(self._column(name), rule_name, rows, known, text)
            self._put(name, tried, last == number)

    def _all_of(self, rates: Iterable[float]) -> float:
        return self._at_intensity_1(sum(rates) * self.profile.severity)

    def _rate(self, fault: PairFault | IdentityFault) -> float:
        return self.rates[fault.fields[0]].get(fault.name, 0.0)

    def _column(self, name: str) -> str:
        return self.shape.fields[name].name

    def _befall(self, fault: CellFault | IdentityFault, struck: Mapping[str, Places]) -> None:
        """Apply one fault to cells of one field, or of several if it needs no column."""
        ends = np.cumsum([0, *(len(rows) for rows in struck.values())])
        if not ends[-1]:
            return
        values = pa.concat_arrays([self.pages[name].known(rows) for name, rows in struck.items()])
        written = fault.change(self._cells(fault, struck, values))
        able = differs(values, written, blank=fault.name == "blank")
        for (name, rows), (start, end) in zip(struck.items(), pairwise(ends), strict=True):
            known, new = (texts[start:end] for texts in (values, written))
            tried = Written(self._column(name), fault.name, rows, known, new)
            self._put(name, tried, able[start:end])

    def _cells(
        self, fault: CellFault | IdentityFault, struck: Mapping[str, Places], values: pa.StringArray
    ) -> StruckCells:
        first, rows = next(iter(struck.items()))
        seeds = [
            self.seeds[own] + record_draws.decision(f"{name} {fault.name}")
            for name, own in struck.items()
        ]
        return StruckCells(
            values=values,
            seeds=np.concatenate(seeds),
            column=self.shape.fields[first],
            words=self.profile.words(first),
            variants=self.variants,
            facts=EngineFacts(self, rows) if len(struck) == 1 else None,
        )

    def _put(self, name: str, tried: Written, able: Mask) -> None:
        """Write the cells that a fault could change, and note them."""
        cells = tried if able.all() else tried.where(able)
        if len(cells.rows):
            self.pages[name].write(cells.rows, cells.written)
            self.ledger.append(cells)


@dataclass(frozen=True)
class EngineFacts:
    """The `cells.RecordFacts` of some records of an engine."""

    engine: EntryEngine
    rows: Places

    @cached_property
    def persons(self) -> Words:
        """Seeds of the people."""
        return self.engine.chance.words("persons", self.engine.setting.person_ids[self.rows])

    @property
    def days(self) -> Places | None:
        """Days on which the records were written."""
        days = self.engine.setting.days
        return None if days is None else days[self.rows]

    @property
    def sites(self) -> Places | None:
        """Numbers of the sites at which the records were written."""
        sites = self.engine.setting.sites
        return None if sites is None else sites[self.rows]

    def known(self, name: str) -> pa.StringArray | None:
        """Give the known texts of another field; None if the table lacks it."""
        page = self.engine.pages.get(name)
        return None if page is None else page.known(self.rows)

    def confusable_value(self, name: str) -> pa.StringArray | None:
        """Give a value that a clerk may enter by mistake; None if there is none of that name."""
        texts = self.engine.setting.confusable_values.get(name)
        return None if texts is None else texts(self.rows).cast(pa.string())

    def meaning(self, name: str) -> pa.StringArray | None:
        """Give the meaning of the known code of a field."""
        known = self.known(name)
        if known is None:
            return None
        codes = self.column(name).codes
        place = pc.index_in(known, pa.array(list(codes), pa.string()))
        return pa.array(list(codes.values()), pa.string()).take(place)

    def column(self, name: str) -> schema.Column:
        """Give the column of a linkage field."""
        return self.engine.shape.fields[name]


def _cells_of(name: str) -> str:
    return f"cells {name}"


def _through(
    rules: Iterable[Callable[[pa.StringArray], pa.StringArray]], texts: pa.StringArray
) -> pa.StringArray:
    for rule in rules:
        texts = rule(texts)
    return texts
