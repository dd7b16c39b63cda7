"""Laws of shape: statuses, bodies, content types, and that two views of one thing agree."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from hypothesis import strategies

from apitwin.contracts import response_headers
from apitwin.contracts.model import Projection, Response
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.agreement import could_agree
from apitwin.testkit.server.applicability import (
    askable,
    has_query,
    in_path,
    on_a_twin,
    paginated,
    projecting,
    readable_alone,
    reader,
    reading,
    takes_body,
)
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.drawing.bodies import refusable
from apitwin.testkit.server.drawing.queries import HOSTILE, drawable, drawn, is_free_text
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.unknown_things import require_nothing_found
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_class, require_status
from apitwin.testkit.server.silence import is_left_open, is_permitted
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.subjects import subject
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange, Query

UNKNOWN_IDS = ("987654321", "2147483648", "9223372036854775808", "9" * 30)
"""Ids that nothing has; the last three do not fit 32 bits, 64 bits, and anything."""
JSON_TYPES = ("application/json", "text/json", "application/*", "*/*")
"""Documented media types whose bodies are JSON, or may be."""
OTHER_METHODS = ("PROPFIND", "POST", "PUT", "PATCH", "DELETE")


def _documented(probe: Probe, exchange: Exchange) -> Response:
    """Require a documented status, and return what the contract says of it.

    Raises NothingToExamine where it says nothing of any.
    """
    probe.assume(bool(probe.operation.responses), "response in the document")
    response = probe.documented(exchange)
    probe.require(
        response is not None,
        f"status {exchange.response.status} is not documented",
        expected=f"one of {', '.join(probe.operation.responses)}",
        found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
        shown=[exchange],
        fact=f"{probe.operation.pointer}/responses",
    )
    assert response is not None, "required above"
    return response


def _matches(probe: Probe, exchange: Exchange) -> None:
    """Require a documented status, the headers that the contract says it has, and the body, where that is JSON.

    What leads elsewhere is not judged by its body, which is a note for people: RFC 9110 section 15.4.
    """
    response = _documented(probe, exchange)
    wrong = response_headers.problems(response, exchange.response.headers)
    probe.require(
        not wrong,
        f"of status {exchange.response.status} {wrong[0] if wrong else ''}",
        expected=f"the headers {', '.join(sorted({*response.headers, *response.required_headers}))}, as described",
        found="; ".join(wrong[:3]),
        shown=[exchange],
        fact=f"{probe.operation.pointer}/responses",
    )
    if response.schema is None or not _is_json(response) or 300 <= exchange.response.status < 400:
        return
    readable = exchange.value is not UNREADABLE
    violations = response.schema.violations(exchange.value) if readable else []
    probe.require(
        readable and not violations,
        f"the body of status {exchange.response.status} " + ("breaks its schema" if readable else "is no JSON"),
        expected=f"a body by {response.schema.name}",
        found="; ".join(map(str, violations[:3])) or exchange.response.text[:160],
        shown=[exchange],
        fact=f"{probe.operation.pointer}/responses",
    )


def _is_json(response: Response) -> bool:
    """Return whether a response is said to be JSON; of a range of media types it may be (RFC 6839 section 3.1)."""
    media_type = (response.media_type or "").partition(";")[0].strip().lower()
    return media_type in JSON_TYPES or media_type.endswith("+json")


def _refusal_matches(probe: Probe, exchange: Exchange) -> None:
    """Require a documented status and, of a refusal, the documented body; other bodies are for the law `schema`."""
    if is_left_open(probe, exchange):
        return
    if exchange.response.status >= 400:
        _matches(probe, exchange)
    else:
        _documented(probe, exchange)


def _projected(probe: Probe) -> Query:
    """Draw which members to show, now and then."""
    projection: Projection = probe.operation.projection
    names = [block.parameter for block in projection.blocks]
    chosen = probe.draw(strategies.lists(strategies.sampled_from(names), unique=True), "shown") if names else []
    query = [(name, probe.draw(strategies.sampled_from(("true", "false")), name)) for name in chosen]
    if projection.levels is not None:
        levels = sorted({*projection.levels.members, projection.levels.default})
        level = probe.draw(strategies.sampled_from(["", *levels]), "level")
        query += [(projection.levels.parameter, level)] if level else []
    return tuple(query)


def _refusal_is_nothing_seen(probe: Probe, exchange: Exchange) -> None:
    """Raise NothingToExamine where a documented refusal came, or one that a document is silent about.

    Nothing was seen then of what the operation answers with.
    """
    status = exchange.response.status
    is_open = is_left_open(probe, exchange) or (status >= 400 and probe.documented(exchange) is not None)
    probe.assume(not is_open, f"answer that succeeds (status {status})")


@law("schema", "shape", reading)
def schema(probe: Probe) -> None:
    """Every body matches its JSON Schema, on every page of the walk and whatever members are asked for.

    Headers are as the contract describes them, and those that it requires are there.
    """
    extra = _projected(probe)
    if probe.operation.pagination is None:
        exchange = probe.send(extra)
        _refusal_is_nothing_seen(probe, exchange)
        _matches(probe, exchange)
        return
    if probe.rule.limit.when_absent != "reject":
        _matches(probe, probe.send(extra))
    total = len(walks.met(probe))
    limit = windows.walking_limit(probe, total, pages=4)
    for position in windows.spread(probe, limit, total, extra):
        exchange = probe.page(limit, position, extra)
        if exchange.response.status == 200 or position.start < total:
            _matches(probe, exchange)


@law("projection", "shape", reading, projecting)
def projection(probe: Probe) -> None:
    """A parameter that shows or leaves out a member does so in every item."""
    extra = _projected(probe)
    exchange = probe.send(
        extra if probe.operation.pagination is None else probe.query(20, walkers.first(probe.rule), extra)
    )
    probe.assume(exchange.response.status == 200, "answer with status 200")
    items = pages.read(probe, exchange).items if probe.operation.pagination is not None else (exchange.value,)
    asked = dict(extra)
    levels = probe.operation.projection.levels
    only = None if levels is None else levels.members.get(asked.get(levels.parameter, levels.default))
    blocks = {
        block.member: asked.get(block.parameter, str(block.default).lower()) == "true"
        for block in probe.operation.projection.blocks
    }
    objects = [members for members in map(_members, items) if members]
    probe.assume(bool(objects), "item with members")
    for item in objects:
        shown = [name for name in item if blocks.get(name) is False or (only is not None and name not in only)]
        absent = [name for name, wanted in blocks.items() if wanted and name not in item]
        probe.require(
            not shown and not absent,
            f"the member {(shown or absent)[:1]} is {'shown' if shown else 'not shown'}, against what the query says",
            expected=f"{blocks}" if only is None else f"only {', '.join(only)}",
            found=sorted(item),
            shown=[exchange],
            fact=f"{probe.operation.pointer}/x-apitwin/projection",
        )


@law("status", "shape", reading)
def status(probe: Probe) -> None:
    """A valid request gets a documented 2xx, or is led elsewhere by a documented 3xx."""
    query: Query = ()
    is_guessed = False
    skipped = {restriction.parameter for restriction in probe.operation.restrictions} | set(probe.operation.unspecified)
    skipped |= {name for name, _ in probe.subject.query}  # what is required may have to name something that is there
    if probe.operation.pagination is not None:
        skipped |= set(probe.rule.parameters)
        query = probe.query(windows.limit(probe), walkers.first(probe.rule))
    parameters = [
        parameter
        for parameter in probe.operation.query_parameters()
        if parameter.name not in skipped and drawable(parameter)
    ]
    if parameters:
        names = strategies.sampled_from([parameter.name for parameter in parameters])
        for name in probe.draw(strategies.lists(names, max_size=3, unique=True), "parameters"):
            parameter = probe.operation.parameter(name)
            assert parameter is not None, "the name was taken from the parameters"
            query += drawn(probe, parameter)
            is_guessed = is_guessed or is_free_text(parameter)
    exchange = probe.send(query)
    # What a token may see, no document says.
    is_guessed = is_guessed or exchange.response.status in (401, 403)
    is_open = is_permitted(probe, exchange) or (is_guessed and is_left_open(probe, exchange))
    probe.assume(not is_open, f"answer that succeeds (status {exchange.response.status})")
    probe.require(
        200 <= exchange.response.status < 400,
        f"a valid request is answered with status {exchange.response.status}",
        expected=f"one of {', '.join(key for key in probe.operation.responses if key[0] in '23')}",
        found=f"status {exchange.response.status}: {exchange.response.text[:160]}",
        shown=[exchange],
        fact=f"{probe.operation.pointer}/responses",
    )
    _documented(probe, exchange)


@law("hostile-values", "shape", reading, has_query)
def hostile_values(probe: Probe) -> None:
    """Whatever stands in a query parameter, the answer is documented and matches its schema: never a failure."""
    names = [parameter.name for parameter in probe.operation.query_parameters()]
    name = probe.draw(strategies.sampled_from(names), "parameter")
    for text in windows.some(probe, HOSTILE, "values", 16):
        query: Query = ((name, text),)
        if probe.operation.pagination is not None and name != probe.rule.limit.parameter:
            query += probe.query(5)
        exchange = probe.send(query)
        if exchange.response.was_too_long:
            continue
        says = f"{name}={text[:40]!r} makes the server fail with status {exchange.response.status}"
        require_status(probe, exchange, (), says)
        _refusal_matches(probe, exchange)


@law("hostile-bodies", "shape", askable, takes_body)
def hostile_bodies(probe: Probe) -> None:
    """A body that its schema refuses is answered with a documented refusal, and never makes the server fail."""
    wrong = refusable(probe, probe.operation, ())
    probe.assume(wrong is not None, "body that the schema refuses")
    exchange = probe.send(body=wrong)
    says = f"a body that the schema refuses is answered with status {exchange.response.status}"
    if not is_left_open(probe, exchange):
        require_class(probe, exchange, probe.operation, 4, says, f"{probe.operation.pointer}/requestBody")
    _refusal_matches(probe, exchange)


@law("content-type", "shape", reading)
def content_type(probe: Probe) -> None:
    """A JSON body is said to be JSON, in UTF-8."""
    limit = () if probe.operation.pagination is None else probe.query(probe.draw(strategies.integers(1, 5), "limit"))
    exchange = probe.send(limit)
    probe.assume(bool(exchange.response.body), "answer with a body")
    probe.assume(not 300 <= exchange.response.status < 400, "answer that leads nowhere else")
    said = probe.documented(exchange)
    probe.assume(said is None or said.media_type is None or _is_json(said), "answer that is said to be JSON")
    header = exchange.response.headers.get("content-type", "")
    kind, *parameters = [part.strip().lower().replace('"', "") for part in header.split(";")]
    charsets = {part for part in parameters if part.startswith("charset=")}
    probe.require(
        (kind == "application/json" or kind.endswith("+json")) and charsets <= {"charset=utf-8"},
        f"a JSON body is said to be {header or 'nothing'}",
        expected="Content-Type: application/json",
        found=f"Content-Type: {header}",
        shown=[exchange],
        fact=f"{probe.operation.pointer}/responses",
    )


@law("read-agrees-with-list", "shape", reading, paginated, readable_alone)
def read_agrees_with_list(probe: Probe) -> None:
    """A thing read alone is the thing that a list shows, in every member that both have."""
    read = reader(probe.operation, probe.contract)
    items = walks.reference(probe).items
    assert read is not None and read.identified_by is not None, "the law needs an operation that reads an item"
    probe.assume(bool(items), "item in the list")
    page = pages.at(probe, 1, windows.position(probe, 1, len(items), beyond=0))
    probe.assume(bool(page.items), "item on the page")
    values = {**dict(probe.subject.values), read.identified_by: page.ids[0]}
    in_path_of_item = {parameter.name: values[parameter.name] for parameter in read.path_parameters()}
    alone = probe.send(credential=probe.credential_for(read), path=subject(read, in_path_of_item).path)
    listed, read_alone = _members(pages.without_volatile_members(probe, page.items[0])), _members(alone.value)
    differing = [name for name in listed if name in read_alone and read_alone[name] != listed[name]]
    if differing and alone.response.status == 200:
        differing = [name for name in differing if could_agree(probe, read, page, alone, name)]
    expected = as_json({name: listed[name] for name in differing[:3]})
    probe.require(
        alone.response.status == 200 and bool(read_alone) and not differing,
        f"item {page.ids[0]} read alone is not what the list shows",
        expected=expected if differing else "the same thing, with status 200",
        found=as_json({name: read_alone[name] for name in differing[:3]}) if differing else alone.response.text[:120],
        shown=[page.exchange, alone],
        fact=f"{read.pointer}/responses",
    )


def _members(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@law("not-found", "shape", reading, in_path)
def not_found(probe: Probe) -> None:
    """An id that nothing has gets the documented answer, however large it is."""
    names = [name for name, _ in probe.subject.values if _names_a_thing(probe, name)]
    if not names:
        return
    name = probe.draw(strategies.sampled_from(names), "parameter")
    text = probe.draw(strategies.sampled_from(UNKNOWN_IDS), "id")
    exchange = probe.send(path=probe.path_with(name, quote(text, errors="surrogatepass")))
    if probe.contract.is_plain:
        require_nothing_found(probe, exchange, name, text)
        _refusal_matches(probe, exchange)
        return
    errors = {reference.parameter: reference.unknown for reference in probe.operation.within}
    error = probe.contract.errors[errors.get(name, "not-found")]
    says = f"an unknown {name} is answered with status {exchange.response.status}"
    require_status(probe, exchange, [error.status], says, f"/x-apitwin/errors/{error.name}")
    _refusal_matches(probe, exchange)


def _names_a_thing(probe: Probe, name: str) -> bool:
    """Return whether a value in a path is that of a thing which can be there or not.

    A plain document does not say so of a parameter that no list has the values of: a day, a word, a kind of log.
    """
    operation, parameter = probe.operation, probe.operation.parameter(name)
    within = [reference.parameter for reference in operation.within]
    is_drawn = parameter is not None and parameter.drawn_from is not None
    return not probe.contract.is_plain or is_drawn or name == operation.identified_by or name in within


@law("undocumented-method", "shape", reading, on_a_twin)
def undocumented_method(probe: Probe) -> None:
    """A method that the contract does not have is refused with 405, and changes nothing. Only a twin is sent it."""
    known = {operation.method for operation in probe.contract.operations if operation.path == probe.operation.path}
    method = probe.draw(strategies.sampled_from([method for method in OTHER_METHODS if method not in known]), "method")
    control, before = probe.send(), probe.send()
    exchange = probe.send(method=method)
    after = probe.send()
    states = [pages.without_volatile_members(probe, answer.value) for answer in (control, before, after)]
    allowed = {405, probe.contract.errors["method-not-allowed"].status}
    if method == "PROPFIND":  # a method that a server need not even know: RFC 9110 section 15.6.2
        allowed.add(501)
    fact = "/x-apitwin/errors/method-not-allowed"
    says = f"{method}, which the contract does not have, is answered with status {exchange.response.status}"
    require_status(probe, exchange, allowed, says, fact)
    probe.require(
        states[1] == states[2] or states[0] != states[1],  # where reading alone changes it, nothing is said
        f"{method}, which the contract does not have, changed something",
        expected=before.response.text[:120],
        found=after.response.text[:120],
        shown=[before, exchange, after],
        fact=fact,
    )
