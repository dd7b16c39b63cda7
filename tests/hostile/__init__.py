"""A zoo of hostile servers: what each sends is data, or a few lines over raw sockets; all are checked by one rule.

`python -m tests.hostile` runs the whole of it and prints a table; the tests run a short form.
"""
