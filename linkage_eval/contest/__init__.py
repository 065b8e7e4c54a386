"""A contest of linkage methods: records without their truth for anybody, answers, standings.

::

    CONTEST/
      pack/              what entrants get: records, task, columns, terms, a sample answer
      organiser/         what nobody else gets: the world with its truth, ids, recipe, salt
      answers/           where the organiser puts each team's file: TEAM.csv, later TEAM.2.csv
      leaderboard.html   the standings, once they are scored
      leaderboard.csv    a row a team
      groups.parquet     a row a team, group of people and metric
"""

from darkfigure.linkage_eval.contest.pack import ContestPlan, make_contest
from darkfigure.linkage_eval.contest.standings import Standing, Standings, score_contest

__all__ = ["ContestPlan", "Standing", "Standings", "make_contest", "score_contest"]
