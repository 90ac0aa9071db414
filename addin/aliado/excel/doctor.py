"""What can keep the add-in from working, each cause looked at, with its cure."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlwings
from msgspec import Struct

from aliado.excel.install import RUN_KEY, RUN_NAME, SERVER_ID
from aliado.excel.machine import Machine
from aliado.excel.settings import INTERPRETER, SERVER, read_settings
from aliado.language import Language, Text
from aliado.resources import workbook_folder

_OFFICE = r"HKCU\Software\Microsoft\Office\16.0\Excel"
_POLICY = r"HKCU\Software\Policies\Microsoft\office\16.0\excel\security"
_CHILD_PROCESSES = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
_DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_BLOCKED = {"1", "6"}
"""Defender's rule in force: block, or warn."""


class Check(Struct, frozen=True):
    """One cause looked at. cure: None when there is nothing wrong, else what to do."""

    name: Text
    found: Text
    cure: Text | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.cure is None


def examine(machine: Machine) -> list[Check]:
    """Return every check that applies to this system, in the order in which they matter."""
    if machine.system not in INTERPRETER:
        return [Check(_SYSTEM, Text(machine.system, machine.system), _NO_EXCEL)]
    checks = [_addin(machine), _interpreter(machine), _version(machine)]
    if machine.system == "darwin":
        return [*checks, _script(machine)]
    return [
        *checks,
        _bridge(machine),
        _macros(machine),
        _mark_of_the_web(machine),
        _disabled(machine),
        _store(machine),
        _child_processes(machine),
        _server(machine),
        _one_drive(machine),
    ]


def write_report(checks: Sequence[Check], language: Language) -> str:
    """Return the checks as text, one line each, and the cure below what is wrong."""
    lines = []
    for check in checks:
        lines.append(f"{'✓' if check.ok else '✗'} {check.name.to(language)}: {check.found.to(language)}")
        if check.cure is not None:
            lines.append(f"    → {check.cure.to(language)}")
    return "\n".join(lines)


def _addin(machine: Machine) -> Check:
    name = Text("Complemento", "Add-in")
    if not machine.addin.exists():
        return Check(name, Text(f"no está en {machine.addin}", f"not at {machine.addin}"), _INSTALL)
    if machine.addin.read_bytes() != (workbook_folder() / "Aliado.xlam").read_bytes():
        return Check(name, Text("es de otra versión de Aliado", "it is of another version of Aliado"), _INSTALL)
    return Check(name, _same(machine.addin))


def _interpreter(machine: Machine) -> Check:
    name = Text("Python", "Python")
    given = read_settings(machine).get(INTERPRETER[machine.system], "")
    if not given:
        return Check(name, Text(f"falta en {machine.settings}", f"missing in {machine.settings}"), _INSTALL)
    if not Path(given).exists():
        return Check(name, Text(f"{given} ya no existe", f"{given} no longer exists"), _INSTALL)
    if Path(given) != machine.interpreter:
        return Check(
            name,
            Text(f"Excel usa {given}, no {machine.interpreter}", f"Excel uses {given}, not {machine.interpreter}"),
            _INSTALL,
        )
    return Check(name, _same(given))


def _version(machine: Machine) -> Check:
    """The add-in names xlwings' library by its version: another one is not found."""
    name = Text("Versión de xlwings", "xlwings version")
    wanted, present = _built_for(machine.addin), xlwings.__version__
    if wanted and wanted != present:
        found = Text(
            f"el complemento espera {wanted}; instalada {present}",
            f"the add-in expects {wanted}; installed is {present}",
        )
        cure = f"pip install xlwings=={wanted}"
        return Check(
            name,
            found,
            Text(
                f"{cure}, o actualice Aliado y ejecute «aliado addin install».",
                f"{cure}, or update Aliado and run “aliado addin install”.",
            ),
        )
    return Check(name, _same(present))


def _bridge(machine: Machine) -> Check:
    name = Text("Biblioteca de enlace", "Bridge library")
    given = read_settings(machine).get(INTERPRETER[machine.system])
    bits = "32" if _platform(machine) == "x86" else "64"
    wanted = f"xlwings{bits}-{_built_for(machine.addin) or xlwings.__version__}.dll"
    folders = [Path(given or machine.interpreter).parent, Path(given or machine.interpreter).parent.parent]
    for folder in folders:
        if (folder / wanted).exists():
            return Check(name, _same(folder / wanted))
    others = sorted(path.name for folder in folders if folder.is_dir() for path in folder.glob("xlwings*.dll"))
    shown = ", ".join(others)
    found = Text(
        f"falta {wanted} junto a Python" + (f" (hay {shown})" if shown else ""),
        f"{wanted} is missing beside Python" + (f" (there is {shown})" if shown else ""),
    )
    return Check(name, found, _REINSTALL_XLWINGS)


def _macros(machine: Machine) -> Check:
    name = Text("Centro de confianza", "Trust Center")
    registry = machine.registry
    for key, setting in ((_POLICY, "vbawarnings"), (_OFFICE + r"\Security", "VBAWarnings")):
        if str(registry.read(key, setting)) == "4":
            return Check(name, Text("las macros están prohibidas", "macros are forbidden"), _ALLOW_MACROS)
    for key in (_POLICY + r"\trusted locations", _OFFICE + r"\Security\Trusted Locations"):
        if str(registry.read(key, "alllocationsdisabled")) == "1":
            return Check(
                name,
                Text("las ubicaciones de confianza están desactivadas", "trusted locations are switched off"),
                _ALLOW_LOCATIONS,
            )
    return Check(name, Text("las macros de XLSTART están permitidas", "macros from XLSTART are allowed"))


def _mark_of_the_web(machine: Machine) -> Check:
    name = Text("Marca de Internet", "Mark of the Web")
    if Path(f"{machine.addin}:Zone.Identifier").exists():
        return Check(
            name,
            Text("el archivo viene de Internet y está bloqueado", "the file came from the Internet and is blocked"),
            _UNBLOCK,
        )
    return Check(name, Text("no la tiene", "none"))


def _disabled(machine: Machine) -> Check:
    name = Text("Complementos desactivados", "Disabled add-ins")
    items = machine.registry.values(_OFFICE + r"\Resiliency\DisabledItems").values()
    if any(b"a\0l\0i\0a\0d\0o\0" in bytes(item).lower() for item in items if isinstance(item, (bytes, bytearray))):
        return Check(
            name,
            Text("Excel desactivó Aliado tras un cierre inesperado", "Excel disabled Aliado after a crash"),
            _ENABLE,
        )
    return Check(name, Text("Aliado no está entre ellos", "Aliado is not among them"))


def _store(machine: Machine) -> Check:
    name = Text("Edición de Office", "Office edition")
    path = str(machine.registry.read(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "") or "")
    if "windowsapps" in path.lower():
        return Check(name, Text("Office de la Microsoft Store", "Office from the Microsoft Store"), _STORE)
    return Check(name, _same(path or "—"))


def _child_processes(machine: Machine) -> Check:
    name = Text("Procesos abiertos por Excel", "Processes started by Excel")
    rule = str(
        machine.registry.read(_DEFENDER, _CHILD_PROCESSES)
        or machine.registry.read(_DEFENDER, _CHILD_PROCESSES.lower())
        or "0"
    )
    if rule in _BLOCKED and read_settings(machine).get(SERVER) != SERVER_ID:
        return Check(name, Text("Defender los bloquea", "Defender blocks them"), _USE_SERVER)
    return Check(name, Text("permitidos, o no hacen falta", "allowed, or not needed"))


def _server(machine: Machine) -> Check:
    name = Text("Servidor al iniciar sesión", "Logon server")
    wanted = read_settings(machine).get(SERVER) == SERVER_ID
    command = str(machine.registry.read(RUN_KEY, RUN_NAME) or "")
    if wanted and SERVER_ID not in command:
        return Check(
            name, Text("Excel lo espera y no se inicia", "Excel expects it and it is not started"), _USE_SERVER
        )
    return Check(name, Text("se inicia con la sesión", "starts at logon") if wanted else Text("no se usa", "not used"))


def _one_drive(machine: Machine) -> Check:
    name = Text("OneDrive y SharePoint", "OneDrive and SharePoint")
    synced = any(key.lower().startswith("onedrive") for key in machine.environment)
    if not synced:
        return Check(name, Text("no se usa aquí", "not in use here"))
    return Check(
        name,
        Text(
            "un libro abierto desde la nube no tiene carpeta: no se busca un paquete de reglas a su lado; nómbrelo en la función (pack) o abra la copia local",
            "a workbook opened from the cloud has no folder: no rule pack is looked for beside it; name it in the function (pack) or open the local copy",
        ),
    )


def _script(machine: Machine) -> Check:
    name = Text("Permiso de Excel para Mac", "Permission of Excel for Mac")
    path = machine.scripts / f"xlwings-{xlwings.__version__}.applescript"
    return (
        Check(name, _same(path))
        if path.exists()
        else Check(name, Text(f"falta {path}", f"{path} is missing"), _INSTALL)
    )


def _platform(machine: Machine) -> str:
    return str(machine.registry.read(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform") or "x64")


def _built_for(addin: Path) -> str:
    """Return the version of xlwings that an add-in was built with, "" when it does not say."""
    try:
        with zipfile.ZipFile(addin) as package:
            found = re.search(rb"xlwings (\d[\w.]*)", package.read("docProps/core.xml"))
    except (OSError, KeyError, zipfile.BadZipFile):
        return ""
    return found[1].decode() if found else ""


def _same(value: object) -> Text:
    return Text(str(value), str(value))


_SYSTEM = Text("Sistema", "System")
_NO_EXCEL = Text("Aquí no hay Excel: use «aliado refresh».", "There is no Excel here: use “aliado refresh”.")
_INSTALL = Text("Cierre Excel y ejecute «aliado addin install».", "Close Excel and run “aliado addin install”.")
_REINSTALL_XLWINGS = Text(
    "Instale Aliado en un entorno propio (uv tool install aliado) y ejecute «aliado addin install». Con «pip install --user» la biblioteca queda lejos de Python.",
    "Install Aliado in an environment of its own (uv tool install aliado) and run “aliado addin install”. “pip install --user” puts the library far from Python.",
)
_ALLOW_MACROS = Text(
    "Archivo > Opciones > Centro de confianza > Configuración de macros: «Deshabilitar con notificación». Si lo fija su empresa, pida una excepción.",
    "File > Options > Trust Center > Macro Settings: “Disable with notification”. If your firm sets it, ask for an exception.",
)
_ALLOW_LOCATIONS = Text(
    "Archivo > Opciones > Centro de confianza > Ubicaciones de confianza: quite «Deshabilitar todas».",
    "File > Options > Trust Center > Trusted Locations: clear “Disable all”.",
)
_UNBLOCK = Text(
    "Propiedades del archivo > Desbloquear; o ejecute «aliado addin install», que escribe uno sin marca.",
    "File properties > Unblock; or run “aliado addin install”, which writes one without the mark.",
)
_ENABLE = Text(
    "Archivo > Opciones > Complementos > Administrar: Elementos deshabilitados > Ir: elija Aliado y habilítelo.",
    "File > Options > Add-ins > Manage: Disabled Items > Go: choose Aliado and enable it.",
)
_STORE = Text(
    "Esa edición aísla los complementos: instale Office desde office.com.",
    "That edition isolates add-ins: install Office from office.com.",
)
_USE_SERVER = Text(
    "Ejecute «aliado addin install --server», cierre la sesión y vuelva a entrar.",
    "Run “aliado addin install --server”, sign out and in again.",
)
