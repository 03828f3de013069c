"""Green Ledger · 绿账: from factories' energy files to the two green goals of a district's action plan.

The rooms, from the floor up (imports point down only; ``docs/map.md`` has the plan of the house):

floor       ``paths`` ``errors`` ``periods`` ``units``
engine      DuckDB: SQL models in, tables out
stations    ``reference`` · ``intake`` · ``quality``
reports     published marts → dashboard, workbook
doors       ``dag`` (the schedule) · ``cli`` (people)
"""

__version__ = "0.1.0"
