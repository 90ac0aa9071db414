"""Names looked up and kinds, shapes and counts checked, before any data: a syntax tree becomes a node tree."""

from __future__ import annotations

from aliado.formula.calls import Calls
from aliado.formula.kind_checks import as_kind, comparison_hint, constant, is_empty, joined_shape
from aliado.formula.kinds import KIND_WORDS, common_kind
from aliado.formula.mistakes import Mistake
from aliado.formula.names import Names
from aliado.formula.nodes import Field, Invoke, Let, Local, Node, Operation, Shape, parts
from aliado.formula.report import Report
from aliado.formula.scope import Scope
from aliado.formula.syntax import (
    Binary,
    Call,
    Name,
    NumberLiteral,
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


class Checker:
    """Turns syntax into nodes, collecting every mistake on the way."""

    def __init__(self, scope: Scope, *, decimal_comma: bool = False) -> None:
        self.scope = scope
        self.report = Report()
        self.names = Names(scope, self.report)
        self.calls = Calls(self.names, self.report, self.node, decimal_comma=decimal_comma)
        self.locals: dict[str, Local] = {}

    @property
    def mistakes(self) -> list[Mistake]:
        """Every mistake so far."""
        return self.report.mistakes

    def node(self, syntax: Syntax) -> Node:
        """Return the checked node of a part; where it has a mistake, a node without a kind."""
        match syntax:
            case Reference():
                return self.names.reference(syntax)
            case Binary():
                return self._binary(syntax)
            case Call():
                return self._let(syntax) if self._is_let(syntax) else self.calls.call(syntax)
            case NumberLiteral():
                return constant(syntax, Kind.NUMBER, syntax.value)
            case TextLiteral():
                return constant(syntax, Kind.TEXT, syntax.value)
            case TruthLiteral():
                return constant(syntax, Kind.BOOL, syntax.value)
            case Name():
                return self._name(syntax)
            case Prefix():
                operand = as_kind(self.report, self.node(syntax.operand), Kind.NUMBER)
                if syntax.operator == "+":
                    return operand
                return self._operation(syntax, "negate", Kind.NUMBER, operand)
            case Percent():
                return self._operation(
                    syntax, "percent", Kind.NUMBER, as_kind(self.report, self.node(syntax.operand), Kind.NUMBER)
                )
        return self.report.wrong(
            syntax,
            "F105",
            Text("falta un valor", "a value is missing"),
        )

    def _name(self, syntax: Name) -> Node:
        local = self.locals.get(fold(syntax.name))
        if local is None:
            return self.names.parameter(syntax)
        return Local(
            start=syntax.start, end=syntax.end, kind=local.kind, shape=local.shape, table=local.table, name=local.name
        )

    def _binary(self, syntax: Binary) -> Node:
        operator = syntax.operator
        left, right = self.node(syntax.left), self.node(syntax.right)
        if operator == "&":
            operands = [as_kind(self.report, operand, Kind.TEXT) for operand in (left, right)]
            return self._operation(syntax, operator, Kind.TEXT, *operands)
        if operator in _COMPARISONS:
            return self._comparison(syntax, left, right)
        if operator not in "+-" or Kind.DATE not in (left.kind, right.kind):
            operands = [as_kind(self.report, operand, Kind.NUMBER) for operand in (left, right)]
            return self._operation(syntax, operator, Kind.NUMBER, *operands)
        if (left.kind, operator, right.kind) == (Kind.DATE, "+", Kind.DATE):
            return self.report.wrong(
                syntax,
                "F303",
                Text("dos fechas no se suman", "two dates are not added"),
                Text(
                    "reste fechas para contar días, o sume un número de días",
                    "subtract dates to count days, or add days",
                ),
            )
        operands = [
            operand if operand.kind is Kind.DATE else as_kind(self.report, operand, Kind.NUMBER)
            for operand in (left, right)
        ]
        kind = Kind.NUMBER if operator == "-" and right.kind is Kind.DATE else Kind.DATE
        return self._operation(syntax, operator, kind, *operands)

    def _comparison(self, syntax: Binary, left: Node, right: Node) -> Node:
        for value, empty in ((left, right), (right, left)):
            if is_empty(empty) and value.kind not in (Kind.TEXT, None) and syntax.operator in ("=", "<>"):
                return self._operation(syntax, "is_blank" if syntax.operator == "=" else "is_filled", Kind.BOOL, value)
        if left.kind is not None and right.kind is not None and common_kind((left.kind, right.kind)) is None:
            return self.report.wrong(
                syntax,
                "F303",
                Text(
                    f"'{syntax.operator}' compara {KIND_WORDS[left.kind].es} con {KIND_WORDS[right.kind].es}",
                    f"'{syntax.operator}' compares {KIND_WORDS[left.kind].en} with {KIND_WORDS[right.kind].en}",
                ),
                comparison_hint(left.kind, right.kind),
            )
        return self._operation(syntax, syntax.operator, Kind.BOOL, left, right)

    def _operation(self, syntax: Syntax, operator: str, kind: Kind, *operands: Node) -> Node:
        shape, table = joined_shape(self.report, operands)
        return Operation(
            start=syntax.start,
            end=syntax.end,
            kind=None if any(operand.kind is None for operand in operands) else kind,
            shape=shape,
            table=table,
            operator=operator,
            operands=operands,
        )

    def _is_let(self, syntax: Call) -> bool:
        function = self.scope.functions.find(syntax.name)
        return function is not None and function.name == "LET"

    def _let(self, syntax: Call) -> Node:
        count = len(syntax.arguments)
        if count < 3 or count % 2 == 0:
            return self.report.wrong(
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
                self.report.wrong(
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

    def result(self, node: Node, shape: str, kind: Kind | None) -> Node:
        """Check the whole formula against the shape and kind that its place in a rule needs."""
        if node.kind is None:
            return node
        if node.shape is Shape.WHOLE:
            self.report.wrong(
                node,
                "F306",
                Text("es una columna entera donde hace falta un valor", "a whole column where one value is needed"),
                Text(
                    "use [@Columna] para esta fila, o SUMA, CONTAR, MAX...",
                    "use [@Column] for this row, or SUM, COUNT, MAX...",
                ),
            )
        if shape == "single" and node.shape is Shape.ROW:
            self.report.wrong(
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
            self.report.wrong(
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
        return node if kind is None else as_kind(self.report, node, kind)

    def _own_aggregate(self, node: Node) -> Node | None:

        if isinstance(node, Invoke) and any(
            isinstance(part, Field) and part.shape is Shape.WHOLE and part.of == self.scope.table
            for part in parts(node)
        ):
            return node
        return next((found for part in parts(node) if (found := self._own_aggregate(part)) is not None), None)
