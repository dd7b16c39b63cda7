"""The credentials that a user puts into environment variables, for each scheme of a contract."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from apitwin.contracts.model import Contract
from apitwin.contracts.security.scheme import Scheme, Security
from apitwin.testkit.errors import UsageError
from apitwin.testkit.transport.credentials import PASSWORD_VARIABLE, TOKEN_VARIABLE, USERNAME_VARIABLE, Names, Secret
from apitwin.testkit.transport.keyring import Keyring, own_variable


def variable(name: str, option: str) -> str:
    """Return the secret in a variable that an option names. Raises UsageError where it is not set, or is none."""
    text = _set(name)
    if text is None:
        raise UsageError(f"{option} names the environment variable {name}, which is not set; set it to the token")
    return _printable(text, name, f"{option}: ")


def keyring(contract: Contract, token_env: str | None) -> Keyring:
    """Return the secrets for the schemes of a contract, as far as their variables are set.

    token_env: the variable of the token or key, None for `APITWIN_TOKEN`. A scheme's own variable,
    `APITWIN_CREDENTIAL_` and its name in capital letters, goes before those that are for any; schemes that are required
    together each need their own. Raises UsageError for a variable that is named and not set, or of no use.
    """
    alone = [scheme for scheme in contract.schemes.values() if not _is_accompanied(scheme, contract)]
    secrets: dict[str, Secret] = {}
    names: dict[str, Names] = {}
    shared = {False: _token(token_env, alone), True: _password(alone)}
    for scheme in contract.schemes.values():
        own = _set(own_variable(scheme))
        if own is not None:
            secrets[scheme.name] = Secret(_printable(own, own_variable(scheme)))
            names[scheme.name] = Names(own_variable(scheme))
            if scheme.has_username and ":" not in own:
                raise UsageError(f"{own_variable(scheme)}: expected username:password, for HTTP Basic")
        elif scheme in alone and shared[scheme.has_username] is not None:
            secret = shared[scheme.has_username]
            assert secret is not None, "looked at just before"
            secrets[scheme.name] = secret
            names[scheme.name] = (
                Names(PASSWORD_VARIABLE, USERNAME_VARIABLE)
                if scheme.has_username
                else Names(token_env or TOKEN_VARIABLE)
            )
    return Keyring(secrets, names=names)


def wanted(security: Security) -> str:
    """Return, in words, which variables hold what an operation asks for."""
    schemes = security.alternatives[0] if security.alternatives else ()
    if len(schemes) > 1:
        names = ", ".join(own_variable(scheme) for scheme in schemes)
        return f"credentials that are required together; set {names}"
    if any(scheme.has_username for scheme in schemes):
        return f"a user name and a password; set {USERNAME_VARIABLE} and {PASSWORD_VARIABLE}"
    return "a token; name its variable with --token-env"


def lacking(security: Security) -> str:
    """Return, in words, why there is nothing to send to an operation."""
    schemes = security.alternatives[0] if security.alternatives else ()
    if len(schemes) > 1:
        return f"not all credentials were given ({', '.join(own_variable(scheme) for scheme in schemes)})"
    if any(scheme.has_username for scheme in schemes):
        return f"no user name and password were given ({USERNAME_VARIABLE}, {PASSWORD_VARIABLE})"
    return "no token was given (--token-env)"


def _is_accompanied(scheme: Scheme, contract: Contract) -> bool:
    """Return whether a scheme is anywhere required together with another one."""
    alternatives = (found for operation in contract.operations for found in operation.security.alternatives)
    return any(scheme in found and len(found) > 1 for found in alternatives)


def _token(token_env: str | None, schemes: Iterable[Scheme]) -> Secret | None:
    """Return the token or key that is for any scheme which takes one."""
    if token_env is None:
        text = _set(TOKEN_VARIABLE)
        return None if text is None else Secret(_printable(text, TOKEN_VARIABLE))
    secret = Secret(variable(token_env, "--token-env"))
    if not any(not scheme.has_username for scheme in schemes):
        raise UsageError(
            f"--token-env {token_env}: no scheme of this contract takes one token alone; "
            f"see `apitwin check --help` for the variables of the others"
        )
    return secret


def _password(schemes: Iterable[Scheme]) -> Secret | None:
    """Return the user name and the password that are for any scheme which takes both."""
    if not any(scheme.has_username for scheme in schemes):
        return None
    username, password = _set(USERNAME_VARIABLE), _set(PASSWORD_VARIABLE)
    if username is None and password is None:
        return None
    if username is None or password is None:
        missing = USERNAME_VARIABLE if username is None else PASSWORD_VARIABLE
        raise UsageError(f"the environment variable {missing} is not set; HTTP Basic takes a user name and a password")
    if ":" in username:
        raise UsageError(f"{USERNAME_VARIABLE}: a user name of HTTP Basic has no colon (RFC 7617 section 2)")
    return Secret(_printable(password, PASSWORD_VARIABLE), _printable(username, USERNAME_VARIABLE))


def _set(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None


def _printable(text: str, name: str, before: str = "") -> str:
    if not text.isascii() or not text.isprintable():
        raise UsageError(f"{before}the environment variable {name} holds characters that no token has")
    return text


def others(names: Mapping[str, str]) -> dict[str, Keyring]:
    """Return other secrets, each for every scheme, by kind. names: of their variables. Raises UsageError."""
    return {kind: Keyring(common=Secret(variable(name, f"--other-token {kind}"))) for kind, name in names.items()}
