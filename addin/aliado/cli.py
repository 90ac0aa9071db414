"""The `aliado` command. Each subcommand imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from aliado import __version__


class Lazy(click.Group):
    """A group whose commands live in modules that are imported only when asked for."""

    def __init__(self, *, lazy: dict[str, tuple[str, str]], **settings: object) -> None:
        """lazy: command -> (module:attribute, one line of help)."""
        super().__init__(**settings)  # type: ignore[arg-type]
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were given."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        from importlib import import_module

        module, attribute = self._lazy[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their one-line helps, without importing them."""
        del ctx
        with formatter.section("Órdenes / Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._lazy.items()])


_COMMANDS = {
    "demo": ("aliado.commands.demo:demo", "Tres clientes de muestra, refrescados. / Three sample clients, refreshed."),
    "refresh": ("aliado.commands.refresh:refresh", "Refresca libros o carpetas. / Refresh workbooks or folders."),
    "new": (
        "aliado.commands.new:new",
        "Crea el libro vacío de un cliente. / Make a client's empty workbook.",
    ),
    "import": (
        "aliado.commands.import_:import_",
        "Añade filas de CSV a un libro. / Add rows of CSV files to a workbook.",
    ),
    "portfolio": (
        "aliado.commands.portfolio:portfolio",
        "La cartera de todos los clientes. / The board over all clients.",
    ),
    "transplant": (
        "aliado.commands.transplant:transplant",
        "Copia las hojas de un libro en otro. / Copy the sheets of one workbook into another.",
    ),
    "verify": (
        "aliado.commands.verify:verify",
        "Prueba que nada del cliente se perdió. / Prove that nothing of the client's was lost.",
    ),
    "pdf": ("aliado.commands.pdf:pdf", "El panel de cada libro en PDF. / The panel of each workbook as PDF."),
    "reminders": (
        "aliado.commands.reminders:reminders",
        "Cartas y correos de cobro, en borrador. / Dunning letters and mails, as drafts.",
    ),
    "statement": (
        "aliado.commands.statement:statement",
        "Estado de cuenta de cada cliente. / Statement of account of each customer.",
    ),
    "adopt": ("aliado.commands.adopt:adopt", "Propone cómo leer un libro ajeno. / Propose how to read any workbook."),
    "rules": ("aliado.commands.rules:rules", "Comprueba y muestra reglas. / Check and show rule packs."),
    "addin": (
        "aliado.commands.addin:addin",
        "Instala y revisa el complemento de Excel. / Install and examine the Excel add-in.",
    ),
    "libreoffice": (
        "aliado.commands.libreoffice:libreoffice",
        "Funciones y botones en LibreOffice. / Functions and buttons in LibreOffice.",
    ),
}


@click.group(
    cls=Lazy,
    lazy=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Aliado: el aliado invisible del back office. / The invisible ally of the back office.",
)
@click.version_option(__version__, prog_name="aliado")
def aliado() -> None:
    """Run the aliado command."""


def main() -> None:
    """Run the command line; exit codes: 0 clean, 1 red findings, 2 something was not done or bad usage."""
    # numpy's linear algebra, unused here, would start a thread per processor: a tenth of a small refresh.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # a console that cannot show a character must not stop the work
            reconfigure(errors="replace")
    try:
        aliado(prog_name="aliado")
    except SystemExit as done:
        _leave(done)


def _leave(done: SystemExit) -> NoReturn:
    """End the process at once: all is written and closed, and taking apart what it read is a tenth of a small refresh."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # the reader of a pipe has gone: Python knows what to do
        raise done from None
    if done.code is None or isinstance(done.code, int):
        os._exit(done.code or 0)
    raise done
