"""A body's scorecard of a year: as a page to look at (HTML, complete in itself, made to be printed) and as a workbook.

Both draw what `Supervision.scorecard` counted and add nothing to it: every picture stands in the row of its own
numbers, starts at zero, and says in words what it says in colour.
"""
