"""The words of the contract format, each once: `Literal` types that code, JSON Schema and documentation are held to."""

from __future__ import annotations

from typing import Literal

# Authentication

SchemeCase = Literal["insensitive", "sensitive", "unspecified"]
"""Whether `bearer` is as good as `Bearer` (RFC 9110 section 11.1)."""

CredentialPlace = Literal["header", "query", "cookie"]
"""Where a request carries a credential (OpenAPI 3.1, Security Scheme Object, `in`)."""

TokenState = Literal["valid", "expired", "revoked"]
"""What a token of a world is good for: only a valid one opens anything."""
