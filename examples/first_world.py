"""Make a small world, look at a table, and see what nobody outside a simulation can."""

import darkfigure as df

# 3,000 people of Merthyr Tydfil, three years of their lives, and what agencies hold of them.
world = df.generate("merthyr", "out/first-world", persons=3_000, overwrite=True)

# Every table is a pandas frame; `df.dictionary()` says what each column means.
attendances = world.pandas("ed/attendances")
print(attendances["attendance_group"].value_counts())

# One row a source: how many rows, how many people, how many have a number.
print(df.describe(world)[["rows", "people", "NHS number"]])

# The truth is for you and for scoring; no linker sees it. Of violence that led to an emergency
# department, how much did the police record?
incidents = world.pandas("truth/incidents")
print(incidents.loc[incidents["ed_attended"], "police_status"].value_counts(normalize=True))
