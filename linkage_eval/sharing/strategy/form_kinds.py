"""Kinds of form in which records are released: what each hides, allows, and is called.

Nothing else asks which kind a form is. How a kind makes its release stands in `sharing/forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from darkfigure.linkage_eval.sharing.strategy.flows import ReleaseForm

Kind = Literal[
    "clear",
    "pseudonym",
    "keyed_hash",
    "clk",
    "split_file_ttp",
    "aggregate",
    "federated_query",
    "dp",
    "synthetic",
]
Attack = Literal["differencing", "graph", "dictionary"]
TOO_FEW = "too few people are in both sources"


class FormKind:
    """A kind of form; by itself records in the clear."""

    measure = "dpv:AccessControlMethod"
    """The technical measure, in the Data Privacy Vocabulary."""
    hides_identity = False
    """Whether the recipient cannot read whom a record is about."""
    encodes_identity = False
    """Whether the recipient gets codes of the identity in its place."""
    keeps_records = True
    """Whether a row stands for one record of one real person."""
    draws_noise = False
    """Whether counts differ at random from the true ones."""
    answers_asked = False
    """Whether records come as answers to queries."""
    made_up = False
    """Whether its rows are of nobody."""
    attack: Attack | None = None
    """The attack on it, if one is built."""
    unattacked = "what is released is read, there is nothing to attack"
    """Why there is none."""

    def counts(self, form: ReleaseForm) -> bool:
        """Tell whether cells are released, not records."""
        return not self.keeps_records

    def attacked_by(self, form: ReleaseForm) -> Attack | None:
        """Give the attack on it, if one is built."""
        return self.attack

    def tells_hits_alone(self, form: ReleaseForm) -> bool:
        """Tell whether an answer says no more than that there is a record."""
        return False

    def linked_by(self, form: ReleaseForm, recipient: str) -> str:
        """Give the agency that links the records."""
        return recipient

    def gives_to(self, form: ReleaseForm, linker: str, options: Mapping[str, Any]) -> bool:
        """Tell whether a linker can work though the recipient cannot read the identity.

        Parameters
        ----------
        form
            Parameters of the form.
        linker, options
            Name and options of the linker.
        """
        return False

    def detail(self, form: ReleaseForm) -> str:
        """Say in a word how it is done; "" where there is nothing to say."""
        return ""

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts; "" where its fields say what it is."""
        return ""


class Pseudonym(FormKind):
    """Records under a pseudonym, without the identity."""

    measure = "dpv:Pseudonymisation"
    hides_identity = True
    unattacked = "no attack on pseudonyms is built"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "records under a code in place of names"


class KeyedHash(FormKind):
    """Records under a keyed hash of one identifier."""

    measure = "dpv:HashMessageAuthenticationCode"
    hides_identity = encodes_identity = True
    attack: Attack | None = "dictionary"
    unattacked = TOO_FEW

    def gives_to(self, form: ReleaseForm, linker: str, options: Mapping[str, Any]) -> bool:
        """Tell whether a linker reads that hash."""
        return linker == {"slk581": "slk581", "nhs_number": "hashed-nhs"}[form.key]

    def detail(self, form: ReleaseForm) -> str:
        """Name the identifier."""
        return form.key

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "records under one scrambled key in place of names"


class BloomFilter(FormKind):
    """Records under a Bloom filter of the identity (CLK)."""

    measure = "dpv:Pseudonymisation"
    hides_identity = encodes_identity = True
    attack: Attack | None = "graph"
    unattacked = TOO_FEW

    def gives_to(self, form: ReleaseForm, linker: str, options: Mapping[str, Any]) -> bool:
        """Tell whether a linker reads filters hardened like these."""
        return linker == "bloom" and options.get("hardening", "none") == form.hardening

    def detail(self, form: ReleaseForm) -> str:
        """Name the hardening."""
        return f"hardening: {form.hardening}"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "records under scrambled names"


class SplitFile(FormKind):
    """Identifiers to a trusted third party, content to the recipient."""

    measure = "dpv:Pseudonymisation"
    hides_identity = True
    unattacked = "the third party is given the names; no attack on its linking field is built"

    def linked_by(self, form: ReleaseForm, recipient: str) -> str:
        """Give the third party."""
        return form.ttp

    def gives_to(self, form: ReleaseForm, linker: str, options: Mapping[str, Any]) -> bool:
        """Tell that the third party reads the identifiers, so that any linker can work."""
        return True

    def detail(self, form: ReleaseForm) -> str:
        """Name the third party."""
        return f"identifiers to {form.ttp}"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "records without names, which a third party has joined"


class Aggregate(FormKind):
    """Counts, with small ones suppressed."""

    measure = "dpv:Anonymisation"
    hides_identity = True
    keeps_records = False
    unattacked = "counts are released once, nobody can ask for their difference"

    def detail(self, form: ReleaseForm) -> str:
        """Name the smallest count."""
        return f"none below {form.min_cell}"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return f"counts, none below {form.min_cell}"


class NoisyCounts(Aggregate):
    """Counts under differential privacy."""

    measure = "dpv:DifferentialPrivacy"
    draws_noise = True
    attack: Attack | None = "differencing"

    def detail(self, form: ReleaseForm) -> str:
        """Name the privacy loss."""
        return f"epsilon {form.epsilon:g}"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "counts with chance noise"


class FederatedQuery(FormKind):
    """Answers to queries that go to the source: counts, a hit, or the record."""

    measure = "dpv:FederatedLocations"
    answers_asked = True
    unattacked = "who may ask, asks by name"

    def attacked_by(self, form: ReleaseForm) -> Attack | None:
        """Give the attack on counts."""
        return "differencing" if self.counts(form) else None

    def counts(self, form: ReleaseForm) -> bool:
        """Tell whether answers are counts."""
        return form.mode == "count"

    def tells_hits_alone(self, form: ReleaseForm) -> bool:
        """Tell whether an answer says no more than that there is a record."""
        return form.mode == "hit_no_hit"

    def detail(self, form: ReleaseForm) -> str:
        """Name the kind of answer."""
        return f"none below {form.min_cell}" if self.counts(form) else form.mode

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        if self.counts(form):
            return f"counts made where the data lie, none below {form.min_cell}"
        return "yes or no" if self.tells_hits_alone(form) else ""


class SyntheticRows(FormKind):
    """Rows made up by a model of the records."""

    measure = "dpv:SyntheticData"
    hides_identity = True
    keeps_records = False
    made_up = True
    unattacked = "no row is anybody's; `membership_auc` says what it tells of who is behind it"

    def counts(self, form: ReleaseForm) -> bool:
        """Tell that rows are released, though of nobody."""
        return False

    def detail(self, form: ReleaseForm) -> str:
        """Say how many rows are made."""
        return f"{form.sample:,} rows"

    def in_words(self, form: ReleaseForm) -> str:
        """Name it for people who are no experts."""
        return "made-up records that resemble the real ones"


FORMS: dict[Kind, FormKind] = {
    "clear": FormKind(),
    "pseudonym": Pseudonym(),
    "keyed_hash": KeyedHash(),
    "clk": BloomFilter(),
    "split_file_ttp": SplitFile(),
    "aggregate": Aggregate(),
    "federated_query": FederatedQuery(),
    "dp": NoisyCounts(),
    "synthetic": SyntheticRows(),
}
