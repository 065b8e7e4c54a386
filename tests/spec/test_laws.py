"""Laws: what never happens in the truth, and in the records only where entry went wrong."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from command import darkfigure
from forgeries import forged, named

from darkfigure.linkage_eval.fidelity.laws import (
    BROKEN,
    EXPLAINED,
    KEPT,
    SCHEMA,
    any_broken,
    keep_laws,
    known_laws,
    laws_in_short,
)
from darkfigure.linkage_eval.records.as_known import AsKnown
from darkfigure.reports.html.lawfulness import law_sections
from darkfigure.synth.schema import AGENCIES
from darkfigure.synth.schema.law import Law
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture(scope="module")
def found(village: Dataset) -> pa.Table:
    """How often each law is broken in a small world."""
    return keep_laws(village)


def row(table: pa.Table, name: str) -> dict[str, object]:
    """Give what was found of one law."""
    return next(one for one in table.to_pylist() if one["name"] == name)


def test_every_agency_has_laws_and_each_its_own_name():
    """At least 150 in all, over every source and the truth."""
    laws = known_laws()
    names = [law.name for own in laws.values() for law in own]
    assert set(laws) == {"truth", *AGENCIES}
    assert len(names) == len(set(names)) >= 150


def test_a_law_without_a_sentence_or_a_source_is_refused():
    """Whoever reads the report must know what was claimed, and why."""
    with pytest.raises(ValueError, match="sentence and a source"):
        Law(name="one", says="no full stop", among="t", broken="x", source="assumed")
    with pytest.raises(ValueError, match="small letters"):
        Law(name="One", says="A law.", among="t", broken="x", source="assumed")


def test_every_law_is_counted(found: pa.Table):
    """Each query runs; what is explained and what is not add up, unless entry hid something."""
    assert SCHEMA == found.schema
    assert 0 == found["checked"].null_count
    for one in found.to_pylist():
        assert one["violated"] <= one["checked"], one["name"]
        assert max(one["violated"] - one["unexplained"], 0) == one["explained"], one["name"]
    assert set(found["verdict"].to_pylist()) <= {KEPT, EXPLAINED, BROKEN}


PLANTED = {
    "hospital_discharge_later": ("hospital/spells", "discharged_on"),
    "death_registered_later": ("deaths/registrations", "registered_on"),
    "pnc_disposal_later": ("pnc/disposals", "disposed_on"),
    "ed_after_birth": ("ed/attendances", "date_of_birth"),
    "care_referral_age": ("social_care/referrals", "received_on"),
}
_OF_OLD, _TO_COME = "1899-01-01", "2061-01-01"


@pytest.fixture(scope="module")
def planted(village: Dataset, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """What is found where every third cell of some columns is impossible, and no ledger says so."""
    folder = tmp_path_factory.mktemp("planted") / "village"
    shutil.copytree(village.path, folder)
    for file, column in PLANTED.values():
        day = _TO_COME if column in {"date_of_birth", "received_on"} else _OF_OLD
        forged(named(column, partial(_every_third, day)), f"{file}.parquet")(folder)
    return keep_laws(Dataset.open(folder))


def _every_third(day: str, cells: pa.ChunkedArray) -> pa.Array:
    wrong = pa.array([day] * len(cells)).cast(cells.type)
    return pc.if_else(pa.array([turn % 3 == 0 for turn in range(len(cells))]), wrong, cells)


@pytest.mark.parametrize("law", list(PLANTED))
def test_a_planted_violation_is_found(law: str, planted: pa.Table, found: pa.Table):
    """Wrong cells that no ledger notes are counted as broken without a reason."""
    assert BROKEN == row(planted, law)["verdict"]
    assert row(planted, law)["unexplained"] > row(found, law)["unexplained"]


def test_what_entry_wrote_wrongly_is_undone(village: Dataset):
    """As known, cells differ from those written where the ledger notes it, and nowhere else."""
    known = AsKnown.of(village).read("ed/attendances")
    keys = known["attendance_no"]
    written = village.read("ed/attendances")
    written = written.filter(pc.is_in(written["attendance_no"], value_set=keys))
    known, written = (one.sort_by("attendance_no") for one in (known, written))
    noted = village.read("truth/entry_faults")
    mine = (pc.field("source") == "ed") & pc.is_in(pc.field("record_id"), keys.combine_chunks())
    for column in ("sex", "date_of_birth", "surname"):
        cells = [one[column].cast("string").fill_null("") for one in (known, written)]
        differing = pc.sum(pc.not_equal(*cells)).as_py()
        faults = noted.filter(mine & (pc.field("column") == column))
        texts = [faults[name].fill_null("") for name in ("known_value", "written_value")]
        assert pc.sum(pc.not_equal(*texts)).as_py() == differing > 0 or column == "sex"


def test_a_law_without_its_table_is_skipped_with_a_word(village: Dataset):
    """What an agency that is switched off would have to keep is not checked."""
    tables = {name: one for name, one in village.tables.items() if not name.startswith("deaths/")}
    found = keep_laws(Dataset(village.path, {**village.manifest, "tables": tables}))
    skipped = [one for one in found.to_pylist() if one["checked"] is None]
    assert skipped
    assert {"not checked: lacks deaths_registrations"} == {one["verdict"] for one in skipped}
    assert laws_in_short(found).endswith(f"{len(skipped)} not checked")


def test_the_command_prints_laws_and_says_whether_all_are_kept(village_path: Path, found: pa.Table):
    """With --strict a broken law is an error."""
    done = darkfigure("fidelity", village_path, "--laws", "--strict")
    assert int(any_broken(found)) == done.returncode
    assert laws_in_short(found) in " ".join(done.stdout.split())


@pytest.mark.slow  # as with figures, which are tried always
def test_a_program_gets_the_laws_of_the_python_twin(village_path: Path, found: pa.Table):
    """As rows of JSON."""
    done = darkfigure("fidelity", village_path, "--laws", "--json")
    assert found.to_pylist() == json.loads(done.stdout)


def test_the_report_shows_the_broken_before_all(found: pa.Table):
    """Its tables: broken without a reason, broken by entry, and all, folded."""
    (section,) = law_sections(found)
    assert section.tables[-1].folded
    assert found.num_rows == len(section.tables[-1].rows)
    assert () == law_sections(None)
