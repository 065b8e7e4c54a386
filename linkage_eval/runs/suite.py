"""A suite: the worlds, tasks, strategies and linkers that are set against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from darkfigure import scenarios
from darkfigure.linkage_eval.contracts import Strategy
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.isolation.parent import Limits
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.decisions import Decision
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.records.sides import are_one
from darkfigure.linkage_eval.runs.own_files import Files
from darkfigure.linkage_eval.runs.suite_plans import CeilingPlan, Sharing
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import Spec, build
from darkfigure.synth.entry.profile import Severity
from darkfigure.synth.schema import SUBJECTS

_LABEL = "give each its own `label`"
_ONCE = "name each once"


class DataSource(Spec):
    """A scenario of the library or a path, or a data set that others made.

    Parameters
    ----------
    name
        Name of the scenario, or the data set's name in results.
    persons
        Size of a sample of the scenario, in people.
    label
        Its name in results; by default the scenario's name, and the severity if one is given.
        Small letters, digits, "-" and "_": it names a folder.
    severity
        Severity of faults at data entry, instead of the scenario's.
    foreign
        A data set of `linkage_eval.runs.foreign`, such as "febrl4", instead of a scenario.
    files
        The user's own files instead of a scenario.
    optional
        Whether a foreign data set is left out where the package that ships it is missing.
    """

    name: str
    label: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_-]*)?$", max_length=100)
    persons: int | None = Field(default=None, ge=1)
    severity: Severity | None = None
    foreign: str = ""
    files: Files | None = None
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _is_named(cls, entry: object) -> object:
        return {"name": entry} if isinstance(entry, str) else entry

    @property
    def title(self) -> str:
        """Its name in results, if the scenario's own name is that of the suite."""
        return self.called(self.name)

    def called(self, name: str) -> str:
        """Give its name in results if its scenario is called `name`."""
        if self.label or self.severity is None or not self.simulated:
            return self.label or name
        return f"{name}-severity-{self.severity:g}".replace(".", "-")

    @property
    def simulated(self) -> bool:
        """Whether a scenario makes it."""
        return not self.foreign and self.files is None


class Task(Spec):
    """A task: the two sides that are linked, and whether by person or by event.

    Parameters
    ----------
    left, right
        A source, "police" for all forces together, or several joined by "+"; without `right`, the
        records of `left` are linked to each other.
    kind
        "persons", or "events": attendances ("ed") and occurrences ("police") of one incident.
    """

    left: str
    right: str = ""
    kind: Literal["persons", "events"] = "persons"

    @model_validator(mode="before")
    @classmethod
    def _is_table(cls, entry: object) -> object:
        if isinstance(entry, str):
            raise ValueError('a task is a table, such as { left = "ed", right = "police" }')  # noqa: TRY004, pydantic wants it
        return entry

    @model_validator(mode="after")
    def _events_have_two_sides(self) -> Self:
        if self.kind == "events" and (self.left, self.right) != ("ed", "police"):
            raise ValueError('events are linked from left = "ed" to right = "police"')
        return self

    @property
    def within(self) -> bool:
        """Whether the records of one side are linked to each other, as far as its names tell."""
        return not self.right or set(self.right.split("+")) == set(self.left.split("+"))

    @property
    def name(self) -> str:
        """Its name in results, such as "ed-police", "police" or "ed-police-events"."""
        sides = self.left if self.within else f"{self.left}-{self.right}"
        return sides if self.kind == "persons" else f"{sides}-{self.kind}"


class LinkerEntry(Spec):
    """A linker as a suite writes it: a name, or a table of a name and its options.

    Parameters
    ----------
    name
        The linker, as the registry reads it.
    label
        Its name in results; by default the linker's name and its options.
    supervision
        The reviewer of a linker that learns: number of labels and error rate. Linkers of the
        library that learn have one by default.
    reads
        The identity fields that it reads, among whose causes its errors are shared out; "find"
        finds them by permutation, with one more run of the linker a field. By default those that
        a linker of the library declares, and of others all.
    options
        Options of the linker.
    """

    name: str
    label: str = ""
    reads: tuple[str, ...] | Literal["find"] | None = None
    supervision: Reviewer | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_options(cls, entry: object) -> object:
        if isinstance(entry, str):
            return {"name": entry}
        if not isinstance(entry, Mapping):
            return entry
        options = {key: value for key, value in entry.items() if key not in cls.model_fields}
        fields = {key: value for key, value in entry.items() if key in cls.model_fields}
        return {**fields, "options": {**fields.get("options", {}), **options}}

    @field_validator("reads")
    @classmethod
    def _are_fields(
        cls, reads: tuple[str, ...] | Literal["find"] | None
    ) -> tuple[str, ...] | Literal["find"] | None:
        unknown = sorted(set(reads) - set(FIELDS)) if isinstance(reads, tuple) else ()
        if unknown:
            raise ValueError(f"'{unknown[0]}' is no identity field; these are {', '.join(FIELDS)}")
        return reads

    @property
    def title(self) -> str:
        """Its name in results."""
        options = ", ".join(f"{key}={value}" for key, value in sorted(self.options.items()))
        return self.label or (f"{self.name}({options})" if options else self.name)

    def decided(self, decision: Decision) -> str:
        """Give its name in results after a decision on its links."""
        return self.title if decision == "none" else f"{self.title} + {decision}"


class Suite(Spec):
    """A grid of worlds, seeds, strategies, tasks and linkers.

    Parameters
    ----------
    seeds
        Reporting seeds: worlds whose results are reported.
    tuning_seeds
        Worlds to try linkers on until they are good; none of the reporting ones.
    tuning
        Whether the tuning seeds are run, and not the reporting ones.
    metrics
        Metrics beyond those of the library: entry points, or "file.py:name". Their code sees the
        truth and is trusted.
    sets_in
        Folder in which the user may drop data sets, each of which becomes a world; it need not be
        there. A relative one is below the folder where the run is started.
    ceiling
        Whether and how to find what is attainable; `true` for the plainest way, `false` for none.
        It needs the extra `linkers`.
    """

    name: str
    title: str
    worlds: tuple[DataSource, ...] = Field(alias="scenarios", min_length=1)
    seeds: tuple[int, ...] = Field(default=(1,), min_length=1)
    tuning_seeds: tuple[int, ...] = ()
    tuning: bool = False
    tasks: tuple[Task, ...] = ()
    strategies: tuple[str, ...] = Field(default=("clear",), min_length=1)
    linkers: tuple[LinkerEntry, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(default=("none",), min_length=1)
    limits: Limits = Limits()
    sharing: Sharing = Sharing()
    metrics: tuple[str, ...] = ()
    sets_in: str = ""
    ceiling: CeilingPlan | Literal[False] = False

    @property
    def run_seeds(self) -> tuple[int, ...]:
        """The seeds that are run."""
        return self.tuning_seeds if self.tuning else self.seeds

    @property
    def judged(self) -> DataSource | None:
        """The world that is compared with published figures; None if none is simulated.

        The first simulated world of severity 1, or without one the first simulated world.
        """
        worlds = [world for world in self.worlds if world.simulated]
        return next(
            (world for world in worlds if world.severity in (None, 1)), next(iter(worlds), None)
        )

    @property
    def n_in_the_clear(self) -> int:
        """The number of tasks of persons whose records are in the clear, for some linker."""
        names = [name for name in self.strategies if name == "clear"]
        return sum(
            task.kind == "persons" and bool(self.allowed(find_strategy(name), task))
            for name in names
            for task in self.tasks
        )

    def allowed(self, strategy: Strategy, task: Task) -> tuple[LinkerEntry, ...]:
        """Give the linkers of a task's kind that can work with what a strategy releases.

        Parameters
        ----------
        strategy
            The sharing strategy.
        task
            A task of the suite.
        """
        sources = tuple(dict.fromkeys((task.left, task.right or task.left)))
        return tuple(
            linker
            for linker in self.linkers
            if registry.suits(linker.name, task.kind)
            and strategy.allows(linker.name, linker.options, sources, task.kind)
        )

    @field_validator("seeds", "tuning_seeds")
    @classmethod
    def _seeds_differ(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) < len(seeds) or min(seeds, default=0) < 0:
            raise ValueError("seeds must be 0 or more, each given once")
        return seeds

    @model_validator(mode="after")
    def _nobody_tunes_on_what_is_reported(self) -> Self:
        both = sorted({*self.seeds} & {*self.tuning_seeds})
        if both:
            raise ValueError(
                f"seed {both[0]} is among `seeds` and `tuning_seeds`; what a linker was tuned on "
                "says little of other people, so report on other seeds"
            )
        if self.tuning and not self.tuning_seeds:
            raise ValueError(
                "there are no `tuning_seeds` to run, such as tuning_seeds = [101, 102]"
            )
        return self

    @field_validator("tasks")
    @classmethod
    def _sides_are_apart(cls, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        for task in tasks:
            are_one(task.left, task.right, SUBJECTS)
        return tasks

    @model_validator(mode="after")
    def _simulated_worlds_have_tasks(self) -> Self:
        if not self.tasks and any(world.simulated for world in self.worlds):
            raise ValueError('`tasks` is missing; add one, such as { left = "ed", right = "gp" }')
        return self

    @model_validator(mode="after")
    def _nobody_learns_from_the_judged(self) -> Self:
        both = sorted({*self.run_seeds} & {*self.ceiling.seeds} if self.ceiling else ())
        if both:
            raise ValueError(
                f"`ceiling` would learn from the people it is judged by, of seed {both[0]}; name "
                "seeds that are none of the suite's"
            )
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        """Refuse two cells of the grid with one name: one would stand for the other."""
        _differ("scenarios", (world.title for world in self.worlds), _LABEL)
        _differ("tasks", (task.name for task in self.tasks), _ONCE)
        _differ("strategies", self.strategies, _ONCE)
        _differ("decisions", self.decisions, _ONCE)
        _differ("metrics", self.metrics, _ONCE)
        _differ("strategies under `sharing`", self.sharing.names, _ONCE)
        titles = (
            linker.decided(decision) for linker in self.linkers for decision in self.decisions
        )
        _differ("linkers", titles, _LABEL)
        return self


def _differ(what: str, names: Iterable[str], mend: str) -> None:
    """Raise ValueError if several things have one name."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"{what} named alike: {', '.join(twice)}; {mend}")


def load_suite(name: str, *, tuning: bool = False) -> Suite:
    """Read a suite of the library, or a TOML file.

    Parameters
    ----------
    name
        Library name, or path of a TOML file.
    tuning
        Whether to run its tuning seeds, and not the reporting ones.

    Raises
    ------
    UnknownNameError
        There is no such suite, or it names a scenario, linker, strategy or metric that does not
        exist.
    SpecError
        A key of the suite or a metric that it names is wrong.
    """
    table = scenarios.read("suites", name)
    return resolve_suite(name, {**table, "tuning": True} if tuning else table)


def resolve_suite(name: str, table: Mapping[str, Any]) -> Suite:
    """Make a suite from its table, and make sure that all it names exists.

    Parameters
    ----------
    name
        Its name in results, unless the table has one.
    table
        The keys of a suite's TOML file.

    Raises
    ------
    UnknownNameError
        It names a scenario, linker, strategy or metric that does not exist.
    SpecError
        A key of the suite, or a metric that it names, is wrong.
    """
    suite = build(Suite, {"name": name, **table}, f"suite '{name}'")
    for world in suite.worlds:
        if world.simulated:
            scenarios.load_scenario(world.name, persons=world.persons)
    for linker in suite.linkers:
        registry.check(linker.name, linker.options)
    for strategy in (*suite.strategies, *suite.sharing.names):
        find_strategy(strategy)
    gather(suite.metrics)
    try:
        _differ("scenarios", map(_resolve, suite.worlds), _LABEL)
    except ValueError as error:
        raise SpecError(f"suite '{name}': {error}.") from None
    return suite


def _resolve(world: DataSource) -> str:
    """Give a world's name in results; the scenario's file may have a name of its own."""
    if not world.simulated:
        return world.title
    return world.called(scenarios.load_scenario(world.name, persons=world.persons).name)
