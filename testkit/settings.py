"""From the words of a user to the values of a run: contract, target, operations, laws. A wrong word is one clear line.

The command line and the pytest plugin both come through here, so that the same option means the same in both.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from apitwin.contracts import load, servers
from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.nearest import instead
from apitwin.testkit.errors import TargetError, TestkitError, UsageError
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, Profile, RunContext
from apitwin.testkit.server.laws import Law, registered
from apitwin.testkit.server.subjects import Subjects, subject
from apitwin.testkit.transport import environment, extra_headers
from apitwin.testkit.transport.actions import action, actions
from apitwin.testkit.transport.bounds import LIVE_DEADLINE_S, RunBudget
from apitwin.testkit.transport.credentials import OTHER_TOKENS
from apitwin.testkit.transport.exchange import UNREADABLE, Request
from apitwin.testkit.transport.target import DEFAULT_RATE, Target, live_target
from apitwin.testkit.transport.twins import twin_target

T = TypeVar("T")
FIRST_QUESTIONS = 3
"""Operations that a target may fail at before it is said to be wrong as a whole."""
PATIENT_OPERATIONS = 30
"""Reading operations of which a live API is asked as much as can be; the more it has, the less each is asked (assumed:
at the usual rate, a document of 128 operations is to take less than two minutes)."""
PATIENT_OPERATIONS_OF_A_TWIN = 45
"""The same for a twin, all of whose operations may be asked (assumed: some hundred take a minute or two)."""
FEWEST_EXAMPLES = 2
"""Examples of each law at the least: the first one that is drawn is the plainest."""


@dataclass(frozen=True)
class Settings:
    """What a user asked for. contract: a name or a path; target: `twin` or an address; see the command line's help.

    deadline: seconds from the plan on, None for the usual ones. debug: see `RunContext`.
    """

    contract: str
    target: str = "twin"
    extension: str | None = None
    token_env: str | None = None
    other_tokens: tuple[str, ...] = ()
    rate: float | None = None
    operations: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    path_values: tuple[str, ...] = ()
    query_values: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    examples: int | None = None
    random_seed: int = 0
    token_in_url: bool = False
    sandbox: str | None = None
    deadline: float | None = None
    debug: Callable[[BaseException], None] | None = None
    root: str | None = None
    strict: bool | None = None
    refs_from: tuple[str, ...] = ()
    overlay: str | None = None


@dataclass(frozen=True)
class Plan:
    """A run that can begin: its context, and every law on every operation, operation by operation.

    left_out: the operations that a live API is not asked, for they look like actions. usual_examples: how many of each
    law are tried where the operations are few; None where they are, or where the user says how many.
    """

    context: RunContext
    operations: tuple[Operation, ...]
    laws: tuple[Law, ...]
    left_out: tuple[Operation, ...] = ()
    usual_examples: int | None = None

    @property
    def pairs(self) -> list[tuple[Law, Operation]]:
        """Every law on every operation."""
        return [(law, operation) for operation in self.operations for law in self.laws]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user has to know before the verdicts: what was taken for granted, and what is not asked."""
        return (*self.context.contract.inferred, *map(_left_out, self.left_out), *self._hurried)

    @property
    def _hurried(self) -> tuple[str, ...]:
        usual, fewer = self.usual_examples, self.context.profile.examples
        if usual is None:
            return ()
        return (
            f"{len(self.operations)} operations are many: {fewer} examples of each law are tried, not {usual}; "
            f"--examples {usual} tries as many as usual, and takes longer; --operation chooses what is tried",
        )


def plan(settings: Settings) -> Plan:
    """Return the run that the settings ask for. Nothing is sent yet.

    Raises ContractError or TestkitError, each one line, for what is wrong with them.
    """
    contract = _contract(settings)
    target = _target(settings, contract)
    target.budget = RunBudget(_deadline(settings, target))
    operations = named(
        settings.operations, {operation.id: operation for operation in contract.operations}, "--operation", "operation"
    )
    laws = named(settings.laws, {law.name: law for law in registered()}, "--law", "law")
    left_out = () if target.is_twin or settings.operations else tuple(operation for operation, _ in actions(operations))
    asked = tuple(operation for operation in operations if operation not in left_out)
    usual = TWIN_PROFILE if target.is_twin else LIVE_PROFILE
    profile = _hurried(usual, asked, target)
    if settings.examples is not None:
        if settings.examples < 1:
            raise UsageError(f"--examples {settings.examples} is below 1")
        profile = replace(profile, examples=settings.examples, requests=settings.examples * 40)
    profile = replace(profile, random_seed=settings.random_seed)
    in_path = [parameter.name for operation in contract.operations for parameter in operation.path_parameters()]
    in_query = [parameter.name for operation in contract.operations for parameter in operation.query_parameters()]
    path_values = _values(settings.path_values, "--path-value", in_path)
    path_values |= _values(_listed(settings.sandbox), "--sandbox", in_path)
    query_values = _values(settings.query_values, "--query-value", in_query)
    context = RunContext(
        contract, target, profile, _command(settings, target), path_values, query_values, debug=settings.debug
    )
    target.avoid(left_out)
    is_hurried = settings.examples is None and profile.examples < usual.examples
    return Plan(context, asked, laws, left_out, usual.examples if is_hurried else None)


def _hurried(usual: Profile, operations: Sequence[Operation], target: Target) -> Profile:
    """Return how hard to look where there are so many operations: with fewer examples, the more there are."""
    asked = sum(target.is_twin or operation.method == "GET" for operation in operations)
    patience = PATIENT_OPERATIONS_OF_A_TWIN if target.is_twin else PATIENT_OPERATIONS
    fewer = max(FEWEST_EXAMPLES, usual.examples * patience // max(1, asked))
    return replace(usual, examples=min(usual.examples, fewer))


def _left_out(operation: Operation) -> str:
    return (
        f"{operation.id}: GET {operation.path} looks like an action ({action(operation)}), and a live API is not asked "
        f"to act; --operation {shlex.quote(operation.id)} asks it all the same"
    )


def _contract(settings: Settings) -> Contract:
    """Return the contract, its operations below the path of the target's address where that has one."""
    contract = load(
        settings.contract, settings.root, settings.overlay, strict=settings.strict, refs_from=settings.refs_from
    )
    base = "" if settings.target == "twin" else servers.base_path(settings.target)
    return servers.at(contract, base) if base else contract


def _deadline(settings: Settings, target: Target) -> float | None:
    """Return the seconds that a run may take, None for as many as it needs."""
    if settings.deadline is None:
        return None if target.is_twin else LIVE_DEADLINE_S
    if not 0 < settings.deadline < math.inf:
        raise UsageError(f"--deadline {settings.deadline:g}: expected seconds, a number above 0")
    return settings.deadline


def _values(texts: Iterable[str], option: str, known: Iterable[str]) -> dict[str, str]:
    """Return the values that the user gives for parameters. Raises UsageError for one that no operation has."""
    values, names = _pairs(texts, option, "NAME=VALUE"), sorted(set(known))
    for name in values:
        if name not in names:
            raise UsageError(f"{option} {name}: no operation has it; {instead(name, names)}")
    return values


def _command(settings: Settings, target: Target) -> str:
    """Return the command line that makes a run with the same target and the same examples."""
    words = ["apitwin", "check", settings.contract, "--target", settings.target]
    for option, value in (
        ("--root", settings.root),
        ("--overlay", settings.overlay),
        ("--extension", settings.extension),
        ("--token-env", settings.token_env),
        ("--rate", settings.rate),
        ("--deadline", settings.deadline),
        ("--sandbox", settings.sandbox),
        ("--examples", settings.examples),
        *(("--refs-from", host) for host in settings.refs_from),
        *(("--other-token", token) for token in settings.other_tokens),
        *(("--path-value", value) for value in settings.path_values),
        *(("--query-value", value) for value in settings.query_values),
        *(("--header", header.option) for header in (() if target.is_twin else target.headers)),
    ):
        words += [] if value is None else [option, f"{value:g}" if isinstance(value, float) else str(value)]
    flags = {
        "--token-in-url": settings.token_in_url,
        "--strict": settings.strict,
        "--no-strict": settings.strict is False,
    }
    return shlex.join([*words, *(flag for flag, is_set in flags.items() if is_set)])


def named(asked: Sequence[str], known: Mapping[str, T], option: str, kind: str) -> tuple[T, ...]:
    """Return the things that were asked for by name, all of them where none was.

    Raises UsageError with the nearest names.
    """
    for name in asked:
        if name not in known:
            raise UsageError(f"{option} {name!r} is no {kind}; {instead(name, known)}")
    return tuple(thing for name, thing in known.items() if not asked or name in asked)


def _pairs(texts: Iterable[str], option: str, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name or not value:
            raise UsageError(f"{option} {text!r}: expected {form}")
        pairs[name] = value
    return pairs


def _target(settings: Settings, contract: Contract) -> Target:
    if settings.target == "twin":
        other_token = next(iter(settings.other_tokens), None)
        options = (
            ("--header", next(iter(settings.headers), None)),
            ("--token-env", settings.token_env),
            ("--sandbox", settings.sandbox),
            ("--other-token", other_token),
        )
        for option, value in options:
            if value is not None:
                raise UsageError(f"{option} is for an address; a twin brings its own token and may be written to")
        return twin_target(contract, extension=settings.extension)
    if settings.extension is not None:
        raise UsageError(f"--extension is for a twin; {settings.target} has its own behaviour")
    others = _pairs(settings.other_tokens, "--other-token", "KIND=VARIABLE, such as expired=OLD_TOKEN")
    named(list(others), {kind: kind for kind in OTHER_TOKENS}, "--other-token", "kind of token")
    rate = DEFAULT_RATE if settings.rate is None else settings.rate
    return live_target(
        settings.target,
        settings.token_env,
        rate=rate,
        others=others,
        token_in_url=settings.token_in_url,
        sandbox=_sandbox(settings, contract),
        contract=contract,
        headers=extra_headers.read(settings.headers, contract),
    )


def _sandbox(settings: Settings, contract: Contract) -> list[str]:
    """Return the paths that lie inside the one thing that the user gave away for writing."""
    paths: set[str] = set()
    for name, value in _pairs(_listed(settings.sandbox), "--sandbox", "NAME=VALUE").items():
        if re.fullmatch("[A-Za-z0-9_~-]+", value) is None:
            raise UsageError(f"--sandbox {name}={value}: expected letters, digits, _, ~ and - in the value")
        writing = [operation for operation in contract.operations if operation.effect is not None]
        before = {operation.path.partition("{" + name + "}") for operation in writing}
        inside = {
            f"{start}{value}/" for start, middle, rest in before if middle and rest.strip("/") and "{" not in start
        }
        parameters = [parameter for operation in contract.operations for parameter in operation.path_parameters()]
        known = any(parameter.name == name for parameter in parameters)
        if known and not inside:  # an unknown name is said to be one where the names are checked
            raise UsageError(f"--sandbox {name}: nothing that can be written to lies below it")
        paths |= inside
    return sorted(paths)


def _listed(text: str | None) -> list[str]:
    return [] if text is None else [text]


def preflight(run: Plan) -> None:
    """Ask the target once, so that a wrong address or a refused token is said at once and not by every law.

    Raises TargetError when it cannot be reached, refuses the token, or has not the sandbox that was named; UsageError
    where the contract has nothing to ask for.
    """
    context = run.context
    if not context.contract.operations:
        raise UsageError(
            f"{context.contract.path}: has no operation that a request can reach; there is nothing to check"
        )
    if context.target.is_twin:
        return
    try:
        _preflight(run)
    except TestkitError:
        raise
    except Exception as error:  # whatever the target sent: its text is not repeated
        if context.debug is not None:
            context.debug(error)
        problem = f"the first answer of {context.target.name} could not be judged: {type(error).__name__}"
    else:
        return
    raise TargetError(f"{problem} inside apitwin; see the traceback with --debug")


def _preflight(run: Plan) -> None:
    """Ask what the laws will ask anyway: no other operation, and not without what it requires."""
    subjects = run.context.subjects
    first = [operation for operation in run.operations if _is_askable_at_once(operation, subjects)][:FIRST_QUESTIONS]
    _require_one_answer(run.context, first)
    _require_sandbox(run.context)


def _require_one_answer(context: RunContext, operations: Sequence[Operation]) -> None:
    """Ask until an operation answers: one that does not is the business of its laws. Raises what the first one did."""
    problem: TargetError | None = None
    for operation in operations:
        try:
            return _require_answer(context, operation)
        except TargetError as error:
            problem = problem or error
    if problem is not None:
        raise problem


def _is_askable_at_once(operation: Operation, subjects: Subjects) -> bool:
    return operation.method == "GET" and not operation.path_parameters() and not _is_lacking(operation, subjects)


def _is_lacking(operation: Operation, subjects: Subjects) -> bool:
    return bool(subjects.unknown(operation) or subjects.missing_header(operation))


def _require_answer(context: RunContext, first: Operation) -> None:
    """Refuse a target that does not answer a first question, or not as an API does."""
    contract, target = context.contract, context.target
    query = context.subjects.required(first)
    exchange = target.send(Request("GET", first.path, query, target.credential(first.security)))
    if 300 <= exchange.response.status < 400:
        where = exchange.response.headers.get("location", "elsewhere")
        raise TargetError(f"{target.name} redirects {first.path} to {where}; give the address that answers itself")
    if exchange.response.status == 200 and exchange.value is UNREADABLE:
        raise TargetError(f"{target.name}{first.path} answers with no JSON; is this the address of the API?")
    if first.secured:
        rules = [scheme.rule for scheme in first.security.schemes]
        refusals = {contract.errors[name].status for rule in rules for name in (rule.missing, rule.invalid)}
        if exchange.response.status in refusals:
            opens = target.opens(first.security)
            how = "refuses the token" if opens else f"asks for {environment.wanted(first.security)}"
            raise TargetError(f"{target.name} {how} (status {exchange.response.status} for {first.path})")


def _require_sandbox(context: RunContext) -> None:
    """Refuse a sandbox that cannot be read: every law that writes would be skipped, and nobody would know why."""
    written = {operation.path for operation in context.contract.operations if operation.effect is not None}
    for operation in context.contract.operations:
        names = [parameter.name for parameter in operation.path_parameters()]
        if operation.method != "GET" or operation.path not in written or len(names) != 1:
            continue
        if names[0] not in context.path_values:
            continue
        value = context.path_values[names[0]]
        place = subject(operation, {names[0]: value}, context.subjects.required(operation))
        if not any(place.path.startswith(path) for path in context.target.sandbox):
            continue
        credential = context.target.credential(operation.security)
        status = context.target.send(Request("GET", place.path, place.query, credential)).response.status
        if status != 200:
            raise TargetError(
                f"the sandbox {names[0]}={value} cannot be read at {context.target.name}{place.path} "
                f"(status {status}); name one that is there"
            )
        return
