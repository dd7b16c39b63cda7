"""The tables: four of a library, four of a museum."""

from django.db import models


class Book(models.Model):
    """A book; not every year is known."""

    title = models.TextField()
    language = models.TextField()
    year = models.IntegerField(null=True)


class Loan(models.Model):
    """A book that somebody has at home."""

    book = models.IntegerField()
    overdue = models.BooleanField()


class Reader(models.Model):
    """Somebody with a card."""

    name = models.TextField()
    town = models.TextField()


class Room(models.Model):
    """A room to read in, known by its code."""

    code = models.TextField(primary_key=True)
    seats = models.IntegerField()


class Work(models.Model):
    """What paintings, drawings and prints have in common."""

    title = models.TextField()
    century = models.IntegerField()

    class Meta:
        abstract = True


class Painting(Work):
    """A painting."""


class Drawing(Work):
    """A drawing, whose identity is a text."""

    id = models.TextField(primary_key=True)


class Print(Work):
    """A print."""


class Letter(models.Model):
    """A letter."""

    writer = models.TextField()
