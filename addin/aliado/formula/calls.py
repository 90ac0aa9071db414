"""Functions in a formula checked: their names, how many arguments they take, and of what kind and shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aliado.formula.criteria import OPERATORS, parse_criterion, split_operator
from aliado.formula.formats import read_format
from aliado.formula.function import FunctionSpec, ParameterSpec
from aliado.formula.kind_checks import (
    as_kind,
    constant,
    convert,
    different_tables,
    is_empty,
    joined_shape,
    shared,
    unconverted,
    wrong_kind,
)
from aliado.formula.kinds import KIND_PLURALS, KIND_WORDS, common_kind
from aliado.formula.names import Names
from aliado.formula.nodes import Condition, Constant, Field, Invoke, Node, Operation, Shape
from aliado.formula.report import Report
from aliado.formula.syntax import Binary, Call, Name, Omitted, Syntax, TextLiteral
from aliado.formula.values import Kind
from aliado.language import Text, fold, same

_COLUMNS = ("column", "number_column", "ordered_column")
_ORDERED = ("ordered", "ordered_column")
_COLLAPSING = ("numbers", "ordered", "values", "bools", *_COLUMNS)

_LOOKUP = Text("use BUSCARX(clave; Tabla[clave]; Tabla[valor])", "use XLOOKUP(key, Table[key], Table[value])")
_NO_CLOCK = Text("use HOY(), la fecha de corte", "use TODAY(), the date of the work")
_FIXED = Text(
    "en una regla solo caben funciones que den siempre lo mismo", "rules take only functions that always give the same"
)
_INSTEAD = {
    **dict.fromkeys(("vlookup", "buscarv", "consultav", "hlookup", "buscarh", "lookup", "buscar"), _LOOKUP),
    **dict.fromkeys(("index", "indice", "match", "coincidir", "xmatch", "coincidirx"), _LOOKUP),
    **dict.fromkeys(("now", "ahora"), _NO_CLOCK),
    **dict.fromkeys(("rand", "aleatorio", "randbetween", "indirect", "indirecto", "offset", "desref"), _FIXED),
}
"""What to write instead of well-known functions that rules do not have."""


_WANTED: Mapping[str, Kind] = {
    "number": Kind.NUMBER,
    "setting": Kind.NUMBER,
    "numbers": Kind.NUMBER,
    "number_column": Kind.NUMBER,
    "date": Kind.DATE,
    "text": Kind.TEXT,
    "bool": Kind.BOOL,
    "bools": Kind.BOOL,
}
"""The kind that an argument must be of, by its parameter's type."""


class Calls:
    """Checks calls; `node` checks one argument."""

    def __init__(self, names: Names, report: Report, node: Callable[[Syntax], Node], *, decimal_comma: bool) -> None:
        self.names = names
        self.report = report
        self.node = node
        self.decimal_comma = decimal_comma

    def call(self, syntax: Call) -> Node:
        """Return the function at work that a call means."""
        function = self.names.scope.functions.find(syntax.name)
        if function is None:
            for argument in syntax.arguments:
                if not isinstance(argument, (Omitted, Name)):
                    self.node(argument)
            return self.report.wrong(
                syntax,
                "F203",
                Text(f"no existe la función '{syntax.name}'", f"there is no function '{syntax.name}'"),
                _INSTEAD.get(fold(syntax.name)) or self.names.scope.functions.suggest(syntax.name),
            )
        count = len(syntax.arguments)
        most = function.most
        if count < function.fewest or (most is not None and count > most) or not _groups_complete(function, count):
            written = signature(function, syntax.name)
            return self.report.wrong(
                syntax,
                "F302",
                Text(
                    f"{syntax.name} recibe {count} argumento{'' if count == 1 else 's'}",
                    f"{syntax.name} is given {count} argument{'' if count == 1 else 's'}",
                ),
                Text(f"se escribe {written.es}", f"it is written {written.en}"),
            )
        arguments = self._arguments(function, syntax)
        return self._invocation(function, syntax, arguments)

    def _arguments(self, function: FunctionSpec, syntax: Call) -> list[Node | None]:
        arguments: list[Node | None] = []
        count = len(syntax.arguments)
        column: Node | None = None
        for index, argument in enumerate(syntax.arguments):
            parameter = function.parameter(index, count)
            if isinstance(argument, Omitted):
                if not parameter.optional:
                    self.report.wrong(
                        argument,
                        "F302",
                        Text(
                            f"{syntax.name}: falta '{parameter.title.es}'",
                            f"{syntax.name}: '{parameter.title.en}' is missing",
                        ),
                    )
                arguments.append(None)
                continue
            if parameter.type == "table":
                arguments.append(self.names.table(argument, syntax.name))
                continue
            node = self.node(argument)
            if parameter.type == "format":
                arguments.append(self._format(node, arguments[0], syntax.name))
                continue
            if parameter.type == "criterion":
                arguments.append(self._criterion(argument, node, column))
                continue
            node = self._argument_kind(node, parameter, syntax.name)
            if parameter.type == "setting" and node.shape is not Shape.SINGLE:
                self.report.wrong(
                    node,
                    "F312",
                    Text(
                        f"{syntax.name}: '{parameter.title.es}' debe ser un número fijo",
                        f"{syntax.name}: '{parameter.title.en}' must be a fixed number",
                    ),
                    Text("por ejemplo: 0", "for example: 0"),
                )
            if parameter.type in _COLUMNS:
                if node.shape is not Shape.WHOLE:
                    self._needs_column(node, parameter, syntax.name)
                elif column is not None and column.shape is Shape.WHOLE and column.table != node.table:
                    different_tables(self.report, node, column)
                column = node
            arguments.append(node)
        return self._grouped(function, syntax.name, arguments)

    def _argument_kind(self, node: Node, parameter: ParameterSpec, name: str) -> Node:
        wanted = _WANTED.get(parameter.type)
        if node.kind is wanted:
            return node
        if parameter.type in _ORDERED and node.kind in (Kind.TEXT, Kind.BOOL) and not is_empty(node):
            return wrong_kind(self.report, node, Kind.NUMBER, _argument_place(name, parameter))
        if wanted is None:
            return node
        if parameter.type in ("numbers", "number_column") and node.kind in (Kind.BOOL, Kind.DATE):
            return wrong_kind(self.report, node, wanted, _argument_place(name, parameter))
        return as_kind(self.report, node, wanted, _argument_place(name, parameter))

    def _format(self, node: Node, value: Node | None, name: str) -> Node:
        """Return the format of TEXT, checked, with the decimal mark of the formula before it."""
        if node.kind is None or value is None or value.kind is None:
            return node
        of_date = value.kind is Kind.DATE
        known = isinstance(node, Constant) and read_format(
            str(node.value), of_date=of_date, decimal_comma=self.decimal_comma
        )
        if value.kind in (Kind.TEXT, Kind.BOOL):
            return wrong_kind(self.report, value, Kind.NUMBER, same(name))
        if not known or not isinstance(node, Constant):
            return self.report.wrong(
                node,
                "F313",
                Text(f"{name}: no se entiende el formato", f"{name}: the format is not understood"),
                Text(
                    'por ejemplo "dd/mm/aaaa" o "aaaa-mm" para fechas',
                    'for example "dd/mm/yyyy" or "yyyy-mm" for dates',
                )
                if of_date
                else Text('por ejemplo "0", "0,00", "#.##0,00" o "0%"', 'for example "0", "0.00", "#,##0.00" or "0%"'),
            )
        return constant(node, Kind.TEXT, ("," if self.decimal_comma else ".") + str(node.value))

    def _needs_column(self, node: Node, parameter: ParameterSpec, name: str) -> None:
        if node.kind is None:
            return
        hint = Text("escriba [Columna] o Tabla[Columna]", "write [Column] or Table[Column]")
        if isinstance(node, Field):
            hint = Text("quite la @: [Columna] es la columna entera", "leave out the @: [Column] is the whole column")
        self.report.wrong(
            node,
            "F311",
            Text(
                f"{name}: '{parameter.title.es}' debe ser una columna entera",
                f"{name}: '{parameter.title.en}' must be a whole column",
            ),
            hint,
        )

    def _grouped(self, function: FunctionSpec, name: str, arguments: list[Node | None]) -> list[Node | None]:
        """Turn the arguments of each group of parameters into the kind they share."""
        count = len(arguments)
        groups: dict[str, list[int]] = {}
        for index, argument in enumerate(arguments):
            group = function.parameter(index, count).group
            if group is not None and argument is not None:
                groups.setdefault(group, []).append(index)
        for indices in groups.values():
            members = [arguments[index] for index in indices]
            kinds = [node.kind for node in members if node is not None and node.kind is not None and not is_empty(node)]
            if not kinds:
                continue
            together = common_kind(kinds)
            if together is None:
                odd = next(node for node in members if node is not None and node.kind not in (None, kinds[0]))
                self.report.wrong(
                    odd,
                    "F304",
                    Text(
                        f"{name} mezcla {KIND_WORDS[kinds[0]].es} con {KIND_WORDS[odd.kind or kinds[0]].es}",
                        f"{name} mixes {KIND_WORDS[kinds[0]].en} with {KIND_WORDS[odd.kind or kinds[0]].en}",
                    ),
                    Text("todos deben ser del mismo tipo", "all must be of the same type"),
                )
                continue
            for index in indices:
                node = arguments[index]
                if node is not None and node.kind is not None:
                    arguments[index] = shared(node, together)
        return arguments

    def _invocation(self, function: FunctionSpec, syntax: Call, arguments: list[Node | None]) -> Node:
        count = len(arguments)
        each: list[Node] = []
        kinds: dict[str, Kind | None] = {}
        faulty = False
        for index, argument in enumerate(arguments):
            parameter = function.parameter(index, count)
            if argument is None:
                continue
            faulty = faulty or argument.kind is None
            if parameter.group is not None:
                kinds.setdefault(parameter.group, argument.kind)
            if argument.shape is Shape.WHOLE and parameter.type in _COLLAPSING:
                continue
            each.append(argument)
        shape, table = joined_shape(self.report, each)
        kind = function.returns if isinstance(function.returns, Kind) else kinds.get(function.returns)
        if kind is None and not faulty:
            return self.report.wrong(
                syntax, "F302", Text(f"{syntax.name}: falta un valor", f"{syntax.name}: a value is missing")
            )
        return Invoke(
            start=syntax.start,
            end=syntax.end,
            kind=None if faulty else kind,
            shape=shape,
            table=table,
            function=function,
            arguments=tuple(arguments),
        )

    def _criterion(self, syntax: Syntax, node: Node, column: Node | None) -> Node | None:
        """Return a criterion as far as it is known before any data."""
        of = None if column is None else column.kind
        if of is None or node.kind is None:
            return node
        joined = _written_operator(syntax)
        if joined is not None and isinstance(node, Operation):
            operator, operand = joined, unconverted(node.operands[1])
            if operand.kind in (Kind.NUMBER, Kind.DATE) and of in (Kind.NUMBER, Kind.DATE):
                return _condition(node, operator, operand, of)
        if isinstance(node, Constant) and node.kind is Kind.TEXT and of is not Kind.TEXT:
            parsed = parse_criterion(str(node.value), of)
            if parsed is None:
                return self.report.wrong(
                    node,
                    "F309",
                    Text(
                        f"el criterio '{node.value}' no se entiende para una columna de {KIND_PLURALS[of].es}",
                        f"the criterion '{node.value}' is not understood for a column of {KIND_PLURALS[of].en}",
                    ),
                    Text('por ejemplo: "<"&FECHA(2026;1;31)', 'for example: "<"&DATE(2026,1,31)')
                    if of is Kind.DATE
                    else Text('por ejemplo: ">100"', 'for example: ">100"'),
                )
            operator, value = parsed
            return _condition(node, operator, constant(node, of, value), of)
        if node.kind is Kind.TEXT:
            return _condition(node, None, node, of)
        if of is Kind.TEXT:
            return _condition(node, None, convert(node, Kind.TEXT), of)
        if common_kind((node.kind, of)) is not None:
            return _condition(node, "=", node, of)
        return wrong_kind(self.report, node, of, Text("criterio", "criterion"))


def signature(function: FunctionSpec, name: str) -> Text:
    """Return how a function is written in both languages: NAME(a; b; [c]; ...)."""
    titles = [parameter.title for parameter in function.parameters]
    optional = [parameter.optional for parameter in function.parameters]
    more = ["..."] if function.most is None else []
    spanish = [f"[{title.es}]" if left_out else title.es for title, left_out in zip(titles, optional, strict=True)]
    english = [f"[{title.en}]" if left_out else title.en for title, left_out in zip(titles, optional, strict=True)]
    return Text(f"{name}({'; '.join([*spanish, *more])})", f"{name}({', '.join([*english, *more])})")


def _argument_place(name: str, parameter: ParameterSpec) -> Text:
    return Text(f"{name}, {parameter.title.es}", f"{name}, {parameter.title.en}")


def _groups_complete(function: FunctionSpec, count: int) -> bool:
    again = sum(parameter.repeats for parameter in function.parameters)
    if again < 2:
        return True
    extra = count - (len(function.parameters) - again)
    return extra % again == 0 or (function.default_last and extra > again)


def _condition(node: Node, operator: str | None, operand: Node, of: Kind) -> Condition:
    return Condition(
        start=node.start,
        end=node.end,
        kind=operand.kind,
        shape=node.shape,
        table=node.table,
        operator=operator,
        operand=operand,
        of=of,
    )


def _written_operator(syntax: Syntax) -> str | None:
    """Return the operator of a criterion written as "<"&value, or None."""
    if not isinstance(syntax, Binary) or syntax.operator != "&" or not isinstance(syntax.left, TextLiteral):
        return None
    operator, rest = split_operator(syntax.left.value)
    return operator if syntax.left.value in OPERATORS and not rest else None
