"""Set two linkers beside each other on two worlds, with a report to read."""

import darkfigure as df

# What a suite's TOML file would say. Two seeds are two worlds with the same laws.
suite = {
    "scenarios": [{"name": "merthyr", "persons": 3_000}],
    "seeds": [1, 2],
    "tasks": [{"left": "ed", "right": "police"}],
    "linkers": ["exact", "stepwise"],
}
run = df.run(suite, "out/two-linkers")

# One row a world, linker and group of people; one column a metric.
wide = run.scores.wide()
print(wide.xs("sex", level="stratum_kind")[["precision", "recall", "f1"]].round(3))

# The same of everybody, with 95 % intervals.
print(run.scores.overall[["f1", "f1_low", "f1_high"]].round(3))

# Why pairs were missed, shared out among causes so that it adds up.
print(df.explain(run).head())
print(f"Open {run.path / 'report.html'}.")
