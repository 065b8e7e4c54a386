"""One flow of a strategy: its source, recipient, fields, form, timing and legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from darkfigure.linkage_eval.sharing.strategy.domains import has_domain
from darkfigure.linkage_eval.sharing.strategy.durations import Duration, Lasting
from darkfigure.linkage_eval.sharing.strategy.expressions import names_in, select_rows
from darkfigure.linkage_eval.sharing.strategy.form_kinds import FORMS, FormKind, Kind
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS, Holding
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec

Identifiability = Literal["none", "pseudonymous", "identified-health", "identified-police"]
Role = Literal["response", "da_officer", "analyst", "supervisor", "clinician", "social_worker"]
Level = Literal["hour", "day", "week", "month", "quarter", "year", "district", "named_place"]


_OF_TEXTS = {"district", "named_place"}


class FlowSource(Spec):
    """The source of a flow: an agency, such as "ed:*" or "police:gwent", and its dataset."""

    agency: str
    dataset: str

    @model_validator(mode="after")
    def _exists(self) -> Self:
        if self.holding_name not in HOLDINGS:
            error = UnknownNameError.of("holding", self.holding_name, HOLDINGS)
            raise ValueError(str(error))
        return self

    @property
    def kind(self) -> str:
        """The kind of agency: "police" of "police:gwent"."""
        return self.agency.split(":", maxsplit=1)[0]

    @property
    def unit(self) -> str:
        """The unit of its kind: "gwent" of "police:gwent", "*" for all."""
        return self.agency.partition(":")[2] or "*"

    @property
    def holding_name(self) -> str:
        """The holding's name, such as "ed/attendances"."""
        return f"{self.kind}/{self.dataset}"

    @property
    def holding(self) -> Holding:
        """The holding."""
        return HOLDINGS[self.holding_name]


class Recipient(Spec):
    """The recipient of a flow, its role, and the agencies to which it passes records on."""

    agency: str
    role: Role = "analyst"
    onward: tuple[str, ...] = ()
    onward_form: Literal["same", "map"] = "same"
    """"map" passes on times and places, without names."""
    onward_lag: Duration = "P7D"
    """Time until an onward recipient can use a record; assumed."""
    threshold: Annotated[int, Field(ge=1)] | None = None
    """Smallest count that the recipient may be given; by default that of its kind."""

    @property
    def kind(self) -> str:
        """The kind of agency."""
        return self.agency.split(":", maxsplit=1)[0]


class ReleaseForm(Spec):
    """The form in which records are released."""

    kind: Kind = "clear"
    by: tuple[str, ...] = ()
    """Of counts: the fields that make a cell."""
    min_cell: Annotated[int, Field(ge=1)] = 1
    """Of counts: smaller ones are suppressed."""
    rounding: Annotated[int, Field(ge=1)] = 1
    """Of counts: rounded to the nearest multiple of this."""
    secondary: bool = True
    """Of counts: suppress a second cell where a total would give a suppressed one away."""
    key: Literal["slk581", "nhs_number"] = "slk581"
    """Of `keyed_hash`: the identifier that is hashed."""
    hardening: Literal["none", "salt", "balance", "flip"] = "none"
    """Of `clk`: the hardening of its filters."""
    mode: Literal["count", "hit_no_hit", "full"] = "count"
    """Of `federated_query`: the kind of answer."""
    asker: str = ""
    """Of a query about somebody: the holding whose people are asked about."""
    epsilon: Positive = 1.0
    """Of `dp`: privacy loss of a person by all releases of the flow together."""
    contributions: Annotated[int, Field(ge=1)] = 1
    """Of `dp`: records of one person that are counted at most, in all releases together."""
    ttp: str = "ttp:dhcw"
    """Of `split_file_ttp`: the agency that receives the identifiers."""
    sample: Annotated[int, Field(ge=10)] = 1_000
    """Of `synthetic`: rows that the model learns from, and rows made."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.counts and not self.by:
            raise ValueError(f"{self.kind} counts records by something; say by what in `by`")
        about_somebody = self.what.answers_asked and not self.counts
        if about_somebody and self.asker not in HOLDINGS:
            raise ValueError(
                "a query about somebody needs `asker`, the holding whose people are asked about, "
                f"one of {', '.join(HOLDINGS)}"
            )
        return self

    @property
    def what(self) -> FormKind:
        """What holds of its kind."""
        return FORMS[self.kind]

    @property
    def counts(self) -> bool:
        """Whether cells are released, not records."""
        return self.what.counts(self)

    @property
    def has_records(self) -> bool:
        """Whether a row stands for one record of one real person."""
        return self.what.keeps_records and not self.counts


class Lag(Spec):
    """A delay: its median and, unless fixed, its spread."""

    median: Duration = "PT0H"
    dist: Literal["fixed", "lognormal"] = "lognormal"
    sigma: Amount = 0.6
    """Standard deviation of the logarithm; assumed."""


class Queue(Spec):
    """Meetings or desks for which records wait."""

    cadence: Lasting = "P1D"
    capacity: Annotated[int, Field(ge=1)] | None = None
    """Records dealt with at one meeting, in order of arrival; none means all."""


class Trigger(Spec):
    """The trigger of a flow: an event, a schedule or a request."""

    kind: Literal["event", "schedule", "request"] = "event"
    every: Lasting = "P1M"
    """Of a schedule: time between two batches."""
    request_rate: Rate = 1.0
    """Of requests: the share of records that somebody ever asks for; assumed."""
    lag: Lag = Lag()
    """Delay from the trigger to the release."""
    queue: Queue | None = None


class Basis(Spec):
    """The legal basis of a flow."""

    art6: str = ""
    """Article 6 of the UK GDPR."""
    art9: str = ""
    """Article 9, of special categories; "n/a-anonymous" where nothing is personal."""
    power: str = ""
    """The statute or power, one of `statutes.POWERS`."""
    common_law: str = ""
    """Why confidence is not broken: "consent", "public-interest", "s251", "anonymised" ..."""


class Weights(Spec):
    """The change in log odds of holding back by each lever; all assumed."""

    framework_clarity: float = -1.5
    high_level_buyin: float = -1.0
    staff_guidance: float = -0.5
    sensitivity: float = 0.8
    default_share: float = -1.0
    """Added where the controller's default is to share."""
    role_sd: Amount = 0.3
    """Spread of roles."""
    officer_sd: Amount = 0.5
    """Spread of the people within a role."""


class Hesitancy(Spec):
    """The tendency of people who may share to hold back, for fear of doing wrong."""

    base: Rate = 0.0
    """Share held back without framework, buy-in or guidance; 0 never and 1 always holds back."""
    weights: Weights = Weights()


class SharingAudit(Spec):
    """The log of the sharing, and its review."""

    log: bool = True
    sample_review: Rate = 0.0
    """Share of uses that somebody looks at again; a use that is not logged is never reviewed."""


class Flow(Spec):
    """One flow of records."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    source: FlowSource
    recipient: Recipient
    fields: tuple[str, ...] = Field(min_length=1)
    """Fields that are carried; "*" alone is every field of the holding."""
    withhold: tuple[str, ...] = ()
    """Fields that stay; "*" is the rule that all others do, "@identity" all of the identity."""
    rows: str = ""
    """Condition on the rows: see `linkage_eval.sharing.strategy.expressions`."""
    about: str = ""
    """The same in words, for the agreement and the drawing: "assaults"."""
    generalise: dict[str, Level] = Field(default_factory=dict)
    """Level to which each field is coarsened."""
    format: ReleaseForm = ReleaseForm()
    trigger: Trigger = Trigger()
    basis: Basis = Basis()
    hesitancy: Hesitancy = Hesitancy()
    identifiability: Identifiability = "none"
    """Degree of identification that the people concerned fear."""
    required: tuple[str, ...] = ()
    """The minimum dataset: fields that must be filled."""
    retention: Duration | None = None
    audit: SharingAudit = SharingAudit()
    scope: Literal["project", "population"] = "population"
    """"project": an agreement for each record; "population": one for all."""
    touches: Amount = 0.0
    """Minutes that people work on each record; assumed."""

    @model_validator(mode="before")
    @classmethod
    def _all_fields(cls, flow: object) -> object:
        """Put the names of all fields in place of "*"."""
        if not isinstance(flow, Mapping) or flow.get("fields") not in (["*"], ("*",)):
            return flow
        source = FlowSource.model_validate(flow.get("source"))
        return {**flow, "fields": tuple(source.holding.columns)}

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        known = self.source.holding.columns
        named = {
            "fields": self.fields,
            "withhold": [name for name in self.withhold if name not in {"*", "@identity"}],
            "rows": sorted(names_in(self.rows)),
            "generalise": sorted(self.generalise),
            "required": self.required,
            "format.by": self.format.by,
        }
        wrong = [
            str(UnknownNameError.of(f"field of {self.source.holding_name}", name, known))
            for names in named.values()
            for name in names
            if name not in known
        ]
        if wrong:
            raise ValueError(f"flow '{self.id}': {' '.join(wrong)}")
        return self

    @model_validator(mode="after")
    def _can_be_worked(self) -> Self:
        """Try the condition and the coarsening on an empty table."""
        columns = self.source.holding.columns
        nothing = pa.table({name: pa.array([], column.type) for name, column in columns.items()})
        try:
            select_rows(self.rows, nothing, columns)
        except (TypeError, NotImplementedError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"flow '{self.id}': `rows` cannot be asked: {reason}") from None
        for name, level in self.generalise.items():
            if pa.types.is_temporal(columns[name].type) and level in _OF_TEXTS:
                raise ValueError(
                    f"flow '{self.id}': `generalise` makes a {level} of {name}, which is a time; "
                    'coarsen it to "hour", "day", "week", "month", "quarter" or "year"'
                )
        return self

    @model_validator(mode="after")
    def _carries_what_it_uses(self) -> Self:
        used = {"generalise": self.generalise, "required": self.required, "by": self.format.by}
        for where, names in used.items():
            missing = [name for name in names if name not in self.fields]
            if missing and where != "required":
                raise ValueError(
                    f"flow '{self.id}': `{where}` names {', '.join(missing)}, which `fields` does "
                    "not carry; add it there or take it out"
                )
        both = sorted(set(self.fields) & set(self.withhold))
        if both:
            raise ValueError(
                f"flow '{self.id}': {', '.join(both)} stands in `fields` and in `withhold`; "
                "decide for one"
            )
        return self

    @model_validator(mode="after")
    def _has_cells_beforehand(self) -> Self:
        """Refuse noisy counts by values that only the data tell."""
        columns = self.source.holding.columns
        by = self.format.by if self.format.what.draws_noise else ()
        unknown = [name for name in by if not has_domain(columns[name], self.generalise.get(name))]
        if unknown:
            raise ValueError(
                f"flow '{self.id}': `by` names {', '.join(unknown)}, whose values only the data "
                "tell, so that a cell would give away who is in it; count by codes, flags, "
                "neighbourhoods or times coarsened to a week or more"
            )
        return self

    @property
    def undecided(self) -> tuple[str, ...]:
        """Fields of the source that are neither carried nor withheld."""
        if "*" in self.withhold:
            return ()
        holding = self.source.holding
        decided = set(self.fields) | set(self.withhold)
        if "@identity" in self.withhold:
            decided |= set(holding.identity.values())
        return tuple(name for name in holding.columns if name not in decided)

    @property
    def carried_identity(self) -> dict[str, str]:
        """Linkage fields that the flow carries: column by field."""
        return {f: name for f, name in self.source.holding.identity.items() if name in self.fields}

    @property
    def reads_persons(self) -> bool:
        """Whether the recipient can read the person of a record."""
        if self.format.what.hides_identity or self.format.counts:
            return False
        carried = self.carried_identity
        return "nhs_number" in carried or {"surname", "date_of_birth"} <= set(carried)

    @property
    def is_personal(self) -> bool:
        """Whether released rows are about single people, even under a pseudonym."""
        if self.identifiability != "none":
            return True
        return self.format.has_records and bool(
            self.carried_identity or self.source.holding.subject in self.fields
        )
