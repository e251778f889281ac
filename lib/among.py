"""A condition for the database: a key is one of many. One parameter, however many there are.

Django's `__in` makes a parameter of each key, and preparing thousands of them costs more than the statement.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, CharField, F, Func


class Among(Func):
    """`Among("pk", keys)`: whether that whole number, or that text, is one of these. Use it in `filter`.

    Texts may come as the JSON of their list: one value, as lib.prepared wants it.
    """

    output_field = BooleanField()

    def __init__(self, name: str, keys: Sequence[int] | Sequence[str] | str) -> None:
        super().__init__(F(name))
        self.keys = keys

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.source_expressions[0])
        if isinstance(self.source_expressions[0].output_field, CharField):
            texts = "SELECT json_array_elements_text(%s::json)"
            return f"{sql} = ANY(ARRAY({texts}))", (*params, self._as_json)
        return f"{sql} = ANY(%s::bigint[])", (*params, f"{{{','.join(map(str, self.keys))}}}")

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} IN (SELECT value FROM json_each(%s))", (*params, self._as_json)  # noqa: S608

    @property
    def _as_json(self) -> str:
        return self.keys if isinstance(self.keys, str) else json.dumps(list(self.keys))
