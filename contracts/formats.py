"""The formats that are judged; what each one is, `jsonschema` knows."""

JUDGED = ("date-time", "date", "email", "uuid", "ipv4", "ipv6")
"""Of those that JSON Schema Validation 2020-12 section 7.3 names."""
