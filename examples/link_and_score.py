"""Link two sources with a linker of the library, and score the links against the truth."""

import darkfigure as df

world = df.generate("merthyr", "out/link-and-score", persons=3_000, overwrite=True)

# "police" is all forces together. `df.list("linkers")` names what else there is.
links = df.link(world, "splink", left="ed", right="police")
print(links.head())

scores = df.score(world, links, left="ed", right="police")
print(f"precision {scores['precision']:.3f}, recall {scores['recall']:.3f}")

# For whom does it miss more? One row a group of people, with 95 % intervals.
print(scores.wide(intervals=True)[["recall", "recall_low", "recall_high"]].round(3))
