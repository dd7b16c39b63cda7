"""A server of pages by number and by cursor that shares no code with apitwin: Django REST framework's own paginators,
and the ways of Spring Data, GitHub, Laravel, Stripe, signed cursors and OData, written by their documentation.

`python -m tests.style_server --port 0` prints a line of JSON with `url`, `token`, `expired_token` and `revoked_token`.
"""
