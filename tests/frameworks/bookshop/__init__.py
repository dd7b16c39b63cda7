"""A bookshop by FastAPI, SQLAlchemy and fastapi-pagination: pages by number, by offset and by cursor, Bearer tokens.

`python -m tests.frameworks.bookshop` prints a line of JSON with `url`, `token` and `document`, and serves.
"""
