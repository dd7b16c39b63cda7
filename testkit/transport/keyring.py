"""The secrets of a target, by the security schemes of its contract. Nothing that it prints holds one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from apitwin.contracts.security.scheme import Alternative, Scheme, Security
from apitwin.testkit.transport.credentials import (
    NOTHING,
    PASSWORD_VARIABLE,
    USERNAME_VARIABLE,
    Credential,
    Names,
    Part,
    Secret,
)
from apitwin.testkit.transport.schemes.table import ways
from apitwin.testkit.transport.schemes.ways import Ways

OWN_VARIABLE = "APITWIN_CREDENTIAL_"
"""What the variable of one scheme begins with; its name in capital letters follows."""


def own_variable(scheme: Scheme) -> str:
    """Return the environment variable for the credential of one scheme."""
    return OWN_VARIABLE + re.sub("[^A-Z0-9]+", "_", scheme.name.upper())


@dataclass(frozen=True)
class Keyring:
    """secrets: by the name of a scheme. common: for every scheme that has none of its own. names: see `Names`."""

    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    common: Secret | None = field(default=None, repr=False)
    names: Mapping[str, Names] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.secrets) or self.common is not None

    @property
    def texts(self) -> frozenset[str]:
        """What tells one of the secrets, in its plain spelling."""
        secrets = [*self.secrets.values(), *([] if self.common is None else [self.common])]
        return frozenset(text for secret in secrets for text in secret.texts)

    def text(self, part: Part) -> str:
        """Return what a request carries for a part. Never to be printed."""
        return part.write(self._secret(part.scheme) or Secret(""))

    def has(self, scheme: Scheme) -> bool:
        """Return whether there is a secret for a scheme."""
        return self._secret(scheme.name) is not None

    def ways(self, scheme: Scheme) -> Ways:
        """Return how to satisfy a scheme, and how not to."""
        usual = Names(PASSWORD_VARIABLE, USERNAME_VARIABLE) if scheme.has_username else Names()
        return ways(scheme, self.names.get(scheme.name, usual))

    def alternatives(self, security: Security) -> tuple[Alternative, ...]:
        """Return the alternatives for all of whose schemes there are secrets."""
        return tuple(
            alternative for alternative in security.alternatives if all(self.has(scheme) for scheme in alternative)
        )

    def credential(self, security: Security) -> Credential:
        """Return what a valid request shows: the first alternative that can be satisfied, `NOTHING` without one."""
        alternatives = self.alternatives(security)
        return self.satisfying(alternatives[0]) if alternatives else NOTHING

    def satisfying(self, alternative: Alternative, *others: Part) -> Credential:
        """Return what satisfies an alternative. others: what to show instead for the schemes that these are of."""
        replaced = {part.scheme for part in others}
        kept = [self.ways(scheme).right for scheme in alternative if scheme.name not in replaced]
        name = " and ".join(part.title for part in others or kept)
        return Credential(name, (*others, *kept))

    def differs(self, part: Part, right: Part) -> bool:
        """Return whether a wrong part is wrong: of `1234`, the same in other letters is the same."""
        text = self.text(part)
        return bool(text) and (text, part.place, part.name) != (self.text(right), right.place, right.name)

    def _secret(self, scheme: str) -> Secret | None:
        return self.secrets.get(scheme, self.common)
