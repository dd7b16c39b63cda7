"""What grows in the garden."""

from __future__ import annotations

import datetime
import random

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from rest_framework.authtoken.models import Token

TOKEN = "garden-secret-8812"


class Bed(models.Model):
    """A bed."""

    label = models.CharField(max_length=40, unique=True)
    is_raised = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)


class Plant(models.Model):
    """A plant in a bed."""

    class Kind(models.TextChoices):
        """What it is."""

        HERB = "herb"
        SHRUB = "shrub"
        TREE = "tree"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    height = models.PositiveIntegerField(null=True)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    planted_on = models.DateField(null=True)
    edible = models.BooleanField()
    bed = models.ForeignKey(Bed, models.CASCADE, related_name="plants")

    class Meta:
        ordering = ("id",)


class Watering(models.Model):
    """A plant got water."""

    plant = models.ForeignKey(Plant, models.CASCADE)
    litres = models.FloatField()
    at = models.DateTimeField()


def fill() -> None:
    """Make the tables, and plant always the same garden."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    Token.objects.create(user=User.objects.create(username="gardener"), key=TOKEN)
    chance = random.Random(11)
    Bed.objects.bulk_create(Bed(label=f"Bed {number}", is_raised=number % 3 == 0) for number in range(1, 27))
    Plant.objects.bulk_create(
        Plant(
            name=f"{chance.choice(('Rose', 'thyme', 'Äpfel', 'Mint'))} {chance.randrange(20)}",
            kind=chance.choice(Plant.Kind.values),
            height=chance.randrange(5, 400) if number % 6 else None,
            price=f"{chance.randrange(100, 9000) / 100:.2f}",
            planted_on=datetime.date(2020 + number % 5, 1 + number % 12, 7) if number % 4 else None,
            edible=chance.random() < 0.4,
            bed_id=chance.randrange(1, 20),
        )
        for number in range(1, 118)
    )
    start = datetime.datetime(2025, 3, 29, 20, 0, tzinfo=datetime.timezone.utc)
    Watering.objects.bulk_create(
        Watering(
            plant_id=chance.randrange(1, 118),
            litres=chance.randrange(1, 40) / 4,
            at=start + datetime.timedelta(minutes=30 * (number // 2)),
        )
        for number in range(1, 64)
    )
