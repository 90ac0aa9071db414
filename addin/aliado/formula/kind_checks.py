"""Kinds and shapes of parts checked against what their place needs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from aliado.formula.kinds import KIND_WORDS
from aliado.formula.nodes import Constant, Node, Operation, Shape
from aliado.formula.report import Report
from aliado.formula.syntax import Syntax
from aliado.formula.values import Kind
from aliado.language import Text


def as_kind(report: Report, node: Node, kind: Kind, place: Text | None = None) -> Node:
    """Return a node as `kind` where Excel would take it so; texts are never read as numbers silently."""
    if node.kind in (None, kind):
        return node
    if is_empty(node):
        return constant(node, kind, None)
    allowed = {
        Kind.NUMBER: (Kind.BOOL, Kind.DATE),
        Kind.TEXT: tuple(Kind),
        Kind.BOOL: (Kind.NUMBER,),
        Kind.DATE: (),
    }[kind]
    if node.kind not in allowed:
        return wrong_kind(report, node, kind, place)
    return convert(node, kind)


def wrong_kind(report: Report, node: Node, kind: Kind, place: Text | None) -> Node:
    """Note that a part is not of the kind its place needs."""
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
    start = Text(f"{place.es}: ", f"{place.en}: ") if place else Text("", "")
    return report.wrong(
        node,
        "F301",
        Text(
            f"{start.es}se esperaba {KIND_WORDS[kind].es} y es {KIND_WORDS[node.kind].es}",
            f"{start.en}expected {KIND_WORDS[kind].en}, this is {KIND_WORDS[node.kind].en}",
        ),
        hints.get((node.kind, kind)),
    )


def joined_shape(report: Report, nodes: Sequence[Node]) -> tuple[Shape, str | None]:
    """Return the shape that parts computed together have; a row cannot be computed with a whole column."""
    row: Node | None = None
    whole: Node | None = None
    for node in nodes:
        if node.shape is Shape.ROW:
            row = row or node
        elif node.shape is Shape.WHOLE:
            whole = whole or node
    if whole is None:
        return (Shape.SINGLE if row is None else Shape.ROW), None
    if row is not None:
        report.wrong(
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
        different_tables(report, other, whole)
    return Shape.WHOLE, whole.table


def different_tables(report: Report, one: Node, other: Node) -> None:
    """Note that columns of two tables stand side by side."""
    report.wrong(
        one,
        "F310",
        Text(
            f"junta columnas de dos tablas: '{other.table}' y '{one.table}'",
            f"puts columns of two tables side by side: '{other.table}' and '{one.table}'",
        ),
        Text("las columnas deben ser de la misma tabla", "the columns must be of the same table"),
    )


def constant(where: Syntax | Node, kind: Kind, value: Decimal | int | str | bool | None) -> Constant:
    """Return a constant; None is a blank."""
    return Constant(start=where.start, end=where.end, kind=kind, shape=Shape.SINGLE, value=value)


def convert(node: Node, kind: Kind) -> Node:
    """Return a node that turns another into `kind`."""
    return Operation(
        start=node.start,
        end=node.end,
        kind=kind,
        shape=node.shape,
        table=node.table,
        operator="convert",
        operands=(node,),
    )


def unconverted(node: Node) -> Node:
    """Return what a conversion converts; any other node as it is."""
    if isinstance(node, Operation) and node.operator == "convert":
        return node.operands[0]
    return node


def shared(node: Node, kind: Kind) -> Node:
    """Return a node as the kind that its group shares; an empty text becomes a blank."""
    if node.kind is kind:
        return node
    return constant(node, kind, None) if is_empty(node) else convert(node, kind)


def is_empty(node: Node) -> bool:
    """Return whether a node is the literal ""."""
    return isinstance(node, Constant) and node.value == "" and node.kind is Kind.TEXT


def comparison_hint(left: Kind, right: Kind) -> Text | None:
    """Return what to write instead of a comparison of two kinds."""
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
