"""A small Django REST framework server that plays the live API in tests.

It shares no code with the packages under test: paging, validation, errors and
authentication all come from Django REST framework itself.
"""
