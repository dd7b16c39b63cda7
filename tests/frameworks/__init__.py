"""Correct servers of Python frameworks, judged from the documents that the frameworks make of them themselves.

Each is a process of its own, shares no code with apitwin, and prints a line of JSON when it takes requests; the
document is what it answers at its own address for one, unedited. `python -m tests.frameworks` judges all of them with
several random seeds; with `--defects` every defect that can be seeded in the bookshop.
"""
