"""Names: published shares are met, relatives agree, and rows do not influence each other.

Shares are checked by exact two-sided binomial tests at 1e-6 divided by the number of checks, so
that with a fresh seed this file raises a false alarm about once in a million runs; comparisons of
two samples allow six standard errors (2e-9 each).
"""

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.names import (
    Bearers,
    as_women_bear_it,
    given_names,
    given_vocabulary,
    prefixed_surnames,
    surname_vocabulary,
    surnames,
    welsh_surnames,
)
from darkfigure.synth.names.family import JOINED_IN_LIFE_RATE
from darkfigure.synth.names.given import LISTED_BIRTHS_RATE, general_shares
from darkfigure.synth.names.laws import Laws, fading, tilted
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND, FORCES

CHANCE = Stream(11).stage("names")
MANY = 300_000
N_CHECKS = 40
FALSE_ALARM_RATE = 1e-6 / N_CHECKS
OF_FAMILIES = 1 / (1 - JOINED_IN_LIFE_RATE)  # some bearers join their name to another in life
BRITISH, CHINESE = (list(ETHNIC_BACKGROUND).index(name) for name in ("british", "chinese"))


def _people(n_people, **given):
    """Make people who are all alike but for what is given."""
    alike = {
        "sex": (0, np.int8),
        "birth_year": (2000, np.int16),
        "background": (BRITISH, np.int8),
        "welsh_speaker_rate": (0.0, float),
        "force": (0, np.int8),
    }
    columns = {
        name: np.full(n_people, 0, kind) + np.asarray(given.get(name, value), kind)
        for name, (value, kind) in alike.items()
    }
    return Bearers(ids=np.arange(n_people), **columns, lineage=given.get("lineage"))


def _of_wales(n_people):
    """Make people with the forces and ethnic groups of Wales in their census proportions."""
    authorities = load("local_authorities").group_by("force").aggregate([("population", "sum")])
    by_force = dict(zip(*(column.to_pylist() for column in authorities.columns), strict=True))
    forces = np.array([by_force[force] for force in FORCES], float)
    groups = _residents_by_background()
    where = (np.arange(n_people) + 0.5) / n_people
    force = np.searchsorted(np.cumsum(forces) / forces.sum(), where)
    # A step coprime to the count spreads the groups evenly over the forces.
    where = (np.arange(n_people) * 7_919 % n_people + 0.5) / n_people
    background = np.searchsorted(np.cumsum(groups) / groups.sum(), where)
    return _people(n_people, force=force, background=background)


def _residents_by_background():
    table = load("ethnic_backgrounds").group_by("background").aggregate([("persons", "sum")])
    counts = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return np.array([counts[name] for name in ETHNIC_BACKGROUND], float)


def _rows(bearers, rows):
    columns = {
        field.name: None
        if getattr(bearers, field.name) is None
        else getattr(bearers, field.name)[rows]
        for field in dataclasses.fields(bearers)
    }
    return Bearers(**columns)


def _agrees(share, hits, size=MANY):
    """Say whether a count fits a share; draws with unequal rates scatter less, not more."""
    return binomtest(int(hits), size, share).pvalue > FALSE_ALARM_RATE


def _counts(names):
    return np.bincount(names.indices.to_numpy(), minlength=len(names.dictionary))


def _code(vocabulary, name):
    return pc.index(vocabulary, name).as_py()


@pytest.fixture(scope="module")
def welsh_people():
    """Draw surnames for people in the proportions of Wales."""
    bearers = _of_wales(MANY)
    return bearers, surnames(bearers, CHANCE).indices.to_numpy()


def _from_other_traditions(name):
    """Give the share of the people of Wales who bear a name by another tradition."""
    residents = _residents_by_background()
    shares = dict(zip(ETHNIC_BACKGROUND, residents / residents.sum(), strict=True))
    kind = load("minority_names").filter(pc.field("kind") == "surname")
    named = {row["name_group"]: row["share"] for row in kind.to_pylist() if row["name"] == name}
    return sum(
        shares[row["background"]] * row["share"] * named.get(row["name_group"], 0)
        for row in load("name_groups").to_pylist()
    )


@pytest.mark.parametrize("name", ["Jones", "Davies", "Williams", "Evans", "Thomas", "Smith"])
def test_surnames_have_their_share_of_wales(welsh_people, name):
    """Over all forces and ethnic groups a surname has the share that was published."""
    table = load("surnames").filter(pc.field("surname") == name)
    share = table["share"][0].as_py() * OF_FAMILIES + _from_other_traditions(name)
    assert _agrees(share, (welsh_people[1] == _code(surname_vocabulary(), name)).sum())


@pytest.mark.parametrize("force", range(len(FORCES)))
def test_surnames_follow_their_region(welsh_people, force):
    """Jones is as common in each force's area as its multiplier says."""
    table = load("surname_regions").filter(pc.field("surname") == "Jones")
    multiplier = dict(zip(table["force"].to_pylist(), table["multiplier"].to_pylist(), strict=True))
    bearers, codes = welsh_people
    residents = np.bincount(bearers.force) / len(bearers.force)
    mean = sum(residents[row] * multiplier[name] for row, name in enumerate(FORCES))
    share = (
        load("surnames")["share"][0].as_py() * OF_FAMILIES * multiplier[tuple(FORCES)[force]] / mean
    )
    here = bearers.force == force
    hits = (codes[here] == _code(surname_vocabulary(), "Jones")).sum()
    assert _agrees(share, hits, here.sum())


def test_welsh_type_surnames(welsh_people):
    """Names of Welsh type have the share that was published."""
    table = load("surnames").filter(pc.field("welsh") == 1).to_pylist()
    plain = [row for row in table if "-" not in row["surname"]]
    share = sum(
        row["share"] * OF_FAMILIES + _from_other_traditions(row["surname"]) for row in plain
    )
    assert _agrees(share, welsh_surnames()[welsh_people[1]].sum())
    assert share / OF_FAMILIES == pytest.approx(0.35, rel=0.03)


def test_rare_surnames_make_a_tail(welsh_people):
    """Names beyond the list are borne by a sixth, most of them by few."""
    listed = set(load("surnames")["surname"].to_pylist())
    beyond = np.array([name not in listed for name in surname_vocabulary().to_pylist()])
    assert 0.10 < beyond[welsh_people[1]].mean() < 0.21
    borne = np.bincount(welsh_people[1])[beyond[: welsh_people[1].max() + 1]]
    assert (borne > 0).sum() > 12_000
    assert (borne == 1).sum() > (borne == 2).sum() > (borne > 5).sum() > 100


def test_patronymics_are_of_welsh_speaking_homes():
    """Forefathers' names are borne there only: sons' after ap or ab, daughters' after ferch."""
    speaking, other = (
        _people(MANY, welsh_speaker_rate=rate, sex=np.arange(MANY) % 2) for rate in (1.0, 0.0)
    )
    assert not prefixed_surnames()[surnames(other, CHANCE).indices.to_numpy()].any()
    borne = as_women_bear_it(surnames(speaking, CHANCE), speaking, CHANCE)
    named = borne.filter(pa.array(prefixed_surnames()[borne.indices.to_numpy()])).to_pylist()
    assert 0.002 < len(named) / MANY < 0.008
    sons = [name for name in named if not name.startswith("ferch ")]
    assert 0.4 < len(sons) / len(named) < 0.6
    for prefix, father in (name.split(" ") for name in sons):
        assert (prefix == "ab") == (father[0] in "AEIOUY")


def test_double_names_join_two():
    """No double-barrelled name joins a name with itself."""
    names = surname_vocabulary().to_pylist()
    doubles = [name.split("-") for name in names if name.count("-") == 1]
    assert len(doubles) > 50_000
    assert not [parts for parts in doubles if parts[0] == parts[1]]


@pytest.mark.parametrize("cohort", [1944, 1974, 2000, 2020])
@pytest.mark.parametrize("sex", [0, 1])
def test_given_names_have_their_listed_share(cohort, sex):
    """In a listed year the commonest name and all Welsh forms together have their shares."""
    authorities = load("local_authorities")
    speakers = np.average(authorities["welsh_speaker_rate"], weights=authorities["population"])
    bearers = _people(MANY, sex=sex, birth_year=cohort, welsh_speaker_rate=speakers)
    counts = _counts(given_names(bearers, "forename", CHANCE))
    share = general_shares("FM"[sex], cohort)
    share[_codes(load("minority_names"))] = 0  # these come from other traditions too
    assert _agrees(share.max() * _general_rate(), counts[share.argmax()])
    welsh = np.intersect1d(_codes(load("welsh_given_names")), np.flatnonzero(share))
    assert _agrees(share[welsh].sum() * _general_rate(), counts[welsh].sum())


def _general_rate():
    """Give the share of White people who do not use given names of another tradition."""
    others = load("name_groups").filter(pc.field("background") == "british")
    return 1 - np.dot(others["share"].to_numpy(), others["given_rate"].to_numpy())


def _codes(table):
    codes = pc.index_in(table["name"], given_vocabulary())
    return codes.drop_null().to_numpy()


@pytest.mark.parametrize(("sex", "coverage"), [("F", 0.42), ("M", 0.52)])
def test_given_names_of_2020_are_as_spread_as_published(sex, coverage):
    """The commonest hundred cover what ONS counted for 2020, and thousands share the rest."""
    shares = np.sort(general_shares(sex, 2020))[::-1]
    assert shares[:100].sum() * LISTED_BIRTHS_RATE == pytest.approx(coverage, abs=0.02)
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).sum() > 1_000


@pytest.mark.parametrize("cohort", sorted(set(load("given_names")["cohort"].to_pylist())))
def test_every_given_law_is_one(cohort):
    """The shares of every listed year are proper."""
    for sex in "FM":
        shares = general_shares(sex, cohort)
        assert shares.min() >= 0
        assert shares.sum() == pytest.approx(1)


def test_welsh_speaking_homes_give_welsh_names():
    """The odds of a Welsh form are higher by its table's ratio (within six standard errors)."""
    counts = [
        _counts(given_names(_people(MANY, sex=1, welsh_speaker_rate=rate), "forename", CHANCE))[
            _code(given_vocabulary(), "Osian")
        ]
        for rate in (0.0, 1.0)
    ]
    odds = [count / (MANY - count) for count in counts]
    welsh = load("welsh_given_names")
    ratio = welsh.filter(pc.field("name") == "Osian")["speaker_odds_ratio"][0].as_py()
    assert odds[1] / odds[0] == pytest.approx(ratio, rel=0.3)


def test_years_between_lists_mix_both():
    """In 2002 a name's share is the mean of 2000's and 2004's (within six standard errors)."""
    code = _code(given_vocabulary(), "Chloe")
    share = [
        _counts(given_names(_people(MANY, birth_year=year), "forename", CHANCE))[code] / MANY
        for year in (2000, 2002, 2004)
    ]
    assert share[1] == pytest.approx((share[0] + share[2]) / 2, rel=0.1)


@pytest.mark.parametrize(("born", "like"), [(1890, 1904), (2023, 2020)])
def test_years_beyond_the_lists_take_the_nearest(born, like):
    """Whoever was born before or after all lists is named as in the nearest."""
    drawn = [
        given_names(_people(2_000, birth_year=year), "forename", CHANCE) for year in (born, like)
    ]
    assert drawn[0].equals(drawn[1])


def test_accented_names_exist():
    """Siân, Siôn and Llŷr are drawn with their accents."""
    women = given_names(_people(MANY, birth_year=1974), "forename", CHANCE)
    men = given_names(_people(MANY, sex=1, birth_year=1984), "forename", CHANCE)
    assert _counts(women)[_code(given_vocabulary(), "Siân")] > 0
    assert _counts(men)[_code(given_vocabulary(), "Siôn")] > 0
    assert _counts(men)[_code(given_vocabulary(), "Llŷr")] > 0


def test_relatives_share_a_tradition():
    """Of one lineage, either all bear names of their tradition or none does."""
    lineage = np.repeat(np.arange(500), 4)
    bearers = _people(2_000, background=CHINESE, lineage=lineage)
    table = load("minority_names").filter(pc.field("kind") == "surname")
    groups = {}
    for row in table.to_pylist():
        groups.setdefault(row["name_group"], set()).add(row["name"])
    names = np.array(surnames(bearers, CHANCE).to_pylist()).reshape(500, 4)
    chinese = (
        groups["Chinese"]
        - set().union(*(names for group, names in groups.items() if group != "Chinese"))
        - set(load("surnames")["surname"].to_pylist())
    )
    found = np.isin(names, list(chinese))
    assert found.any()
    # A family with one unmistakably Chinese name bears no name that Chinese families lack.
    assert np.isin(names[found.any(axis=1)], list(groups["Chinese"])).all()


@pytest.mark.parametrize(
    ("background", "tradition"),
    [
        ("pakistani", "Pakistani"),
        ("arab", "Arab"),
        ("other_white", "Polish"),
        ("chinese", "Chinese"),
    ],
)
def test_a_background_has_its_own_naming_practice(background, tradition):
    """Surnames of a tradition are commoner in its background than in any other group's."""
    own = load("minority_names").filter(
        (pc.field("kind") == "surname") & (pc.field("name_group") == tradition)
    )
    names = set(own["name"].to_pylist()) - set(load("surnames")["surname"].to_pylist())
    shares = {}
    for number, name in enumerate(ETHNIC_BACKGROUND):
        drawn = surnames(_people(4_000, background=number), CHANCE).to_pylist()
        shares[name] = sum(one in names for one in drawn) / 4_000
    assert background == max(shares, key=shares.get)
    assert shares[background] > 1.5 * sorted(shares.values())[-2]


def test_middle_names_are_drawn_apart():
    """Forename and middle name agree as often as chance has it (within six standard errors)."""
    bearers = _people(MANY)
    first, middle = (given_names(bearers, what, CHANCE) for what in ("forename", "middle_name"))
    same = first.indices.to_numpy()[pc.equal(first.indices, middle.indices).to_numpy(False)]
    by_chance = (_counts(first) / MANY) ** 2 / _general_rate()
    # People of another tradition have both names from it, and agree oftener.
    by_chance[_codes(load("minority_names"))] = 0
    general = np.isin(same, np.flatnonzero(by_chance)).sum()
    assert general / MANY == pytest.approx(by_chance.sum(), rel=0.15)


def test_vocabularies_are_fixed():
    """Every call hands out the same dictionary, without a name standing twice."""
    one, two = (surnames(_people(5, force=force), CHANCE) for force in (0, 3))
    assert one.dictionary.equals(surname_vocabulary())
    assert one.dictionary.buffers()[2].address == two.dictionary.buffers()[2].address
    for vocabulary in (surname_vocabulary(), given_vocabulary()):
        assert len(vocabulary) == len(vocabulary.unique())
    assert len(surname_vocabulary()) == len(welsh_surnames())


@given(st.permutations(range(40)), st.integers(0, 40))
def test_names_do_not_depend_on_chunks_or_order(order, cut):
    """A person has the same names in whatever company and order."""
    ids = np.arange(40)
    bearers = _people(
        40, sex=ids % 2, birth_year=1930 + 2 * ids, background=ids % 19, force=ids % 4,
        welsh_speaker_rate=ids / 40, lineage=ids // 3,
    )  # fmt: skip
    whole = _drawn(bearers)
    rows = np.array(order)
    parts = [_drawn(_rows(bearers, part)) for part in (rows[:cut], rows[cut:])]
    assert [whole[row] for row in order] == parts[0] + parts[1]


def _drawn(bearers):
    columns = (
        given_names(bearers, "forename", CHANCE),
        given_names(bearers, "middle_name", CHANCE),
        surnames(bearers, CHANCE),
    )
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


WEIGHTS = st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any)


@given(st.lists(WEIGHTS, min_size=1, max_size=5), st.floats(0, 1, exclude_max=True), st.data())
def test_one_search_draws_from_any_law(weights, uniform, data):
    """The joint table answers as the cumulative shares of the one law would."""
    law = data.draw(st.integers(0, len(weights) - 1))
    code = Laws.of(weights).draw(np.array([law]), np.array([uniform]))[0]
    before, total = sum(weights[law][:code]), sum(weights[law])
    assert weights[law][code] > 0
    assert before / total - 1e-9 <= uniform <= (before + weights[law][code]) / total + 1e-9


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=8),
    st.floats(1, 9),
    st.floats(0.05, 0.95),
)
def test_tilting_keeps_the_mean(weights, odds, rate):
    """Group and others keep the population's share and differ by the odds asked for."""
    shares = np.array([*weights, 1_000]) / (sum(weights) + 1_000)
    asked = np.where(np.arange(len(shares)) == 0, odds, 1.0)
    outside, inside = tilted(shares, asked, rate)
    ratio = (inside[0] / (1 - inside[0])) / (outside[0] / (1 - outside[0]))
    assert ratio == pytest.approx(odds)
    assert (1 - rate) * outside + rate * inside == pytest.approx(shares)
    assert (inside.sum(), outside.sum()) == pytest.approx((1, 1))


@given(st.floats(0.01, 0.6), st.integers(400, 2_000))
def test_a_tail_fades_from_below_the_list(mass, size):
    """The tail has its mass, falls, and no name of it passes the last listed one."""
    shares = fading(mass, highest=0.002, size=size)
    assert shares.sum() == pytest.approx(mass)
    assert (np.diff(shares) <= 0).all()
    assert shares[0] <= 0.002 * (1 + 1e-6)
