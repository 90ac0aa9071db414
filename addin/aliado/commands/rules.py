"""`aliado rules`: check rule packs, and show what they come to."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from aliado.batch.outcome import NOT_DONE
from aliado.commands.day import Day, today
from aliado.commands.options import as_of_option, message_language_option
from aliado.errors import AliadoError
from aliado.language import Language, write_date
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack, shipped_packs
from aliado.rules.show import show_pack
from aliado.rules.stale import OLDER_THAN, Stale, stale_rules


@click.group(short_help="Comprueba y muestra reglas. / Check and show rule packs.")
def rules() -> None:
    """Comprueba y muestra paquetes de reglas. / Check and show rule packs."""


@rules.command()
@click.argument("packs", metavar="PACK_OR_FOLDER...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Una lista JSON para editores. / A JSON list for editors.")
@message_language_option
def check(packs: tuple[str, ...], as_json: bool, lang: Language) -> None:
    """Comprueba paquetes y ejemplos: todos sus errores, con fichero:línea:columna. / Check packs and examples: all their mistakes, with file:line:column."""
    from aliado.rules.trials import check_files

    problems = check_files([_source(pack) for pack in packs])
    if as_json:
        listed = [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message._asdict(),
                "hint": problem.hint._asdict() if problem.hint else None,
            }
            for problem in problems
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(problem.to(lang))
        if not problems:
            click.echo({"es": "Sin errores: ", "en": "No mistakes: "}[lang] + ", ".join(packs))
    sys.exit(NOT_DONE if problems else 0)


@rules.command()
@click.argument("pack")
@click.option("--id", "rule_id", metavar="ID", help="Solo esa regla. / That rule only.")
@message_language_option
def show(pack: str, rule_id: str | None, lang: Language) -> None:
    """Muestra un paquete ya combinado, con el fichero y línea de cada valor. / Show a merged pack, with the file and line of each value."""
    try:
        click.echo(show_pack(load_pack(_source(pack), functions=FUNCTIONS), rule_id))
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)


@rules.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="ARCHIVO",
    help="Dónde escribirlo (en pantalla si falta). / Where to write it (the screen if absent).",
)
def schema(out: Path | None) -> None:
    """Da el esquema con que un editor ayuda a escribir reglas (schema.json). / Give the schema with which an editor helps to write rules (schema.json)."""
    from aliado.rules.editor_schema import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
        return
    try:
        out.write_text(schema_text(), encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        click.echo(f"No se puede escribir {out}: {reason} / {out} cannot be written: {reason}", err=True)
        sys.exit(NOT_DONE)
    click.echo(
        f"Escrito {out}: la primera línea del paquete lo nombra. / Wrote {out}: the first line of a pack names it.\n"
        f"# yaml-language-server: $schema={out.name}"
    )


@rules.command()
@click.argument("paths", metavar="FILE_OR_FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--coverage",
    is_flag=True,
    help="Reglas sin ejemplo positivo o negativo. / Rules without a positive or a negative example.",
)
@message_language_option
def test(paths: tuple[Path, ...], coverage: bool, lang: Language) -> None:
    """Ejecuta ejemplos de reglas (*.test.yaml). / Run rule examples (*.test.yaml).

    Salida: 0 todo sale; 1 algo no sale, o falta cobertura; 2 algún archivo está mal. /
    Exit: 0 all as expected; 1 something is not, or coverage is lacking; 2 some file is wrong.
    """
    from aliado.rules.trials import run_files

    report, status = run_files(paths, coverage=coverage, language=lang)
    click.echo(report, nl=False)
    sys.exit(status)


@rules.command()
@click.argument("rule")
@click.option(
    "--workbook",
    required=True,
    type=click.Path(path_type=Path),
    metavar="LIBRO.xlsx",
    help="Libro del cliente. / The client's workbook.",
)
@click.option("--row", type=click.IntRange(min=1), metavar="N", help="Fila de la hoja. / Worksheet row.")
@click.option("--key", metavar="CLAVE", help="Clave de la fila (nº de factura...). / Key of the row (invoice no...).")
@as_of_option
@click.option("--rules", "pack", metavar="PACK", help="Paquete de reglas. / Rule pack.")
@message_language_option
def explain(
    rule: str,
    workbook: Path,
    row: int | None,
    key: str | None,
    as_of: date | None,
    pack: str | None,
    lang: Language,
) -> None:
    """Explica por qué una regla salta o calla en una fila, o de dónde sale un indicador. / Explain why a rule fires or keeps quiet on a row, or where a figure comes from."""
    from aliado.rules.choose import choose_pack
    from aliado.rules.explanation import explain_rule
    from aliado.rules.standing import stand
    from aliado.tables.gather import gather
    from aliado.workbook.files import read_workbook_file
    from aliado.workbook.package import read_package
    from aliado.workbook.reader import read_sheets

    if row is not None and key is not None:
        raise click.UsageError("--row o --key, no los dos. / --row or --key, not both.")
    try:
        sheets = read_sheets(read_package(read_workbook_file(workbook)), ())
        chosen = choose_pack(sheets, workbook, _source(pack) if pack else None)
        tables = gather(sheets, chosen.tables).tables
        lines = explain_rule(stand(tables, chosen, as_of or today()), rule, row=row, key=key)
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    click.echo("\n".join(line.to(lang) for line in lines))


@rules.command()
@click.argument("packs", metavar="[PACK...]", nargs=-1)
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    default=OLDER_THAN,
    show_default=True,
    metavar="DAYS",
    help="Días desde la última comprobación. / Days since the last check.",
)
@click.option(
    "--as-of", type=Day(), help="Fecha desde la que se cuenta (hoy si falta). / Date to count from (today if absent)."
)
@message_language_option
def stale(packs: tuple[str, ...], older_than: int, as_of: date | None, lang: Language) -> None:
    """Lista reglas cuyas fuentes hace tiempo que nadie mira. / List rules whose sources nobody has looked at for long."""
    on = as_of or today()
    seen: set[tuple[str, str]] = set()
    try:
        loaded = [load_pack(_source(pack), functions=FUNCTIONS) for pack in packs or shipped_packs()]
    except AliadoError as error:
        click.echo(error.text.to(lang), err=True)
        sys.exit(NOT_DONE)
    for pack in loaded:
        for item in stale_rules(pack, on, older_than):
            if (item.place, item.rule) not in seen:
                seen.add((item.place, item.rule))
                click.echo(_stale_line(item, lang))
    if not seen:
        click.echo(
            {
                "es": f"Ninguna regla se comprobó hace más de {older_than} días.",
                "en": f"No rule was last checked more than {older_than} days ago.",
            }[lang]
        )


def _stale_line(item: Stale, lang: Language) -> str:
    if item.checked is None:
        age = {"es": "nunca comprobada", "en": "never checked"}[lang]
    else:
        day = write_date(item.checked, lang)
        age = {"es": f"comprobada el {day}, hace {item.days} días", "en": f"checked on {day}, {item.days} days ago"}[
            lang
        ]
    doubt = "" if item.verified else {"es": " · sin verificar", "en": " · unverified"}[lang]
    return f"{item.place}: {item.rule} · {item.title.to(lang)} · {age}{doubt} · {', '.join(item.sources)}"


def _source(pack: str) -> Path | str:
    """Return the path of a pack file, or the name of a shipped pack."""
    path = Path(pack)
    return path if path.suffix in {".yaml", ".yml"} or path.exists() else pack
