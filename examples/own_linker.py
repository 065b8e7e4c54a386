"""A linker of your own, cell by cell as in a notebook."""

# %% A world, and the two tables that a linker sees.
import pandas as pd

import darkfigure as df

world = df.generate("merthyr", "out/own-linker", persons=3_000, overwrite=True)
left, right = df.pair(world, "ed", "police")
print(left[["surname", "forename", "date_of_birth", "postcode"]].head())


# %% A linker is a class with a name and one method. The tables come as Arrow.
class Initials:
    """Same birth date and same first letters of both names."""

    name = "initials"

    def __init__(self, letters: int = 2) -> None:
        self.letters = letters

    def link(self, left, right, *, seed):
        """Give the ids of records that are of the same person."""
        sides = [self.keyed(table.to_pandas()) for table in (left, right)]
        pairs = pd.merge(*sides, on=["key", "date_of_birth"], suffixes=("_l", "_r"))
        pairs = pairs.rename(columns={"record_id_l": "left_id", "record_id_r": "right_id"})
        return pairs[["left_id", "right_id"]]

    def keyed(self, people):
        """Add the first letters of both names; who lacks one is linked to nobody."""
        first, last = (people[name].str[: self.letters] for name in ("forename", "surname"))
        return people.assign(key=first + last).dropna(subset=["key", "date_of_birth"])


# %% It runs in a process of its own, where the truth is closed to it. Options go to its class.
for letters in (1, 2, 4):
    links = df.link(world, Initials, left="ed", right="police", options={"letters": letters})
    print(letters, df.score(world, links, left="ed", right="police"))
