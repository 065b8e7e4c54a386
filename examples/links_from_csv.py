"""Link CSV files with pandas alone, as any other tool could, and score what came of it."""

import pandas as pd

import darkfigure as df

world = df.generate("merthyr", "out/links-from-csv", persons=3_000, overwrite=True)
for side, frame in zip(("left", "right"), df.pair(world, "ed", "police"), strict=True):
    frame.to_csv(f"out/{side}.csv", index=False)

# From here on nothing of Darkfigure: two files of records in, one file of links out.
left, right = (pd.read_csv(f"out/{side}.csv", dtype=str) for side in ("left", "right"))
found = []
for keys in (["nhs_number"], ["surname", "forename", "date_of_birth"]):
    known = (side.dropna(subset=keys)[["record_id", *keys]] for side in (left, right))
    found.append(pd.merge(*known, on=keys, suffixes=("_l", "_r")))
links = pd.concat(found)[["record_id_l", "record_id_r"]].drop_duplicates()
links.columns = ["left_id", "right_id"]
links.to_csv("out/links.csv", index=False)

print(df.score(world, "out/links.csv", left="ed", right="police"))
