"""Hard cases: people whose identity is hard to follow, of all residents."""

from darkfigure.synth.schema import HARD_CASE

# A household shares these, so that it is what is drawn.
_SHARED = ("refugee", "traveller", "two_homes")
_CASES = ", ".join(f"('{name}', {name in _SHARED})" for name in HARD_CASE)

QUERIES = {
    "people": f"""
        WITH everybody AS (
            SELECT count(*) AS persons, count(DISTINCT household_id) AS households FROM residents
        ), found AS (
            SELECT hard_case, count(*) AS people
            FROM truth_hard_cases JOIN residents USING (person_id) GROUP BY hard_case
        )
        SELECT 'hard_case_' || name AS key, if(shared, households, persons) AS n,
            coalesce(people, 0) / persons * n AS hits
        FROM (VALUES {_CASES}) AS cases (name, shared)
        LEFT JOIN found ON hard_case = name, everybody
    """,
}
