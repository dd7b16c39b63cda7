"""What a shop's API does beyond its contract: it adds up an order, and cancels one that is not on its way yet."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin import Answer, Call, Extension, Record, refusal, shown


def total(call: Call) -> Answer:
    """Add up what is ordered."""
    lines = call.record.values["lines"]
    return Answer.of_json({"cents": sum(line["cents"] * line["count"] for line in lines)})


def cancel(call: Call) -> Answer:
    """Cancel an order, unless it was sent."""
    if call.record.values["state"] == "sent":
        raise refusal(call, "already-sent")  # an error that the contract names
    identity = call.table.identity(call.record.values)
    return shown(call, call.table.update(identity, {"state": "cancelled"}))


def current(call: Call, records: Sequence[Record]) -> Sequence[Record]:
    """List only what was not cancelled."""
    return [record for record in records if record.values["state"] != "cancelled"]


EXTENSION = Extension(answers={"readTotal": total, "cancelOrder": cancel}, lists={"listOrders": current})
