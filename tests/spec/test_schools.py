"""Schools of Wales and their pupils: counts, names, and who goes where.

Expected numbers of pupils are read off the shares, so no test but the marked ones draws.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from test_education import ask

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.school_choice import (
    Schoolchildren,
    schools_attended,
    speaks_welsh_at_home,
)
from darkfigure.synth.setting.school_names import school_names
from darkfigure.synth.setting.schools import KINDS, SPECIAL, school_sites
from darkfigure.synth.storage.dataset import Dataset

CHANCE = Stream(1)
AUTHORITIES = wales().authorities["name"].to_pylist()
MEDIA = load("school_media")["medium"].to_pylist()
FAITHS = load("school_faiths")["faith"].to_pylist()
BRITISH, AFRICAN = (list(ETHNIC_BACKGROUND).index(name) for name in ("british", "african"))


def family(size: int, *, ages: Ints | None = None, background: int = BRITISH) -> Schoolchildren:
    """Make two children of primary age in each of some families, spread over Wales."""
    home = np.repeat(np.arange(size), 2)
    lsoa = home % len(wales().code)
    return Schoolchildren(
        lsoa=lsoa,
        person_id=np.arange(2 * size),
        family=home,
        age_years=np.tile([6.2, 8.9], size) if ages is None else np.resize(ages, 2 * size),
        secondary=np.zeros(2 * size, bool),
        background=np.full(2 * size, background),
        welsh_home=speaks_welsh_at_home(lsoa, home, CHANCE),
    )


def test_there_are_as_many_schools_as_were_counted():
    """Of each kind, language of teaching and religious character, in each authority."""
    sites, codes = school_sites(), wales().authorities["la_code"].to_pylist()
    found = Counter(
        zip(
            np.array(codes)[sites.authority].tolist(),
            np.array(KINDS)[sites.kind].tolist(),
            np.array(MEDIA)[sites.medium].tolist(),
            np.array(FAITHS)[sites.faith].tolist(),
            strict=True,
        )
    )
    listed = load("school_counts").to_pylist()
    expected = {
        (row["la_code"], row["kind"], row["medium"], row["faith"]): row["schools"] for row in listed
    }
    assert expected == found


def test_schools_have_places_for_the_pupils_that_were_counted():
    """And the largest primary school has under a thousand, the smallest a dozen."""
    sites = school_sites()
    counted = sum(load("school_counts")["pupils"].to_pylist())
    units = (sites.kind == KINDS.index("pru")) * sites.places
    assert counted == pytest.approx(sites.places.sum() - units.sum())
    primary = sites.places[sites.kind == KINDS.index("primary")]
    assert 10 < primary.min() < 60
    assert 600 < primary.max() < 1_000


def test_each_school_has_a_code_that_no_school_has():
    """School numbers begin at 1000 in the register; ours end below, and none comes twice."""
    code = school_sites().code
    assert len(code) == len(np.unique(code))
    assert (code % 10_000 < 1_000).all()


def test_no_two_schools_of_an_authority_share_a_name():
    """Letters would go astray."""
    named = [*zip(school_sites().authority.tolist(), school_names().to_pylist(), strict=True)]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("medium", "authority", "word"),
    [("WM", "Gwynedd", "Ysgol"), ("WM", "Newport", "Gymraeg"), ("EM", "Newport", "Primary")],
)
def test_schools_are_named_in_their_language(medium: str, authority: str, word: str):
    """Nearly all; "Junior and Infants" and "C.P." stand for "Primary" too."""
    sites = school_sites()
    rows = (sites.medium == MEDIA.index(medium)) & (sites.authority == AUTHORITIES.index(authority))
    rows &= sites.kind == KINDS.index("primary")
    names = school_names().filter(pa.array(rows)).to_pylist()
    known = [name for name in names if word in name or "Y.G.G." in name or "School" in name]
    assert names == known
    assert sum(word in name for name in names) > len(names) / 2


def test_church_schools_say_so():
    """Saint, church or both stand in the name of every school with a religious character."""
    sites = school_sites()
    names = school_names().filter(pa.array(sites.faith != FAITHS.index("none"))).to_pylist()
    signs = ("St ", "Sant ", "Bishop ", "Church", "C.I.W.", "V.C.", "Eglwys")
    assert [] == [name for name in names if not any(sign in name for sign in signs)]


def test_siblings_go_to_one_school():
    """Of two of primary age some 8 % are parted, and 4 % by their parents; and some are special.

    Of 20,000 families fewer than 83 % or more than 93 % would be a wonder.
    """
    school = schools_attended(family(20_000), CHANCE).reshape(-1, 2)
    assert 0.83 < (school[:, 0] == school[:, 1]).mean() < 0.93


def test_twins_go_to_one_school_unless_their_parents_chose_otherwise():
    """Fewer than 8 in 100 are parted, special schools included (of 20,000; as above)."""
    twins = schools_attended(family(20_000, ages=np.array([7.4])), CHANCE).reshape(-1, 2)
    assert 0.92 < (twins[:, 0] == twins[:, 1]).mean() < 0.98


def test_homes_that_speak_welsh_choose_welsh_schools():
    """In every authority with both, and in Wales four times as often (of 40,000 children)."""
    pupils = family(20_000)
    welsh = pupils.welsh_home
    taught = school_sites().medium[schools_attended(pupils, CHANCE)] == MEDIA.index("WM")
    assert taught[welsh].mean() > 2 * taught[~welsh].mean()
    area = wales().authority[pupils.lsoa] == AUTHORITIES.index("Carmarthenshire")
    assert taught[area & welsh].mean() > 1.5 * taught[area & ~welsh].mean()


def test_catholic_families_choose_catholic_schools():
    """More pupils of African than of British background are taught there (of 40,000 each)."""
    share = [
        (
            school_sites().faith[schools_attended(family(20_000, background=origin), CHANCE)]
            == FAITHS.index("catholic")
        ).mean()
        for origin in (BRITISH, AFRICAN)
    ]
    assert share[1] > 1.5 * share[0]


def test_pupils_by_medium_are_as_counted():
    """Of 40,000 primary pupils of Wales, drawn by where children live, within two in a hundred."""
    home = Stream(3).pick("home", np.arange(40_000), wales().residents * wales().age_share("5_10"))
    ids = np.arange(40_000)
    none = np.zeros(40_000, np.int64)
    welsh = speaks_welsh_at_home(home, ids, CHANCE)
    pupils = Schoolchildren(home, ids, ids, none + 8.0, none > 0, none + BRITISH, welsh)
    attended = schools_attended(pupils, CHANCE)
    attended = attended[school_sites().kind[attended] == KINDS.index("primary")]
    counted = [row for row in load("school_counts").to_pylist() if row["kind"] == "primary"]
    total = sum(row["pupils"] for row in counted)
    for column, own, values in (
        ("medium", school_sites().medium, ("WM", "EM", "DS")),
        ("faith", school_sites().faith, ("church", "catholic")),
    ):
        listed = MEDIA if column == "medium" else FAITHS
        for value in values:
            share = sum(row["pupils"] for row in counted if row[column] == value) / total
            found = (own[attended] == listed.index(value)).mean()
            assert share == pytest.approx(found, abs=0.02), value


def test_nobody_in_year_7_is_at_a_primary_school(village: Dataset):
    """Nor anybody younger at a secondary school; other kinds take all ages."""
    wrong = """select count(*) from '{d}/education/pupils.parquet'
        join '{d}/education/schools.parquet' using (school_code)
        where phase in ('P', 'S')
            and (phase = 'S') <> (year_group in ('7', '8', '9', '10', '11'))"""
    assert [(0,)] == ask(village, wrong)


def test_pupils_of_special_schools_have_additional_needs(village: Dataset):
    """All of them; and every pupil's school is listed."""
    wrong = """select count(*) filter (phase = 'X' and aln_provision is null),
        count(*) filter (phase is null) from '{d}/education/pupils.parquet'
        left join '{d}/education/schools.parquet' using (school_code)"""
    assert [(0, 0)] == ask(village, wrong)
    assert SPECIAL in school_sites().kind


def test_national_identity_follows_origin(village: Dataset):
    """Most White British pupils of Merthyr are Welsh; of Other White ones few are.

    With 7 in 10 of hundreds, a share below .6 comes up less often than once in a million.
    """
    share = """select avg((national_identity = 'WAL')::int) from '{d}/education/pupils.parquet'
        where ethnic_code = 'WBRI'"""
    assert 0.6 < ask(village, share)[0][0] < 0.95
    table = load("national_identities").to_pylist()
    own = {row["background"]: row["WAL"] for row in table}
    assert own["british"] > 2 * own["other_white"]
