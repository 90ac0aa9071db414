"""Names in a formula looked up: columns, parameters and tables, with what to write instead when there is none."""

from __future__ import annotations

import re

from aliado.formula.mistakes import did_you_mean
from aliado.formula.nodes import Field, Node, Parameter, Shape, TableName
from aliado.formula.report import Report
from aliado.formula.scope import Scope
from aliado.formula.syntax import Name, Reference, Syntax
from aliado.formula.values import Kind
from aliado.language import Text

_CELL_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")


class Names:
    """Finds what a formula names in its scope, noting what is not there."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self.scope = scope
        self.report = report

    def reference(self, syntax: Reference) -> Node:
        """Return the column that a reference means."""
        table = self.scope.table
        if syntax.table is not None:
            table = self.scope.find_table(syntax.table)
            if table is None:
                return self.report.wrong(
                    syntax,
                    "F202",
                    Text(f"no existe la tabla '{syntax.table}'", f"there is no table '{syntax.table}'"),
                    did_you_mean(syntax.table, [*self.scope.tables, *self.scope.table_names]),
                )
        if table is None or table not in self.scope.tables:
            return self.report.wrong(
                syntax,
                "F205",
                Text(
                    f"[{syntax.column}] no dice de qué tabla es: aquí no hay una fila en curso",
                    f"[{syntax.column}] does not say of which table: there is no current row here",
                ),
                Text(f"escriba Tabla[{syntax.column}]", f"write Table[{syntax.column}]"),
            )
        if syntax.this_row and table != self.scope.table:
            return self.report.wrong(
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
            return self.report.wrong(
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

    def parameter(self, syntax: Name) -> Node:
        """Return the parameter of a bare name."""
        parameter = self.scope.find_parameter(syntax.name)
        if parameter is not None:
            kind = self.scope.parameters[parameter]
            return Parameter(start=syntax.start, end=syntax.end, kind=kind, shape=Shape.SINGLE, name=parameter)
        table = self.scope.find_table(syntax.name)
        if table is not None:
            return self.report.wrong(
                syntax,
                "F207",
                Text(f"'{syntax.name}' es una tabla, no un valor", f"'{syntax.name}' is a table, not a value"),
                Text(f"escriba {syntax.name}[Columna]", f"write {syntax.name}[Column]"),
            )
        return self.report.wrong(
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

    def table(self, argument: Syntax, name: str) -> Node | None:
        """Return the table that an argument names, or None."""
        if isinstance(argument, Name):
            table = self.scope.find_table(argument.name)
            if table is not None:
                return TableName(start=argument.start, end=argument.end, kind=Kind.TEXT, shape=Shape.SINGLE, name=table)
            written = argument.name
            hint = did_you_mean(written, [*self.scope.tables, *self.scope.table_names])
            self.report.wrong(
                argument, "F202", Text(f"no existe la tabla '{written}'", f"there is no table '{written}'"), hint
            )
            return None
        self.report.wrong(
            argument,
            "F202",
            Text(f"{name} espera aquí el nombre de una tabla", f"{name} expects the name of a table here"),
            Text("por ejemplo: invoices", "for example: invoices"),
        )
        return None
