"""Five correct APIs, each a file, written as people write them; `python -m tests.frameworks.small NAME` serves one.

What a reader of their documents is not told: the largest page, the order of items without a value, whether a token that
is wrong is 401 or 403, what a text of a filter is compared with, and in which zone a moment is written.
"""
