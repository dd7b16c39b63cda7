"""What operations answer that neither list nor keep anything: their examples, or a value of their schema.

The same request gets the same answer.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.plain_schema import Plain, kinds
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.generated.media import body, sent_as
from apitwin.mock_server.generated.responses import Success, success_of
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import nothing
from apitwin.mock_server.generated.values.source import Source
from apitwin.mock_server.generated.values.wording import noun, words
from apitwin.mock_server.generated.worlds import Generated
from apitwin.mock_server.messages import Answer


def answer(call: Call, generated: Generated) -> Answer:
    """Answer an operation by its example, or by a value that its schema takes."""
    success = success_of(call.operation)
    if success is None:
        return undescribed(call)
    if success.media_type is None:
        return Answer(success.status)
    asked = (call.operation.id, sorted(call.path.items()), sorted(call.query), json.dumps(call.body, sort_keys=True))
    if not success.is_json:
        examples = success.response.examples.get(success.media_type, ())
        made = body(success.media_type, examples, Source(*asked).below(max(1, len(examples))))
        return Answer(success.status, made, sent_as(success.media_type))
    value = shown(call, generated, success, asked)
    return Answer(success.status, messages.encode(value), sent_as(success.media_type))


def undescribed(call: Call) -> Answer:
    """Answer that nothing says what is answered here."""
    problem = f"apitwin: nothing in the contract describes what {call.operation.id} answers; add a 2XX response to it"
    answered = messages.error(call.contract.errors["not-implemented"], message=problem)
    return replace(answered, is_beyond_contract=True)


def shown(call: Call, generated: Generated, success: Success, asked: object) -> Any:
    """Return the body of a success in JSON. asked: what the request says, which decides among several."""
    schema = success.schema
    fitting = [one for one in success.response.examples.get(success.media_type or "", ()) if _fits(one, schema)]
    if fitting:
        return fitting[Source(asked).below(len(fitting))]
    if schema is None:
        return {}
    last = words(call.operation.path.replace("{", "").replace("}", "").rpartition("/")[2])
    maker = generated.maker_of(schema)
    for prefers in (_prefers(call, generated), nothing):  # what the request says may be what the answer may not have
        try:
            return maker.made(asked, 0, noun(last[-1]) if last else "", prefers)
        except Unmakeable:
            continue
    return {}


def _fits(example: Any, schema: CompiledSchema | None) -> bool:
    return schema is None or schema.accepts(example)


def _prefers(call: Call, generated: Generated) -> Any:
    """Return what prefers the values that the request itself gave to members of the same name."""
    given = {"".join(words(name)): text for name, text in call.path.items()}
    sent = call.body if isinstance(call.body, dict) else {}
    said = {"".join(words(name)): value for name, value in sent.items() if isinstance(value, (str, int, bool))}

    def preferred(named: Named, plain: Plain) -> Any:
        name = "".join(named.name)
        if name in said and _is(said[name], plain):
            return said[name]
        if name in given:
            text = given[name]
            if "integer" in kinds(plain) and text.isascii() and text.isdigit():
                return int(text)
            if "string" in kinds(plain) and not {"enum", "const", "pattern", "format"} & plain.keys():
                return text
        return generated.referred(named, plain) if name else pointers.MISSING

    return preferred


def _is(value: Any, plain: Plain) -> bool:
    wanted = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"
    return wanted in kinds(plain) and not {"const", "pattern", "format"} & plain.keys() and _is_chosen(value, plain)


def _is_chosen(value: Any, plain: Plain) -> bool:
    return value in plain["enum"] if isinstance(plain.get("enum"), list) else True
