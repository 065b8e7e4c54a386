"""A suite: which worlds, tasks, strategies and linkers are set against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from darkfigure import scenarios
from darkfigure.linkage_eval.contracts import Strategy
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.isolation.parent import Limits
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.decisions import Decision
from darkfigure.linkage_eval.records.sides import are_one
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import Spec, build
from darkfigure.synth.entry.profile import Severity
from darkfigure.synth.schema import SUBJECTS

_LABEL = "give each its own `label`"
_ONCE = "name each once"


class Files(Spec):
    """A data set of the user's own: two files of records, or one, and a file of who is who.

    Parameters
    ----------
    left, right
        CSV or Parquet with `record_id` and any of the fields of `contracts.RECORDS`; without
        `right`, records of `left` are linked to each other.
    truth
        CSV or Parquet: `left_id`, `right_id`, all true pairs.
    """

    left: str
    right: str = ""
    truth: str

    @model_validator(mode="after")
    def _sides_differ(self) -> Self:
        if self.right and Path(self.left).resolve() == Path(self.right).resolve():
            raise ValueError(
                "left and right are one file, whose records would be linked to themselves; leave "
                "`right` out to link them to each other"
            )
        return self


class DataSource(Spec):
    """A scenario of the library or a path, or a data set that others made.

    Parameters
    ----------
    name
        Of the scenario, or what results call the data set.
    persons
        Size of a sample of the scenario.
    label
        What results call it; by default the scenario's name, and the severity if one is given.
        Small letters, digits, "-" and "_": it names a folder.
    severity
        Of faults at data entry, instead of the scenario's.
    foreign
        A data set of `linkage_eval.runs.foreign`, such as "febrl4", instead of a scenario.
    files
        The user's own files instead of a scenario.
    """

    name: str
    label: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_-]*)?$", max_length=100)
    persons: int | None = Field(default=None, ge=1)
    severity: Severity | None = None
    foreign: str = ""
    files: Files | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_named(cls, given: object) -> object:
        return {"name": given} if isinstance(given, str) else given

    @property
    def title(self) -> str:
        """What results call it, if its scenario is called as it is."""
        return self.called(self.name)

    def called(self, name: str) -> str:
        """Say what results call it if its scenario is called `name`."""
        if self.label or self.severity is None or not self.simulated:
            return self.label or name
        return f"{name}-severity-{self.severity:g}".replace(".", "-")

    @property
    def simulated(self) -> bool:
        """Whether a scenario makes it."""
        return not self.foreign and self.files is None


class Task(Spec):
    """What is linked to what.

    Parameters
    ----------
    left
        A source, "police" for all forces together, or several joined by "+".
    right
        The same; without it, the records of `left` are linked to each other.
    kind
        "persons", or "events": which attendance ("ed") is which occurrence ("police").
    """

    left: str
    right: str = ""
    kind: Literal["persons", "events"] = "persons"

    @model_validator(mode="before")
    @classmethod
    def _is_table(cls, given: object) -> object:
        if isinstance(given, str):
            raise ValueError('a task is a table, such as { left = "ed", right = "police" }')  # noqa: TRY004, pydantic wants it
        return given

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
        """Such as "ed-police", "police" or "ed-police-events"."""
        sides = self.left if self.within else f"{self.left}-{self.right}"
        return sides if self.kind == "persons" else f"{sides}-{self.kind}"


class LinkerEntry(Spec):
    """A linker as a suite writes it: a name, or a table of a name and its options.

    Parameters
    ----------
    name
        As the registry reads it.
    label
        What results call it; by default the name and its options.
    supervision
        For linkers that learn: how many pairs are labelled, and how well. Linkers of the
        library that learn have it by default.
    options
        For the linker.
    """

    name: str
    label: str = ""
    supervision: Reviewer | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_options(cls, given: object) -> object:
        if isinstance(given, str):
            return {"name": given}
        if not isinstance(given, Mapping):
            return given
        options = {key: value for key, value in given.items() if key not in cls.model_fields}
        kept = {key: value for key, value in given.items() if key in cls.model_fields}
        return {**kept, "options": {**kept.get("options", {}), **options}}

    @property
    def title(self) -> str:
        """What results call it."""
        options = ", ".join(f"{key}={value}" for key, value in sorted(self.options.items()))
        return self.label or (f"{self.name}({options})" if options else self.name)

    def decided(self, decision: Decision) -> str:
        """Say what results call it once a decision has been taken on its links."""
        return self.title if decision == "none" else f"{self.title} + {decision}"


class Sharing(Spec):
    """Strategies that are compared by what they bring and cost, without any linkage.

    Parameters
    ----------
    strategies
        Names.
    overlays
        Each is laid over each strategy; "" is none.
    """

    strategies: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ("",)

    @property
    def names(self) -> tuple[str, ...]:
        """Every strategy under every overlay, such as "mash" and "mash+scandal"."""
        return tuple(
            f"{name}+{overlay}" if overlay else name
            for name in self.strategies
            for overlay in self.overlays
        )


class Suite(Spec):
    """A grid of worlds, seeds, strategies, tasks and linkers."""

    name: str
    title: str
    worlds: tuple[DataSource, ...] = Field(alias="scenarios", min_length=1)
    seeds: tuple[int, ...] = Field(default=(1,), min_length=1)
    tasks: tuple[Task, ...] = ()
    strategies: tuple[str, ...] = Field(default=("clear",), min_length=1)
    linkers: tuple[LinkerEntry, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(default=("none",), min_length=1)
    limits: Limits = Limits()
    sharing: Sharing = Sharing()

    @property
    def judged(self) -> DataSource | None:
        """The world that is held against what is published; the others are made alike.

        The first that is simulated, before it one whose faults are as many as its systems say.
        """
        worlds = [world for world in self.worlds if world.simulated]
        return next((one for one in worlds if one.severity in (None, 1)), next(iter(worlds), None))

    def allowed(self, strategy: Strategy, task: Task) -> tuple[LinkerEntry, ...]:
        """Give the linkers of a task's kind that what a strategy releases lets work on it."""
        sources = tuple(dict.fromkeys((task.left, task.right or task.left)))
        return tuple(
            one
            for one in self.linkers
            if registry.suits(one.name, task.kind)
            and strategy.allows(one.name, one.options, sources, task.kind)
        )

    @field_validator("seeds")
    @classmethod
    def _seeds_differ(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) < len(seeds) or min(seeds) < 0:
            raise ValueError("seeds must be 0 or more, each given once")
        return seeds

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
    def _names_differ(self) -> Self:
        """See to it that no two cells of the grid have one name: one would stand for the other."""
        _differ("scenarios", (world.title for world in self.worlds), _LABEL)
        _differ("tasks", (task.name for task in self.tasks), _ONCE)
        _differ("strategies", self.strategies, _ONCE)
        _differ("decisions", self.decisions, _ONCE)
        _differ("strategies under `sharing`", self.sharing.names, _ONCE)
        titles = (one.decided(how) for one in self.linkers for how in self.decisions)
        _differ("linkers", titles, _LABEL)
        return self


def _differ(what: str, names: Iterable[str], mend: str) -> None:
    """Raise ValueError if several things have one name."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"{what} named alike: {', '.join(twice)}; {mend}")


def load_suite(name: str) -> Suite:
    """Read a suite of the library, or a TOML file.

    Raises
    ------
    UnknownNameError
        There is no such suite, or it names a scenario, linker or strategy that does not exist.
    SpecError
        It does not say what it should.
    """
    return resolve_suite(name, scenarios.read("suites", name))


def resolve_suite(name: str, said: Mapping[str, Any]) -> Suite:
    """Make a suite of what a file says, and make sure that all it names is there.

    Parameters
    ----------
    name
        What results call it, unless it says so itself.
    said
        As a TOML file would say it.

    Raises
    ------
    UnknownNameError
        It names a scenario, linker or strategy that does not exist.
    SpecError
        It does not say what it should.
    """
    suite = build(Suite, {"name": name, **said}, f"suite '{name}'")
    for world in suite.worlds:
        if world.simulated:
            scenarios.load_scenario(world.name, persons=world.persons)
    for linker in suite.linkers:
        registry.check(linker.name, linker.options)
    for strategy in (*suite.strategies, *suite.sharing.names):
        find_strategy(strategy)
    try:
        _differ("scenarios", map(_resolve, suite.worlds), _LABEL)
    except ValueError as error:
        raise SpecError(f"suite '{name}': {error}.") from None
    return suite


def _resolve(world: DataSource) -> str:
    """Say what results call a world; the file of a scenario says what that is called."""
    if not world.simulated:
        return world.title
    return world.called(scenarios.load_scenario(world.name, persons=world.persons).name)
