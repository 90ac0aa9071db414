"""Names looked up and kinds, shapes and counts checked, before any data: a syntax tree becomes a node tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from aliado.formula.criteria import OPERATORS, parse_criterion, split_operator
from aliado.formula.formats import read_format
from aliado.formula.function import FunctionSpec, ParameterSpec
from aliado.formula.kinds import KIND_WORDS, common_kind
from aliado.formula.mistakes import Mistake, did_you_mean
from aliado.formula.nodes import (
    Condition,
    Constant,
    Field,
    Invoke,
    Let,
    Local,
    Node,
    Operation,
    Parameter,
    Shape,
    TableName,
)
from aliado.formula.scope import Scope
from aliado.formula.syntax import (
    Binary,
    Call,
    Name,
    NumberLiteral,
    Omitted,
    Percent,
    Prefix,
    Reference,
    Syntax,
    TextLiteral,
    TruthLiteral,
)
from aliado.formula.values import Kind
from aliado.language import Text, fold

_COMPARISONS = {"=", "<>", "<", ">", "<=", ">="}
_COLUMNS = ("column", "number_column", "ordered_column")
_ORDERED = ("ordered", "ordered_column")
_COLLAPSING = ("numbers", "ordered", "values", "bools", *_COLUMNS)
_CELL_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")


class Checker:
    """Turns syntax into nodes, collecting every mistake on the way."""

    def __init__(self, scope: Scope, *, decimal_comma: bool = False) -> None:
        self.scope = scope
        self.decimal_comma = decimal_comma
        self.mistakes: list[Mistake] = []
        self.locals: dict[str, Local] = {}

    def node(self, syntax: Syntax) -> Node:
        """Return the checked node of a part; where it has a mistake, a node without a kind."""
        match syntax:
            case NumberLiteral():
                return _constant(syntax, Kind.NUMBER, syntax.value)
            case TextLiteral():
                return _constant(syntax, Kind.TEXT, syntax.value)
            case TruthLiteral():
                return _constant(syntax, Kind.BOOL, syntax.value)
            case Reference():
                return self._reference(syntax)
            case Name():
                return self._name(syntax)
            case Prefix():
                operand = self._as_kind(self.node(syntax.operand), Kind.NUMBER)
                if syntax.operator == "+":
                    return operand
                return self._operation(syntax, "negate", Kind.NUMBER, operand)
            case Percent():
                return self._operation(
                    syntax, "percent", Kind.NUMBER, self._as_kind(self.node(syntax.operand), Kind.NUMBER)
                )
            case Binary():
                return self._binary(syntax)
            case Call():
                return self._call(syntax)
        return self._wrong(
            syntax,
            "F105",
            Text("falta un valor", "a value is missing"),
        )

    # ------------------------------------------------------------------ names

    def _reference(self, syntax: Reference) -> Node:
        table = self.scope.table
        if syntax.table is not None:
            table = self.scope.find_table(syntax.table)
            if table is None:
                return self._wrong(
                    syntax,
                    "F202",
                    Text(f"no existe la tabla '{syntax.table}'", f"there is no table '{syntax.table}'"),
                    did_you_mean(syntax.table, [*self.scope.tables, *self.scope.table_names]),
                )
        if table is None or table not in self.scope.tables:
            return self._wrong(
                syntax,
                "F205",
                Text(
                    f"[{syntax.column}] no dice de qué tabla es: aquí no hay una fila en curso",
                    f"[{syntax.column}] does not say of which table: there is no current row here",
                ),
                Text(f"escriba Tabla[{syntax.column}]", f"write Table[{syntax.column}]"),
            )
        if syntax.this_row and table != self.scope.table:
            return self._wrong(
                syntax,
                "F206",
                Text(
                    f"[@{syntax.column}] es la fila de '{self.scope.table}', no de '{table}'",
                    f"[@{syntax.column}] is the row of '{self.scope.table}', not of '{table}'",
                ),
                Text(
                    f"tráigalo con BUSCARX(clave; {table}[clave]; {table}[{syntax.column}])",
                    f"fetch it with XLOOKUP(key, {table}[key], {table}[{syntax.column}])",
                ),
            )
        columns = self.scope.tables[table]
        field = columns.find(syntax.column)
        if field is None:
            hint = did_you_mean(syntax.column, columns.known()) or self._elsewhere(syntax.column)
            return self._wrong(
                syntax,
                "F201",
                Text(
                    f"no existe la columna '{syntax.column}' en '{table}'",
                    f"there is no column '{syntax.column}' in '{table}'",
                ),
                hint,
            )
        shape = Shape.ROW if syntax.this_row else Shape.WHOLE
        return Field(
            start=syntax.start,
            end=syntax.end,
            kind=columns.fields[field],
            shape=shape,
            table=None if syntax.this_row else table,
            of=table,
            name=field,
        )

    def _elsewhere(self, column: str) -> Text | None:
        having = [name for name, table in self.scope.tables.items() if table.find(column) is not None]
        if not having:
            return None
        return Text(f"la tiene la tabla '{having[0]}'", f"table '{having[0]}' has it")

    def _name(self, syntax: Name) -> Node:
        local = self.locals.get(fold(syntax.name))
        if local is not None:
            return Local(
                start=syntax.start,
                end=syntax.end,
                kind=local.kind,
                shape=local.shape,
                table=local.table,
                name=local.name,
            )
        parameter = self.scope.find_parameter(syntax.name)
        if parameter is not None:
            kind = self.scope.parameters[parameter]
            return Parameter(start=syntax.start, end=syntax.end, kind=kind, shape=Shape.SINGLE, name=parameter)
        table = self.scope.find_table(syntax.name)
        if table is not None:
            return self._wrong(
                syntax,
                "F207",
                Text(f"'{syntax.name}' es una tabla, no un valor", f"'{syntax.name}' is a table, not a value"),
                Text(f"escriba {syntax.name}[Columna]", f"write {syntax.name}[Column]"),
            )
        return self._wrong(
            syntax,
            "F204",
            Text(f"no existe el parámetro '{syntax.name}'", f"there is no parameter '{syntax.name}'"),
            self._name_hint(syntax.name),
        )

    def _name_hint(self, name: str) -> Text | None:
        own = None if self.scope.table is None else self.scope.tables.get(self.scope.table)
        if own is not None and own.find(name) is not None:
            return Text(f"si es la columna, escriba [@{name}]", f"if it is the column, write [@{name}]")
        if self.scope.functions.find(name) is not None:
            return Text(f"si es la función, escriba {name}()", f"if it is the function, write {name}()")
        if _CELL_ADDRESS.fullmatch(name):
            return Text(
                "las celdas no se usan en reglas; nombre la columna: [@Columna]",
                "cells are not used in rules; name the column: [@Column]",
            )
        return did_you_mean(name, [*self.scope.parameters, *self.scope.tables])

    # ------------------------------------------------------------------ operators

    def _binary(self, syntax: Binary) -> Node:
        operator = syntax.operator
        left, right = self.node(syntax.left), self.node(syntax.right)
        if operator == "&":
            operands = [self._as_kind(operand, Kind.TEXT) for operand in (left, right)]
            return self._operation(syntax, operator, Kind.TEXT, *operands)
        if operator in _COMPARISONS:
            return self._comparison(syntax, left, right)
        if operator not in "+-" or Kind.DATE not in (left.kind, right.kind):
            operands = [self._as_kind(operand, Kind.NUMBER) for operand in (left, right)]
            return self._operation(syntax, operator, Kind.NUMBER, *operands)
        if (left.kind, operator, right.kind) == (Kind.DATE, "+", Kind.DATE):
            return self._wrong(
                syntax,
                "F303",
                Text("dos fechas no se suman", "two dates are not added"),
                Text(
                    "reste fechas para contar días, o sume un número de días",
                    "subtract dates to count days, or add days",
                ),
            )
        operands = [
            operand if operand.kind is Kind.DATE else self._as_kind(operand, Kind.NUMBER) for operand in (left, right)
        ]
        kind = Kind.NUMBER if operator == "-" and right.kind is Kind.DATE else Kind.DATE
        return self._operation(syntax, operator, kind, *operands)

    def _comparison(self, syntax: Binary, left: Node, right: Node) -> Node:
        for value, empty in ((left, right), (right, left)):
            is_empty = isinstance(empty, Constant) and empty.value == "" and empty.kind is Kind.TEXT
            if is_empty and value.kind not in (Kind.TEXT, None) and syntax.operator in ("=", "<>"):
                return self._operation(syntax, "is_blank" if syntax.operator == "=" else "is_filled", Kind.BOOL, value)
        if left.kind is not None and right.kind is not None and common_kind((left.kind, right.kind)) is None:
            return self._wrong(
                syntax,
                "F303",
                Text(
                    f"'{syntax.operator}' compara {KIND_WORDS[left.kind].es} con {KIND_WORDS[right.kind].es}",
                    f"'{syntax.operator}' compares {KIND_WORDS[left.kind].en} with {KIND_WORDS[right.kind].en}",
                ),
                _comparison_hint(left.kind, right.kind),
            )
        return self._operation(syntax, syntax.operator, Kind.BOOL, left, right)

    def _operation(self, syntax: Syntax, operator: str, kind: Kind, *operands: Node) -> Node:
        shape, table = self._joined_shape(operands)
        return Operation(
            start=syntax.start,
            end=syntax.end,
            kind=None if any(operand.kind is None for operand in operands) else kind,
            shape=shape,
            table=table,
            operator=operator,
            operands=operands,
        )

    def _joined_shape(self, nodes: Sequence[Node]) -> tuple[Shape, str | None]:
        """Return the shape that parts computed together have; a row cannot be computed with a whole column."""
        row = next((node for node in nodes if node.shape is Shape.ROW), None)
        whole = next((node for node in nodes if node.shape is Shape.WHOLE), None)
        if whole is None:
            return (Shape.SINGLE if row is None else Shape.ROW), None
        if row is not None:
            self._wrong(
                whole,
                "F306",
                Text(
                    "mezcla una columna entera con el valor de esta fila",
                    "mixes a whole column with the value of this row",
                ),
                Text(
                    "use [@Columna] para esta fila, o SUMA, CONTAR.SI.CONJUNTO, BUSCARX... para la columna entera",
                    "use [@Column] for this row, or SUM, COUNTIFS, XLOOKUP... for the whole column",
                ),
            )
            return Shape.ROW, None
        other = next((node for node in nodes if node.shape is Shape.WHOLE and node.table != whole.table), None)
        if other is not None:
            self._different_tables(other, whole)
        return Shape.WHOLE, whole.table

    def _different_tables(self, one: Node, other: Node) -> None:
        self._wrong(
            one,
            "F310",
            Text(
                f"junta columnas de dos tablas: '{other.table}' y '{one.table}'",
                f"puts columns of two tables side by side: '{other.table}' and '{one.table}'",
            ),
            Text("las columnas deben ser de la misma tabla", "the columns must be of the same table"),
        )

    # ------------------------------------------------------------------ functions

    def _call(self, syntax: Call) -> Node:
        function = self.scope.functions.find(syntax.name)
        if function is None:
            for argument in syntax.arguments:
                if not isinstance(argument, (Omitted, Name)):
                    self.node(argument)
            return self._wrong(
                syntax,
                "F203",
                Text(f"no existe la función '{syntax.name}'", f"there is no function '{syntax.name}'"),
                self.scope.functions.suggest(syntax.name),
            )
        if function.name == "LET":
            return self._let(syntax)
        count = len(syntax.arguments)
        most = function.most
        if count < function.fewest or (most is not None and count > most) or not _groups_complete(function, count):
            return self._wrong(
                syntax,
                "F302",
                Text(
                    f"{syntax.name} recibe {count} argumento{'' if count == 1 else 's'}",
                    f"{syntax.name} is given {count} argument{'' if count == 1 else 's'}",
                ),
                Text(
                    f"se escribe {signature(function, syntax.name, ';')}",
                    f"it is written {signature(function, syntax.name, ',')}",
                ),
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
                    self._wrong(
                        argument,
                        "F302",
                        Text(
                            f"{syntax.name}: falta '{parameter.name}'", f"{syntax.name}: '{parameter.name}' is missing"
                        ),
                    )
                arguments.append(None)
                continue
            if parameter.type == "table":
                arguments.append(self._table_argument(argument, syntax.name))
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
                self._wrong(
                    node,
                    "F312",
                    Text(
                        f"{syntax.name}: '{parameter.name}' debe ser un número fijo",
                        f"{syntax.name}: '{parameter.name}' must be a fixed number",
                    ),
                    Text("por ejemplo: 0", "for example: 0"),
                )
            if parameter.type in _COLUMNS:
                if node.shape is not Shape.WHOLE:
                    self._needs_column(node, parameter, syntax.name)
                elif column is not None and column.shape is Shape.WHOLE and column.table != node.table:
                    self._different_tables(node, column)
                column = node
            arguments.append(node)
        return self._grouped(function, syntax.name, arguments)

    def _argument_kind(self, node: Node, parameter: ParameterSpec, name: str) -> Node:
        wanted = {
            "number": Kind.NUMBER,
            "setting": Kind.NUMBER,
            "numbers": Kind.NUMBER,
            "number_column": Kind.NUMBER,
            "date": Kind.DATE,
            "text": Kind.TEXT,
            "bool": Kind.BOOL,
            "bools": Kind.BOOL,
        }.get(parameter.type)
        if parameter.type in _ORDERED and node.kind in (Kind.TEXT, Kind.BOOL) and not _is_empty(node):
            return self._wrong_kind(node, Kind.NUMBER, f"{name}: {parameter.name}")
        if wanted is None:
            return node
        if parameter.type in ("numbers", "number_column") and node.kind in (Kind.BOOL, Kind.DATE):
            return self._wrong_kind(node, wanted, f"{name}: {parameter.name}")
        return self._as_kind(node, wanted, f"{name}: {parameter.name}")

    def _format(self, node: Node, value: Node | None, name: str) -> Node:
        """Return the format of TEXT, checked, with the decimal mark of the formula before it."""
        if node.kind is None or value is None or value.kind is None:
            return node
        of_date = value.kind is Kind.DATE
        known = isinstance(node, Constant) and read_format(
            str(node.value), of_date=of_date, decimal_comma=self.decimal_comma
        )
        if value.kind in (Kind.TEXT, Kind.BOOL):
            return self._wrong_kind(value, Kind.NUMBER, name)
        if not known or not isinstance(node, Constant):
            return self._wrong(
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
        return _constant(node, Kind.TEXT, ("," if self.decimal_comma else ".") + str(node.value))

    def _needs_column(self, node: Node, parameter: ParameterSpec, name: str) -> None:
        if node.kind is None:
            return
        hint = Text("escriba [Columna] o Tabla[Columna]", "write [Column] or Table[Column]")
        if isinstance(node, Field):
            hint = Text("quite la @: [Columna] es la columna entera", "leave out the @: [Column] is the whole column")
        self._wrong(
            node,
            "F311",
            Text(
                f"{name}: '{parameter.name}' debe ser una columna entera",
                f"{name}: '{parameter.name}' must be a whole column",
            ),
            hint,
        )

    def _table_argument(self, argument: Syntax, name: str) -> Node | None:
        if isinstance(argument, Name):
            table = self.scope.find_table(argument.name)
            if table is not None:
                return TableName(start=argument.start, end=argument.end, kind=Kind.TEXT, shape=Shape.SINGLE, name=table)
            written = argument.name
            hint = did_you_mean(written, [*self.scope.tables, *self.scope.table_names])
            self._wrong(
                argument, "F202", Text(f"no existe la tabla '{written}'", f"there is no table '{written}'"), hint
            )
            return None
        self._wrong(
            argument,
            "F202",
            Text(f"{name} espera aquí el nombre de una tabla", f"{name} expects the name of a table here"),
            Text("por ejemplo: invoices", "for example: invoices"),
        )
        return None

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
            kinds = [
                node.kind for node in members if node is not None and node.kind is not None and not _is_empty(node)
            ]
            if not kinds:
                continue
            shared = common_kind(kinds)
            if shared is None:
                odd = next(node for node in members if node is not None and node.kind not in (None, kinds[0]))
                self._wrong(
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
                    arguments[index] = _shared(node, shared)
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
        shape, table = self._joined_shape(each)
        kind = function.returns if isinstance(function.returns, Kind) else kinds.get(function.returns)
        if kind is None and not faulty:
            return self._wrong(
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

    def _let(self, syntax: Call) -> Node:
        count = len(syntax.arguments)
        if count < 3 or count % 2 == 0:
            return self._wrong(
                syntax,
                "F302",
                Text(f"{syntax.name} recibe {count} argumentos", f"{syntax.name} is given {count} arguments"),
                Text(
                    f"se escribe {syntax.name}(nombre; valor; cálculo)",
                    f"it is written {syntax.name}(name, value, calculation)",
                ),
            )
        outer = dict(self.locals)
        names: list[str] = []
        values: list[Node] = []
        for position in range(0, count - 1, 2):
            name, value = syntax.arguments[position], self.node(syntax.arguments[position + 1])
            if not isinstance(name, Name):
                self._wrong(
                    name,
                    "F105",
                    Text(f"{syntax.name}: aquí va un nombre", f"{syntax.name}: a name goes here"),
                    Text("solo letras, números y _", "letters, numbers and _ only"),
                )
                continue
            key = f"{fold(name.name)}@{name.start}"
            names.append(key)
            values.append(value)
            self.locals[fold(name.name)] = Local(
                start=name.start, end=name.end, kind=value.kind, shape=value.shape, table=value.table, name=key
            )
        body = self.node(syntax.arguments[-1])
        self.locals = outer
        kind = None if any(value.kind is None for value in values) else body.kind
        return Let(
            start=syntax.start,
            end=syntax.end,
            kind=kind,
            shape=body.shape,
            table=body.table,
            names=tuple(names),
            values=tuple(values),
            body=body,
        )

    # ------------------------------------------------------------------ criteria

    def _criterion(self, syntax: Syntax, node: Node, column: Node | None) -> Node | None:
        """Return a criterion as far as it is known before any data."""
        of = None if column is None else column.kind
        if of is None or node.kind is None:
            return node
        joined = _written_operator(syntax)
        if joined is not None and isinstance(node, Operation):
            operator, operand = joined, _unconverted(node.operands[1])
            if operand.kind in (Kind.NUMBER, Kind.DATE) and of in (Kind.NUMBER, Kind.DATE):
                return _condition(node, operator, operand, of)
        if isinstance(node, Constant) and node.kind is Kind.TEXT and of is not Kind.TEXT:
            parsed = parse_criterion(str(node.value), of)
            if parsed is None:
                return self._wrong(
                    node,
                    "F309",
                    Text(
                        f"el criterio '{node.value}' no se entiende para una columna de {KIND_WORDS[of].es}",
                        f"the criterion '{node.value}' is not understood for a column of {KIND_WORDS[of].en}",
                    ),
                    Text('por ejemplo: "<"&FECHA(2026;1;31)', 'for example: "<"&DATE(2026,1,31)')
                    if of is Kind.DATE
                    else Text('por ejemplo: ">100"', 'for example: ">100"'),
                )
            operator, value = parsed
            return _condition(node, operator, _constant(node, of, value), of)
        if node.kind is Kind.TEXT:
            return _condition(node, None, node, of)
        if of is Kind.TEXT:
            return _condition(node, None, _convert(node, Kind.TEXT), of)
        if common_kind((node.kind, of)) is not None:
            return _condition(node, "=", node, of)
        return self._wrong_kind(node, of, "criterio")

    # ------------------------------------------------------------------ kinds

    def _as_kind(self, node: Node, kind: Kind, place: str = "") -> Node:
        """Return a node as `kind` where Excel would take it so; texts are never read as numbers silently."""
        if node.kind in (None, kind):
            return node
        if _is_empty(node):
            return _constant(node, kind, None)
        allowed = {
            Kind.NUMBER: (Kind.BOOL, Kind.DATE),
            Kind.TEXT: tuple(Kind),
            Kind.BOOL: (Kind.NUMBER,),
            Kind.DATE: (),
        }[kind]
        if node.kind not in allowed:
            return self._wrong_kind(node, kind, place)
        return _convert(node, kind)

    def _wrong_kind(self, node: Node, kind: Kind, place: str) -> Node:
        if node.kind is None:
            return node
        hints = {
            (Kind.TEXT, Kind.NUMBER): Text(
                "para leer un número escrito como texto use VALOR(...)",
                "to read a number written as text use VALUE(...)",
            ),
            (Kind.BOOL, Kind.NUMBER): Text("para contar verdaderos escriba --(...)", "to count truths write --(...)"),
            (Kind.NUMBER, Kind.DATE): Text(
                "una fecha se escribe FECHA(año; mes; día)", "a date is written DATE(year, month, day)"
            ),
            (Kind.TEXT, Kind.DATE): Text(
                "una fecha se escribe FECHA(año; mes; día)", "a date is written DATE(year, month, day)"
            ),
            (Kind.TEXT, Kind.BOOL): Text('compare el texto: [@Columna]="..."', 'compare the text: [@Column]="..."'),
            (Kind.DATE, Kind.BOOL): Text("compare la fecha: [@Columna]<HOY()", "compare the date: [@Column]<TODAY()"),
        }
        start = f"{place}: " if place else ""
        return self._wrong(
            node,
            "F301",
            Text(
                f"{start}se esperaba {KIND_WORDS[kind].es} y es {KIND_WORDS[node.kind].es}",
                f"{start}expected {KIND_WORDS[kind].en}, this is {KIND_WORDS[node.kind].en}",
            ),
            hints.get((node.kind, kind)),
        )

    def _wrong(self, where: Syntax | Node, code: str, message: Text, hint: Text | None = None) -> Node:
        self.mistakes.append(Mistake(code, where.start, message, hint))
        return Constant(start=where.start, end=where.end, kind=None, shape=Shape.SINGLE, value=None)

    def result(self, node: Node, shape: str, kind: Kind | None) -> Node:
        """Check the whole formula against the shape and kind that its place in a rule needs."""
        if node.kind is None:
            return node
        if node.shape is Shape.WHOLE:
            self._wrong(
                node,
                "F306",
                Text("es una columna entera donde hace falta un valor", "a whole column where one value is needed"),
                Text(
                    "use [@Columna] para esta fila, o SUMA, CONTAR, MAX...",
                    "use [@Column] for this row, or SUM, COUNT, MAX...",
                ),
            )
        if shape == "single" and node.shape is Shape.ROW:
            self._wrong(
                node,
                "F308",
                Text(
                    "da un valor por fila donde hace falta uno solo", "gives a value per row where one in all is needed"
                ),
                Text(
                    "resuma la columna: SUMA([Columna]), MAX([Columna])...",
                    "sum the column up: SUM([Column]), MAX([Column])...",
                ),
            )
        if shape == "row" and node.shape is Shape.SINGLE and (own := self._own_aggregate(node)) is not None:
            self._wrong(
                own,
                "F307",
                Text(
                    "vale lo mismo en todas las filas: resume la tabla y no mira esta fila",
                    "is the same in every row: it sums up the table and does not look at this row",
                ),
                Text(
                    "compare con un valor de la fila, como [@Columna]",
                    "compare with a value of the row, such as [@Column]",
                ),
            )
        return node if kind is None else self._as_kind(node, kind)

    def _own_aggregate(self, node: Node) -> Node | None:
        from aliado.formula.nodes import parts

        if isinstance(node, Invoke) and any(
            isinstance(part, Field) and part.shape is Shape.WHOLE and part.of == self.scope.table
            for part in parts(node)
        ):
            return node
        return next((found for part in parts(node) if (found := self._own_aggregate(part)) is not None), None)


def signature(function: FunctionSpec, name: str, separator: str) -> str:
    """Return how a function is written: NAME(a; b; [c]; ...)."""
    words = [f"[{p.name}]" if p.optional else p.name for p in function.parameters]
    if function.most is None:
        words.append("...")
    return f"{name}({f'{separator} '.join(words)})"


def _groups_complete(function: FunctionSpec, count: int) -> bool:
    again = sum(parameter.repeats for parameter in function.parameters)
    if again < 2:
        return True
    extra = count - (len(function.parameters) - again)
    return extra % again == 0 or (function.default_last and extra > again)


def _constant(where: Syntax | Node, kind: Kind, value: Decimal | int | str | bool | None) -> Constant:
    return Constant(start=where.start, end=where.end, kind=kind, shape=Shape.SINGLE, value=value)


def _convert(node: Node, kind: Kind) -> Node:
    return Operation(
        start=node.start,
        end=node.end,
        kind=kind,
        shape=node.shape,
        table=node.table,
        operator="convert",
        operands=(node,),
    )


def _unconverted(node: Node) -> Node:
    if isinstance(node, Operation) and node.operator == "convert":
        return node.operands[0]
    return node


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


def _shared(node: Node, kind: Kind) -> Node:
    if node.kind is kind:
        return node
    return _constant(node, kind, None) if _is_empty(node) else _convert(node, kind)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Constant) and node.value == "" and node.kind is Kind.TEXT


def _written_operator(syntax: Syntax) -> str | None:
    """Return the operator of a criterion written as "<"&value, or None."""
    if not isinstance(syntax, Binary) or syntax.operator != "&" or not isinstance(syntax.left, TextLiteral):
        return None
    operator, rest = split_operator(syntax.left.value)
    return operator if syntax.left.value in OPERATORS and not rest else None


def _comparison_hint(left: Kind, right: Kind) -> Text | None:
    kinds = {left, right}
    if kinds == {Kind.TEXT, Kind.DATE}:
        return Text("una fecha se escribe FECHA(año; mes; día)", "a date is written DATE(year, month, day)")
    if kinds == {Kind.TEXT, Kind.NUMBER}:
        return Text("un número va sin comillas", "a number goes without quotes")
    if Kind.BOOL in kinds:
        return Text(
            "un campo verdadero/falso se usa solo: [@Campo] o NO([@Campo])",
            "a true/false field stands alone: [@Field] or NOT([@Field])",
        )
    return None
