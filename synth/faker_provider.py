"""A Faker provider of Welsh names and addresses and of identifiers that belong to nobody.

::

    from faker import Faker
    from darkfigure.synth.faker_provider import WelshProvider

    fake = Faker("en_GB")
    fake.add_provider(WelshProvider)
    Faker.seed(7)
    fake.nhs_number(), fake.welsh_surname(), fake.welsh_address()

Faker's own random generator decides everything, so `Faker.seed` makes it reproducible. A value may
come twice; `fake.unique` keeps it from doing so while its range lasts.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
from faker.providers import BaseProvider

from darkfigure.synth import names
from darkfigure.synth.core import identifiers
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population.backgrounds import background_counts
from darkfigure.synth.setting.geography import addresses, wales

Sex = Literal["F", "M"]
_CHANCE = Stream(0).stage("faker")
_ID_BITS = 40
_EDUCATION_NUMBERS = (660, 681)
_YEARS = (1980, 2025)  # in which records were opened
_BIRTH_YEARS = (1935, 2020)


class WelshProvider(BaseProvider):
    """Welsh people and their identifiers, one at a time; `synth` makes them by the million."""

    def nhs_number(self) -> str:
        """Give an NHS number from the range for synthetic patients."""
        return _only(identifiers.nhs_numbers(self._below(identifiers.NHS_CAPACITY), _CHANCE))

    def upn(self) -> str:
        """Give a unique pupil number of a Welsh authority and of no school."""
        authority, school, year, serial = (
            self.random_int(*limits)
            for limits in (
                _EDUCATION_NUMBERS,
                identifiers.UPN_SCHOOLS,
                (2005, 2025),
                identifiers.UPN_SERIALS,
            )
        )
        return _only(identifiers.upns(authority, school, entry_year=year, serial=serial))

    def pnc_id(self) -> str:
        """Give a Police National Computer id."""
        serial = self.random_int(*identifiers.PNC_SERIALS)
        return _only(identifiers.pnc_ids(self.random_int(*_YEARS), serial))

    def cro(self) -> str:
        """Give a Criminal Records Office number."""
        serial = self.random_int(*identifiers.CRO_SERIALS)
        return _only(identifiers.cro_numbers(self.random_int(*_YEARS), serial))

    def asn(self) -> str:
        """Give an arrest summons number of a Welsh force."""
        force = self.random_int(*identifiers.ASN_FORCES)
        sequence = self.random_int(*identifiers.ASN_SEQUENCES)
        return _only(identifiers.asns(force, sequence, year=self.random_int(*_YEARS)))

    def ni_number(self) -> str:
        """Give a National Insurance number with a prefix never allocated."""
        return _only(identifiers.ni_numbers(self._below(identifiers.NI_CAPACITY), _CHANCE))

    def hospital_number(self) -> str:
        """Give a number of a patient in one hospital."""
        return _only(identifiers.hospital_numbers("any", self._below(10**7), _CHANCE))

    def practice_code(self) -> str:
        """Give a code of a general practice."""
        low, high = identifiers.PRACTICES
        return _only(identifiers.practice_codes(np.array([self.random_int(low, high)])))

    def uk_drama_mobile(self) -> str:
        """Give one of the thousand mobile numbers that Ofcom keeps for drama."""
        return _only(identifiers.drama_mobiles(self._below(1_000), _CHANCE))

    def uk_drama_landline(self) -> str:
        """Give one of the landlines that Ofcom keeps for drama: of Cardiff or of no place."""
        return _only(identifiers.drama_landlines(self._below(2_000), _CHANCE))

    def welsh_forename(self, sex: Sex | None = None, birth_year: int | None = None) -> str:
        """Give a given name, drawn by its share among people of Wales of that sex and year.

        Parameters
        ----------
        sex
            "F" or "M"; by default either.
        birth_year
            By default any from 1935 to 2020.
        """
        chosen: Sex = sex or ("F", "M")[self.random_int(0, 1)]
        year = self.random_int(*_BIRTH_YEARS) if birth_year is None else birth_year
        return _only(names.given_names(self._bearer(chosen, year), "forename", _CHANCE))

    def welsh_surname(self) -> str:
        """Give a surname, drawn by its share in Wales."""
        return _only(names.surnames(self._bearer("F", _BIRTH_YEARS[0]), _CHANCE))

    def welsh_email(self) -> str:
        """Give an email address of somebody Welsh, at a domain that is reserved for examples."""
        forename, surname = pa.array([self.welsh_forename()]), pa.array([self.welsh_surname()])
        return _only(identifiers.emails(forename, surname, self._below(10_000)))

    def welsh_address(self) -> str:
        """Give an address: house and street, town, postcode, whose inward half is invented."""
        geography = wales()
        lsoa = self._neighbourhood()
        dwelling = self._below(int(geography.households[lsoa[0]]))
        address = addresses(lsoa, dwelling, _CHANCE)
        house, street, town, postcode = (
            _only(part) for part in (address.house, address.street, address.town, address.postcode)
        )
        return f"{house} {street}\n{town}\n{postcode}"

    def _below(self, size: int) -> Ints:
        return np.array([self.generator.random.randrange(size)], np.int64)

    def _neighbourhood(self) -> Ints:
        """Draw an LSOA by its households."""
        edges = np.cumsum(wales().households)
        return np.searchsorted(edges, self._below(int(edges[-1])), side="right")

    def _bearer(self, sex: Sex, birth_year: int) -> names.Bearers:
        """Draw a person to be named: a home in Wales, and an ethnic background of its authority."""
        geography, lsoa = wales(), self._neighbourhood()
        weights = background_counts()[geography.authority[lsoa[0]]].tolist()
        background = self.generator.random.choices(range(len(weights)), weights)[0]
        return names.Bearers(
            ids=self._below(2**_ID_BITS),
            sex=np.array([sex == "M"], np.int8),
            birth_year=np.array([birth_year], np.int16),
            background=np.array([background], np.int8),
            welsh_speaker_rate=geography.welsh_speaker_rate[lsoa],
            force=geography.force[lsoa].astype(np.int8),
        )


def _only(values: pa.Array) -> str:
    return str(values[0].as_py())
