"""Dictionary attack: the holder of a key can hash every identity that there might be.

A hashed SLK-581 or NHS number hides nothing from a holder of its salt, who hashes a dictionary and
looks the result up. The defence is to keep the salt from the recipient of the hashes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

# Gives the hashed key of each record (schema `RECORDS`), with the salt the attacker holds.
KeyOf = Callable[[pa.Table], pa.Array]


@dataclass(frozen=True)
class DictionaryReading:
    """The outcome of a dictionary attack.

    Parameters
    ----------
    n
        Keys sent; missing ones do not count.
    n_recovered
        Keys found in the dictionary.
    n_unique
        Keys for which the dictionary has one identity only: people named.
    n_tried
        Identities in the dictionary that have a key.
    """

    n: int
    n_recovered: int
    n_unique: int
    n_tried: int

    @property
    def share_named(self) -> float | None:
        """Share of keys that name one person; None without keys."""
        return self.n_unique / self.n if self.n else None


def dictionary_attack(sent: pa.Array, dictionary: pa.Table, key_of: KeyOf) -> DictionaryReading:
    """Look sent keys up among the hashes of a dictionary.

    Parameters
    ----------
    sent
        Hashed keys, null where a record has none.
    dictionary
        Identities to try (schema `RECORDS`): the attacker's own records, or all combinations of
        `combine`.
    key_of
        Hashes identities as the sender does, with the salt that the attacker holds.
    """
    tried = key_of(dictionary).drop_null()
    counted = pc.value_counts(tried)
    times = dict(
        zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    )
    keys = sent.drop_null().to_pylist()
    times_found = [times[key] for key in keys if key in times]
    return DictionaryReading(
        len(keys), len(times_found), sum(count == 1 for count in times_found), len(tried)
    )


def combine(names: pa.Table, dates: pa.Array, sexes: tuple[str, ...] = ("F", "M")) -> pa.Table:
    """Make a dictionary of all combinations of names, dates of birth and sexes.

    Parameters
    ----------
    names
        Columns `surname` and `forename`: pairs such as an electoral register has.
    dates
        Dates of birth to try.
    sexes
        Sexes to try, as standardised.

    Returns
    -------
    `surname`, `forename`, `date_of_birth` and `sex`, one row per combination.
    """
    n_names, n_dates = names.num_rows, len(dates)
    total = n_names * n_dates * len(sexes)
    row = pa.array(range(total), pa.int64())
    sex = pc.subtract(row, pc.multiply(pc.divide(row, len(sexes)), len(sexes)))
    rest = pc.divide(row, len(sexes))
    name = pc.divide(rest, max(n_dates, 1))
    date = pc.subtract(rest, pc.multiply(name, max(n_dates, 1)))
    return pa.table(
        {
            "surname": names["surname"].take(name),
            "forename": names["forename"].take(name),
            "date_of_birth": dates.take(date),
            "sex": pa.array(sexes).take(sex),
        }
    )
