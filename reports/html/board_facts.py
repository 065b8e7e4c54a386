"""What a board asks of one sharing strategy, answered from a run in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkfigure.linkage_eval.sharing.strategy.names import overlay_names
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, count, percent
from darkfigure.reports.html.hotspot_map import HotspotMap, draw_hotspots
from darkfigure.reports.html.run import ReportedRun
from darkfigure.reports.html.sharing_aims import (
    ALL,
    EVENTS,
    LOST,
    NAMED,
    POLICE,
    UNIT,
    Aim,
    Answers,
)

TREATED = Aim("The police hear of", "treated_seen_share", POLICE, ALL)
TREATED_UNIT = Aim("The prevention unit hears of", "treated_seen_share", UNIT, ALL)
HOURS = Aim("Hours of work", "work_hours", write=count)
_DAYS = Aim("Days until the police hear", "treated_seen_days", POLICE, write=count)
_DAYS_UNIT = Aim("Days until the unit hears", "treated_seen_days", UNIT, write=count)
_COLLATERAL = Aim("Of them no part in violence", "collateral_share")
_MISUSED = Aim("Looked up without need", "misuses", write=count)
_AGREEMENTS = Aim("Agreements", "agreements", write=count)
_GROUPS = {
    "domestic": "violence at the hands of partner or family",
    "stranger": "violence by strangers",
    "acquaintance": "violence by acquaintances and at work",
    "child": "violence against children by parents",
    "wounding": "wounds and worse",
    "young_man": "violence against men of 18 to 34",
    "most_deprived": "violence against people of the most deprived fifth",
}
_FEWEST = 50  # of a group, below which nothing is said of it: its interval would be half of all
# Why a record did not arrive, and the share from which a board is told.
_REASONS = {
    "suppressed": "are in counts too small to be shown, or in others that would give those away",
    "held_back": "are held back by staff who are in doubt",
    "incomplete": "are sent back because a field is missing",
    "not_asked_for": "nobody asks for",
    "before_agreement": "are older than the agreement",
    "recorded_otherwise": "are recorded as something else under pressure of figures",
}
_WORTH_SAYING, _NEARLY_ALL = 0.05, 0.8
_INSTEAD = "share over a larger area, or for longer periods"


@dataclass(frozen=True)
class StrategyAnswers:
    """A strategy on the page of the board.

    Parameters
    ----------
    name
        As the run names it, without overlays.
    plain
        In plain words.
    answers
        The answer to each of the five questions, in their order, as sentences.
    caveats
        What is lost on the way, here.
    groups
        Name, share that the police hear of, and ends of its interval, by group.
    hotspots
        Where the prevention unit would look; None where the run has no map.
    """

    name: str
    plain: str
    answers: tuple[tuple[str, ...], ...]
    caveats: tuple[str, ...]
    groups: tuple[tuple[str, float, float, float], ...]
    hotspots: HotspotMap | None


QUESTIONS = (
    "What would we see more of?",
    "Of whom?",
    "How soon?",
    "At what cost?",
    "How sure are we?",
)


@dataclass(frozen=True)
class Facts:
    """The answers of a run about one world.

    Parameters
    ----------
    run
        The run.
    answers
        What it measured of each strategy.
    base
        The strategy with which others are compared: what is done today, or nothing.
    years
        Length of the study.
    """

    run: ReportedRun
    answers: Answers
    base: str
    years: float

    def strategy(self, name: str, plain: str, *, counts: bool = False) -> StrategyAnswers:
        """Answer the five questions for a strategy.

        Parameters
        ----------
        name
            As the run names it.
        plain
            In plain words.
        counts
            Whether it shares counts, of which small ones are withheld.
        """
        groups = tuple(self._groups(name))
        return StrategyAnswers(
            name,
            plain,
            (self._more(name), self._whom(name), self._soon(name), self._cost(name),
             self._sure(name)),
            tuple(self._caveats(name, counts=counts)),
            groups,
            self._map(name),
        )  # fmt: skip

    def share(self, name: str, aim: Aim) -> str:
        """Write a share with its interval in whole percent: "68 % (65-70)", or "none"."""
        value, bounds = self.answers.value(name, aim), self.answers.bounds(name, aim)
        if value is None:
            return "an unknown share"
        if not value:
            return "none"
        between = f" ({100 * bounds[0]:.0f}{DASH}{100 * bounds[1]:.0f})" if bounds else ""
        return percent(value, 0) + between

    def hours_a_year(self, name: str) -> float | None:
        """Give the hours of work that a strategy costs in a year."""
        hours = self.answers.value(name, HOURS)
        return None if hours is None else hours / self.years

    def _more(self, name: str) -> tuple[str, ...]:
        treated = self.answers.counted(name, TREATED)
        heard = (
            f"Of {count(treated)} assaults that hospitals treat, the police hear of "
            f"{self.share(name, TREATED)}{self._against(name)}, the prevention unit of "
            f"{self.share(name, TREATED_UNIT)}."
        )
        known = percent(self.answers.value(name, EVENTS))
        return heard, f"Of all violence the police know {known}; most brings nobody to hospital."

    def _against(self, name: str) -> str:
        if name == self.base:
            return ""
        return f" instead of {percent(self.answers.value(self.base, TREATED), 0)}"

    def _whom(self, name: str) -> tuple[str, ...]:
        if name == self.base:
            known = sorted(self._groups(name), key=lambda group: -group[1])
            if not known:
                return ("Too few were treated to tell groups apart.",)
            (most, high, *_), (least, low, *_) = known[0], known[-1]
            return (f"Most of {most} ({percent(high, 0)}), least of {least} ({percent(low, 0)}).",)
        before = {group: value for group, value, *_ in self._groups(self.base)}
        gains = [
            (group, value - before[group])
            for group, value, *_ in self._groups(name)
            if group in before
        ]
        ranked = sorted(gains, key=lambda gain: -gain[1])
        if not ranked or ranked[0][1] < 0.005:
            return ("Of nobody: what is shared is not about people whom hospitals treat.",)
        (most, high), (least, low) = ranked[0], ranked[-1]
        first = f"The police gain most of {most}: {100 * high:.0f} more in a hundred."
        return (f"{first} They gain least of {least}: {100 * low:.0f} more.",)

    def _soon(self, name: str) -> tuple[str, ...]:
        police, unit = (self._waited(name, aim) for aim in (_DAYS, _DAYS_UNIT))
        if not police:
            return ("The police hear of nothing that hospitals treat.",)
        if not unit:
            return (f"Half of what the police hear of reaches them within {police}.",)
        return (f"Half of it reaches the police within {police}, the unit within {unit}.",)

    def _waited(self, name: str, aim: Aim) -> str:
        days = self.answers.value(name, aim)
        if days is None:
            return ""
        if days < 1:
            return f"{24 * days:.0f} hours"
        return f"{days:.0f} day{'' if round(days) == 1 else 's'}"

    def _cost(self, name: str) -> tuple[str, ...]:
        named = self.answers.value(name, NAMED) or 0
        privacy = "Nobody is named to another agency."
        if named:
            part = percent(self.answers.value(name, _COLLATERAL), 0)
            misused = self.answers.value(name, _MISUSED) or 0
            privacy = (
                f"{count(named)} people are named to another agency, {part} of whom had no part in "
                f"violence; {count(misused)} records are looked up without need."
            )
        lost, came = self.answers.value(name, LOST) or 0, self.answers.counted(name, LOST)
        away = f"{count(lost)} of {count(came)} who came would stay away." if lost else (
            "Nobody would stay away."
        )  # fmt: skip
        agreements = self.answers.value(name, _AGREEMENTS) or 0
        work = (
            f"{count(self.hours_a_year(name))} hours of work on records a year, "
            f"{count(agreements)} agreement{'' if agreements == 1 else 's'}."
        )
        return (work, privacy, away)

    def _sure(self, name: str) -> tuple[str, ...]:
        seeds = len({row.seed for row in self.run.shared})
        chance = (
            f"In brackets stands what chance alone would do in {_worlds(seeds)}. That anybody "
            "hesitates, or stays away, is assumed."
        )
        varied = self._varied(name)
        if len(varied) < 2:
            return (chance,)
        lowest = min(varied, key=lambda one: varied[one])
        low, high = (f"{100 * end:.0f}" for end in (varied[lowest], max(varied.values())))
        same = f"stays at {low}" if low == high else f"is between {low} and {high}"
        said = f"If people behave otherwise, what the police hear of {same}{NO_BREAK}%"
        if varied[name] - varied[lowest] >= _WORTH_SAYING:
            lever = overlay_names().get(lowest.partition("+")[2], lowest)
            said += f"; it is lowest where this holds: {lever[:1].lower()}{lever[1:]}"
        return f"{said}.", chance

    def _varied(self, name: str) -> dict[str, float]:
        """Give the share that the police hear of under the strategy and each lever laid over it."""
        values = {
            one: self.answers.value(one, TREATED)
            for one in self.answers.names
            if one.partition("+")[0] == name
        }
        return {one: value for one, value in values.items() if value is not None}

    def _groups(self, name: str) -> list[tuple[str, float, float, float]]:
        rows = []
        for group, said in _GROUPS.items():
            aim = Aim(said, "treated_seen_share", POLICE, "group", group)
            value, bounds = self.answers.value(name, aim), self.answers.bounds(name, aim)
            if value is not None and self.answers.counted(name, aim) >= _FEWEST:
                rows.append((said, value, *(bounds or (value, value))))
        return rows

    def _caveats(self, name: str, *, counts: bool) -> list[str]:
        lost = {status: self._outcome(name, status) for status in _REASONS}
        if not counts:
            del lost["suppressed"]
        texts = [
            f"{percent(share, 0)} of the records {_REASONS[status]}."
            for status, share in sorted(lost.items(), key=lambda item: -item[1])
            if share >= _WORTH_SAYING
        ]
        small = lost.get("suppressed", 0.0)
        if small >= _NEARLY_ALL:
            texts.append(f"This area is too small for such counts: {_INSTEAD}.")
        elif small >= _WORTH_SAYING:
            texts.append(
                f"The smaller the area, the more is lost; in a borough nearly all is: {_INSTEAD}."
            )
        return texts

    def _outcome(self, name: str, status: str) -> float:
        return self.answers.value(name, Aim("", "outcome_share", ALL, "outcome", status)) or 0.0

    def _map(self, name: str) -> HotspotMap | None:
        known = {
            str(row.stratum): (row.value or 0.0, row.n or 0)
            for row in self.run.shared
            if (row.strategy, row.metric, row.recipient) == (name, "neighbourhood_records", UNIT)
            and row.scenario == self.answers.scenario
            and row.seed == self.run.shared[0].seed
        }
        return draw_hotspots(known, "the prevention unit") if known else None


def _worlds(seeds: int) -> str:
    return "one simulated place" if seeds == 1 else f"{seeds} simulated places"


def years_of(manifest: Mapping[str, object], scenario: str) -> float:
    """Give the length of a world's study in years; 1 where the run does not say."""
    datasets = manifest.get("datasets", {})
    for dataset in datasets.values() if isinstance(datasets, Mapping) else ():
        described = dataset.get("scenario")
        if isinstance(described, Mapping) and described.get("name") == scenario:
            return float(described.get("years") or 1)
    return 1.0


def headline(facts: Facts, best: StrategyAnswers, base: StrategyAnswers) -> str:
    """Say the finding: what the best strategy that names nobody would show, and what today does."""
    today = "today they hear" if facts.base == "patchwork" else "they hear now"
    named = facts.answers.value(best.name, NAMED)
    privacy = "and names nobody" if not named else f"and names {count(named)} people"
    if best.name == base.name:
        return (
            f"{capital(today)} of {facts.share(base.name, TREATED)} of the violence that hospitals "
            "treat, and nothing that was tried shows more without naming people"
        )
    return (
        f"\u201c{best.plain}\u201d would let the police hear of {facts.share(best.name, TREATED)} "
        f"of the violence that hospitals treat, {privacy}; {today} of "
        f"{facts.share(base.name, TREATED)}"
    )


def worth_most(answers: Answers, base: str) -> str:
    """Choose the strategy that shows the police most treated violence, of those naming nobody.

    Of those that cannot be told apart from the best, the one that frightens the fewest people away,
    and then the one that shows the prevention unit most.
    """
    able = [
        name
        for name in answers.plain
        if not answers.value(name, NAMED) and answers.value(name, TREATED) is not None
    ]
    if not able:
        return base
    best = max(able, key=lambda name: answers.value(name, TREATED) or 0.0)
    low, _ = answers.bounds(best, TREATED) or (answers.value(best, TREATED) or 0.0, 1.0)
    tied = [
        name
        for name in able
        if (answers.bounds(name, TREATED) or (0.0, answers.value(name, TREATED) or 0.0))[1] >= low
    ]
    if base in tied:
        return base
    return min(
        tied,
        key=lambda name: (
            answers.value(name, LOST) or 0.0,
            -(answers.value(name, TREATED_UNIT) or 0.0),
            -(answers.value(name, TREATED) or 0.0),
        ),
    )
