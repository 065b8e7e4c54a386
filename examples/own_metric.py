"""Measure something of your own beside what the library measures."""

from pathlib import Path

import darkfigure as df

# In a file, since a suite names it. The code of a metric is trusted: it sees the truth.
METRIC = '''
from darkfigure import Measurement, metric

@metric(name="sure", label="Sure links", formula="right links of score 1 / links of score 1",
        direction="higher", unit="share", needs=("judged",))
def sure(judged):
    """Share of the links of the highest score that are right."""
    surest = judged.scores >= 1
    value = judged.correct[surest].mean() if surest.any() else None
    return [Measurement.overall("sure", value, int(surest.sum()))]
'''
out = Path("out/own-metric")
out.mkdir(parents=True, exist_ok=True)
(out / "sure.py").write_text(METRIC)

suite = {
    "scenarios": [{"name": "merthyr", "persons": 2_000}],
    "tasks": [{"left": "ed", "right": "police"}],
    "linkers": ["exact", "stepwise"],
    "metrics": [f"{out / 'sure.py'}:sure"],
}
run = df.run(suite, out / "run")
print(run.scores.overall[["precision", "sure"]].round(3))
