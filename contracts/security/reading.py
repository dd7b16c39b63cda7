"""Reading `components.securitySchemes` and `security`. What is not understood is refused or told, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from apitwin.contracts import extension, pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Evidence
from apitwin.contracts.nearest import hint
from apitwin.contracts.references import References
from apitwin.contracts.security.declared import Declared
from apitwin.contracts.security.scheme import Alternative, Scheme, Security
from apitwin.contracts.security.table import READERS

COMPONENTS = "/components/securitySchemes"
ROOT_FACT = f"/{EXTENSION}/auth"


class SecurityReader:
    """The security of one document.

    evidence: what the schemes' own `x-apitwin` say of how their facts are known. notes: a line for each alternative
    that is left out because it is not understood.
    """

    def __init__(self, document: Mapping[str, Any], references: References, auth: Mapping[str, Any] | None) -> None:
        """auth: `x-apitwin.auth` of the root, which holds for every scheme that says nothing else itself."""
        self._document = document
        self._references = references
        self._auth = auth or {}
        self._understood: dict[str, Scheme | None] = {}
        self.evidence: dict[str, Evidence] = {}
        self.notes: list[str] = []

    def of(self, holder: Mapping[str, Any], place: str, operation_id: str) -> Security:
        """Return what an operation asks for: its own `security`, or that of the document.

        place: file and pointer of the operation, for errors. Raises ContractError for what is malformed, names an
        undefined scheme, or leaves no alternative that is understood.
        """
        if "security" in holder:
            listed, where = holder["security"], f"{place}/security"
        else:
            listed, where = self._document.get("security", []), f"{self._references.root}#/security"
        if not isinstance(listed, list):
            raise ContractError(where, f"found {listed!r}; expected an array of security requirements")
        alternatives: list[Alternative] = []
        unknown: list[str] = []
        for index, requirement in enumerate(listed):
            names = self._names(requirement, f"{where}/{index}")
            schemes = [self._scheme(name) for name in names]
            understood = tuple(scheme for scheme in schemes if scheme is not None)
            if len(understood) == len(names):
                alternatives.append(understood)
            else:
                unknown += [name for name, scheme in zip(names, schemes, strict=True) if scheme is None]
        if unknown and not alternatives:
            raise ContractError(self._place(unknown[0]), self._not_understood(unknown[0]))
        self.notes += [
            f"{operation_id}: left out the alternative {name!r} of its security: {self._not_understood(name)}"
            for name in dict.fromkeys(unknown)
        ]
        return Security(tuple(alternative for alternative in alternatives if alternative), () in alternatives)

    @property
    def understood(self) -> dict[str, Scheme]:
        """Every scheme that an operation asks for, by name."""
        return {name: scheme for name, scheme in self._understood.items() if scheme is not None}

    @cached_property
    def _declared(self) -> Mapping[str, Any]:
        components = self._document.get("components")
        declared = components.get("securitySchemes", {}) if isinstance(components, dict) else {}
        if not isinstance(declared, dict):
            raise ContractError(f"{self._references.root}#{COMPONENTS}", "expected an object of security schemes")
        return declared

    def _place(self, name: str) -> str:
        return f"{self._references.root}#{COMPONENTS}{pointers.join([name])}"

    def _names(self, requirement: Any, place: str) -> list[str]:
        if not isinstance(requirement, dict):
            raise ContractError(place, f"found {requirement!r}; expected an object of security schemes")
        for name, scopes in requirement.items():
            if name not in self._declared:
                there_is = f"there is: {', '.join(self._declared) or 'none'}{hint(name, list(self._declared))}"
                raise ContractError(place, f"found {name!r}, no security scheme of this document; {there_is}")
            if not isinstance(scopes, list):
                raise ContractError(f"{place}{pointers.join([name])}", f"found {scopes!r}; expected an array of scopes")
        return list(requirement)

    def _scheme(self, name: str) -> Scheme | None:
        """Return a declared scheme, None where it is of a kind that is not understood."""
        if name not in self._understood:
            declared = self._read(name)
            reader = READERS.get(declared.kind)
            self._understood[name] = None if reader is None else reader(declared)
        return self._understood[name]

    def _read(self, name: str) -> Declared:
        pointer = f"{COMPONENTS}{pointers.join([name])}"
        value, holder, where = self._references.resolved(self._declared[name], self._references.root, pointer)
        place = f"{holder}#{where}"
        if not isinstance(value, dict):
            raise ContractError(place, f"found {value!r}; expected a security scheme object")
        own = value.get(EXTENSION)
        if own is None:
            return Declared(name, value, place, extension.auth(self._auth), ROOT_FACT)
        fact = f"{where}/{EXTENSION}"
        extension.check(own, "scheme", f"{holder}#{fact}")
        self.evidence.update(extension.evidence(own, fact))
        return Declared(name, value, place, extension.auth({**self._auth, **own}), fact)

    def _not_understood(self, name: str) -> str:
        kinds = ", ".join(READERS)
        return f"found the kind {self._read(name).kind!r}, which is not understood; expected one of {kinds}"
