"""The words of a contest's pack: task, columns, terms, a sample answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import pyarrow as pa

from darkfigure.linkage_eval.contest.limits import MOST_BYTES, most_links
from darkfigure.synth.schema import AGENCIES

_MEANINGS = {
    "record_id": "id of the record in this contest; it says nothing, nor does the order of rows",
    "source": "system that wrote the record",
    "surname": "surname, in capitals",
    "forename": "first forename, in capitals",
    "middle_name": "further forenames, in capitals",
    "sex": "F or M, as recorded",
    "date_of_birth": "date of birth, year-month-day",
    "ethnic_group": "ethnic group, as broad as all systems can tell it",
    "house": "number or name of the house",
    "street": "street",
    "town": "town",
    "postcode": "postcode",
    "nhs_number": "NHS number, ten digits, its check digit right",
    "telephone": "telephone number; it may begin with 0",
    "upn": "unique pupil number",
    "world": "number of the world that the record is of; nobody is in two worlds",
}
_TASK = """# {title}

**Synthetic data: nobody here is real.** Every person and record was simulated.

{question}

One person may have several records, or none, on either side; nobody is in two worlds, if there are
several. Names are misspelt, people move and marry, numbers are missing: say which records belong
together all the same.

## What is here

{files}
- `columns.csv`: what each column means, and the share of records that hold it.
- `sample_answer.csv`: the form of an answer. Its links mean nothing.
- `TERMS.md`: what entrants agree to.

The files are CSV in UTF-8; an empty cell is a missing value. Read ids, telephones and NHS numbers
as text: a leading zero belongs to them.

## What to hand in

One file, named after your team: `TEAM.csv`, or Parquet, which is told by content. It holds either

- pairs: `left_id`, `right_id` and, if you have one, `score`, a number that is higher the surer the
  link. {sides} All links count, whatever their score; a pair that comes twice counts once; or
- clusters: `record_id` and `cluster_id`, a row a record. {clusters} Records that you leave out are
  linked to nothing.

An id that is not in the pack makes the whole answer invalid. So does an answer of more than
{most_links:,} links (clusters: pairs of records), or a file of more than {most_megabytes:,} MB.
A second answer, `TEAM.2.csv`, replaces the first, whatever its result.

## How answers are ranked

By F1, the harmonic mean of precision (share of your links that are right) and recall (share of the
true pairs that you link). Each comes with a 95 % interval over people. Teams are tied where a
comparison on the same people does not tell them apart; a place is one more than the number of teams
that are certainly better. Recall is shown for groups of people too.
"""
TERMS = """# Terms

1. **Nobody here is real.** Do not use these records, or results from them, as statistics about
   Wales or about anybody.
2. Any tool and any method will do, by hand too. Say in a sentence what you used if you are asked.
3. Link the records by what stands in them. Do not try to come by the organiser's half (truth, salt,
   recipe), and do not try to make this world again: guessing a salt is no linkage.
4. A team hands in one answer; a later one replaces it. Do not send in answers under several names
   to learn from the scores.
5. Records may be passed on with these terms. Results are published under your team's name, with
   what did not work.
"""


def task(title: str, left: str, right: str, given: Mapping[str, pa.Table]) -> str:
    """Write the description of the task.

    Parameters
    ----------
    title
        Title of the contest.
    left, right
        Names of the sides.
    given
        The tables of the pack, by name of the file: one, or left and right.
    """
    left, right = _called(left), _called(right)
    sizes = {
        "most_links": most_links(sum(table.num_rows for table in given.values())),
        "most_megabytes": MOST_BYTES // 1_000_000,
    }
    files = "\n".join(
        f"- `{name}.csv`: {table.num_rows:,} {side}."
        for (name, table), side in zip(given.items(), (left, right), strict=False)
    )
    if len(given) == 1:
        question = f"Which of these {left} are of the same person?"
        sides = "Both are ids of `records.csv`; (a, b) is the same pair as (b, a)."
        clusters = "All pairs of a cluster count as links."
        return _TASK.format(
            title=title, question=question, files=files, sides=sides, clusters=clusters, **sizes
        )
    return _TASK.format(
        title=title,
        question=f"Which {left} and which {right} are of the same person?",
        files=files,
        sides="`left_id` is an id of `left.csv`, `right_id` one of `right.csv`.",
        clusters="All pairs of a left and a right record of a cluster count as links.",
        **sizes,
    )


def columns(given: Mapping[str, pa.Table]) -> str:
    """Write, as CSV, what each column means and how often it is filled."""
    names = next(iter(given.values())).column_names
    heads = ["column", "meaning", *(f"filled_{name}" for name in given)]
    rows = [
        [name, _MEANINGS[name], *(_filled(one, name) for one in given.values())] for name in names
    ]
    return _csv(heads, rows)


def sample_answer(left: Sequence[str], right: Sequence[str]) -> str:
    """Write an answer of the right form: the first records, whose order is one of chance."""
    rows = [[*pair, "0.5"] for pair in zip(left, right, strict=False)]
    return _csv(["left_id", "right_id", "score"], rows)


def _called(side: str) -> str:
    """Name the records of a side."""
    agency = AGENCIES.get(side)
    return agency.records if agency and agency.records else f"records of {side}"


def _filled(table: pa.Table, name: str) -> str:
    return f"{1 - table[name].null_count / max(table.num_rows, 1):.3f}"


def _csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    return text.getvalue()
