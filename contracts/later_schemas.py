"""Schemas that are compiled when a value is first judged by them; those that were not used for long are let go.

A schema is compiled with all that it refers to, which in one public document is most of it for most of its operations:
all of them take 1 GB together (measured). So only the last ones are kept compiled, up to a size.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast

from apitwin.contracts.budgets import BUDGETS
from apitwin.contracts.errors import ContractError
from apitwin.contracts.validation import CompiledSchema, compiled

Judge = Callable[[Any], bool]


class Kept:
    """The schemas of one document that are compiled, the last used at the end, each with its size in values."""

    def __init__(self, most: int = BUDGETS.compiled_values) -> None:
        """most: values of all of them together; the one in use is kept, however large it is."""
        self._most = most
        self._size = 0
        self._held: OrderedDict[LaterSchema, tuple[Judge, int]] = OrderedDict()
        self._lock = threading.Lock()

    def judge(self, schema: LaterSchema) -> Judge:
        """Return what judges by a schema, which is compiled if it is not kept."""
        with self._lock:
            if schema in self._held:
                self._held.move_to_end(schema)
                return self._held[schema][0]
        judge, size = schema.compiled()
        with self._lock:
            if schema not in self._held:
                self._held[schema] = judge, size
                self._size += size
            while self._size > self._most and len(self._held) > 1:
                oldest, (_, freed) = self._held.popitem(last=False)
                self._size -= freed
                oldest.forget()
        return judge


class LaterSchema(CompiledSchema):
    """A schema that is compiled when a value is judged by it.

    One that cannot be compiled is told to `failed`, and accepts every value: it judges nothing.
    """

    def __init__(
        self,
        view: Callable[[], Any],
        whole: Callable[[], tuple[Any, int]],
        place: str,
        origins: Mapping[str, str],
        failed: Callable[[ContractError], None],
        kept: Kept,
    ) -> None:
        """view: returns the schema to be looked at; whole: the one to be compiled, and its size in values.

        Both may raise ContractError. kept: those that are compiled.
        """
        self.place = place
        self._view, self._make, self._origins, self._failed, self._kept = view, whole, origins, failed, kept
        self._is_unusable = False

    @cached_property
    def schema(self) -> Mapping[str, Any] | bool:  # type: ignore[override]
        """The schema to be looked at: its `$defs` come when they are asked for."""
        try:
            return cast("Mapping[str, Any] | bool", self._view())
        except ContractError as error:
            self._failed(error)
            return True

    @property
    def whole(self) -> Mapping[str, Any] | bool:
        """The schema with everything that it refers to; true where it cannot be compiled."""
        return True if self._is_unusable else cast("Mapping[str, Any] | bool", self._make()[0])

    @property
    def _accepts(self) -> Judge:  # type: ignore[override]
        return self._kept.judge(self)

    def compiled(self) -> tuple[Judge, int]:
        """Return what judges by it, and its size in values."""
        try:
            whole, size = self._make()
            return compiled(whole, self.place, self._origins), size
        except ContractError as error:
            self._failed(error)
            self._is_unusable = True
            return lambda value: True, 0

    def forget(self) -> None:
        """Give back what was made to explain what is wrong with a value."""
        self.__dict__.pop("_explain", None)
