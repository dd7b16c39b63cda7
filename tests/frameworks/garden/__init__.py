"""A garden by Django, with two APIs: Django REST framework with drf-spectacular, and django-ninja.

`python -m tests.frameworks.garden --api drf` (`drf-3.0`, `ninja`) prints a line of JSON with `url`, `token` and
`document`, and serves.
"""
