"""Verdicts in other forms: text for people, JSON for programs. A report asks nobody anything."""
