"""Keep a baseline of a linker, and be told when a change makes it worse."""

import darkfigure as df


class Exact:
    """Links records that agree in every one of some fields."""

    name = "mine"

    def __init__(self, keys=("surname", "date_of_birth")) -> None:
        self.keys = list(keys)

    def link(self, left, right, *, seed):
        """Join the two tables where no field is missing."""
        known = [table.to_pandas().dropna(subset=self.keys) for table in (left, right)]
        pairs = known[0].merge(known[1], on=self.keys, suffixes=("_l", "_r"))
        pairs = pairs.rename(columns={"record_id_l": "left_id", "record_id_r": "right_id"})
        return pairs[["left_id", "right_id"]]


suite = {
    "scenarios": [{"name": "merthyr", "persons": 3_000}],
    "tasks": [{"left": "ed", "right": "police"}],
    "linkers": ["exact"],  # each run below brings its own instead
}

# The file is small and belongs beside the code: anybody can make the same world again.
before = df.run(suite, "out/gate-before", linkers=[Exact()])
baseline = df.baseline(before, "out/baseline.parquet")

# A change that looks harmless: it also asks for the same postcode, which people leave behind.
changed = Exact(keys=("surname", "date_of_birth", "postcode"))
after = df.run(suite, "out/gate-after", linkers=[changed])

gate = df.compare(baseline, after)
print("passed" if gate.passed else "stopped")
for check in gate.bad:
    print(f"{check.measure}: {check.baseline:.3f} before, {check.candidate:.3f} after")
