"""What a function of the formula language is: its names, parameters, result and meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from aliado.formula.values import Kind
from aliado.language import Text

ParameterType = Literal[
    "number",
    "setting",
    "format",
    "date",
    "text",
    "bool",
    "any",
    "numbers",
    "ordered",
    "values",
    "bools",
    "column",
    "number_column",
    "ordered_column",
    "criterion",
    "table",
]
"""What an argument may be.

number, date, text, bool, any: one value (per row), given to the function as a `Column`.
numbers, ordered (numbers or dates), values, bools: one value or a whole column, given as an
`aliado.formula.arguments.Values`. column, number_column, ordered_column: a whole column, given as a `Column`.
setting: one number that is the same for every row, given as a `Column` of one value.
format: a literal format as TEXT takes it, given as a `Column` of one text: the decimal mark, then the format.
criterion: a condition as in SUMIFS ("<5", "A*", a value), given as an `aliado.formula.arguments.Criterion`.
table: the bare name of a table, given as its canonical name (str).
"""

Category = Literal["logic", "information", "maths", "statistics", "conditional", "date", "text", "lookup", "domain"]


_SPANISH = {
    "amount": "importe", "basis": "base", "calculation": "cálculo", "column": "columna", "condition": "condición",
    "count": "cuántos", "criterion": "criterio", "date": "fecha", "day": "día", "days": "días", "digits": "decimales",
    "divisor": "divisor", "due": "vencimiento", "exponent": "exponente", "expression": "expresión", "first": "inicio", "format": "formato",
    "holidays": "festivos", "index": "posición", "instead": "en_su_lugar", "key": "clave", "keys": "claves",
    "last": "fin", "left": "primero", "match": "modo", "missing": "si_falta", "month": "mes", "months": "meses",
    "multiple": "múltiplo", "name": "nombre", "new": "nuevo", "number": "número", "old": "anterior", "order": "orden",
    "obligation": "obligación", "otherwise": "si_no", "period": "periodo", "rank": "puesto", "result": "resultado", "results": "resultados", "right": "segundo",
    "sent": "enviada", "separator": "separador", "share": "parte", "skip_empty": "sin_vacíos", "start": "desde", "system": "sistema",
    "table": "tabla", "tested": "comparada", "text": "texto", "then": "si_se_cumple", "times": "veces",
    "unit": "unidad", "value": "valor", "wanted": "buscado", "which": "cuál", "year": "año",
}  # fmt: skip
"""Parameter names as messages and help write them in Spanish; any other name reads alike in both languages."""


class ParameterSpec(Struct, frozen=True):
    """One parameter. repeats: it, with the repeating ones after it, may come again and again.

    group: parameters of one group take the kind that their arguments have in common.
    """

    name: str
    type: ParameterType
    optional: bool
    help: Text
    repeats: bool = False
    group: str | None = None

    @property
    def title(self) -> Text:
        """Its name in both languages."""
        return Text(_SPANISH.get(self.name, self.name), self.name)


class FunctionSpec(Struct, frozen=True, eq=False):
    """One function. name: English; aliases: Excel's Spanish names and older ones, with or without accents.

    returns: the kind of its result, or the group of parameters whose kind it takes.
    impl: called as impl(data, *arguments), with None for an optional argument left out.
    aggregate: takes whole columns together. default_last: an odd last repeating argument is the default (SWITCH).
    """

    name: str
    aliases: tuple[str, ...]
    category: Category
    parameters: tuple[ParameterSpec, ...]
    returns: Kind | str
    summary: Text
    examples: tuple[str, ...]
    impl: Callable[..., Any]
    aggregate: bool = False
    default_last: bool = False

    @property
    def fewest(self) -> int:
        """Fewest arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """Most arguments, None = any number."""
        return None if any(parameter.repeats for parameter in self.parameters) else len(self.parameters)

    def parameter(self, index: int, count: int) -> ParameterSpec:
        """Return the parameter that argument `index` of `count` fills; those that repeat come last."""
        if index < len(self.parameters) and not self.parameters[index].repeats:
            return self.parameters[index]
        again = [parameter for parameter in self.parameters if parameter.repeats]
        fixed = len(self.parameters) - len(again)
        extra = count - fixed
        if self.default_last and extra % len(again) == 1 and index == count - 1:
            return again[-1]
        return again[(index - fixed) % len(again)]


def parameter(
    name: str,
    type: ParameterType,  # noqa: A002 - the word that ParameterSpec uses
    spanish: str,
    english: str,
    *,
    optional: bool = False,
    repeats: bool = False,
    group: str | None = None,
) -> ParameterSpec:
    """Return a parameter with its help in both languages."""
    return ParameterSpec(name, type, optional, Text(spanish, english), repeats, group)
