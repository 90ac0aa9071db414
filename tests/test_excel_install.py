"""The add-in is installed, examined and removed on stand-ins for Windows and Mac computers; Excel itself is not here."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlwings

from aliado.excel import install as installing
from aliado.excel.doctor import examine, write_report
from aliado.excel.install import RUN_KEY, RUN_NAME, SERVER_ID, InstallRefused, install, uninstall
from aliado.excel.machine import Machine, NoRegistry
from aliado.excel.settings import SettingsRefused, read_settings, write_settings
from aliado.resources import workbook_folder

DLL = f"xlwings64-{xlwings.__version__}.dll"
OFFICE = r"HKCU\Software\Microsoft\Office\16.0\Excel"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"


class FakeRegistry:
    def __init__(self):
        self.held = {}

    def read(self, key, name):
        return self.held.get((key.lower(), name.lower()))

    def values(self, key):
        return {name: value for (at, name), value in self.held.items() if at == key.lower()}

    def write(self, key, name, value):
        self.held[key.lower(), name.lower()] = value

    def delete(self, key, name):
        self.held.pop((key.lower(), name.lower()), None)


@pytest.fixture
def windows(tmp_path):
    """Return a Windows computer with Aliado in an environment of its own."""
    prefix = tmp_path / "Usuarios" / "José" / "aliado"
    (prefix / "Scripts").mkdir(parents=True)
    (prefix / "Scripts" / "python.exe").touch()
    (prefix / DLL).touch()
    home = tmp_path / "Usuarios" / "José"
    return Machine(
        "win32", home, home / "AppData" / "Roaming", prefix / "Scripts" / "python.exe", prefix, FakeRegistry()
    )


@pytest.fixture
def mac(tmp_path):
    python = tmp_path / "venv" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.touch()
    return Machine("darwin", tmp_path, tmp_path, python, tmp_path / "venv", NoRegistry(), "utf-8")


def read_as_vba(path, encoding):
    """Read a settings file as VBA's `Input #` does: two quoted values a line."""
    return dict(csv.reader(path.read_bytes().decode(encoding).splitlines()))


def wrong(machine):
    return [check.name.en for check in examine(machine) if not check.ok]


def test_on_windows_the_addin_goes_where_excel_starts_from_and_the_settings_to_the_users_folder(windows):
    written = install(windows)
    assert [path.relative_to(windows.home).as_posix() for path in written] == [
        "AppData/Roaming/Microsoft/Excel/XLSTART/Aliado.xlam",
        ".aliado/aliado.conf",
    ]
    assert written[0].read_bytes() == (workbook_folder() / "Aliado.xlam").read_bytes()
    settings = read_as_vba(written[1], "cp1252")
    assert settings == {"INTERPRETER_WIN": str(windows.interpreter), "USE UDF SERVER": "True"}
    assert wrong(windows) == []


def test_installing_twice_is_installing_once(windows):
    install(windows)
    before = {path: path.read_bytes() for path in install(windows)}
    assert {path: path.read_bytes() for path in before} == before


def test_a_logon_server_is_started_by_windows_and_named_in_the_settings(windows):
    install(windows, server=True)
    command = windows.registry.read(RUN_KEY, RUN_NAME)
    assert command.startswith(f'"{windows.interpreter}" -P -c ')
    assert SERVER_ID in command
    assert read_settings(windows)["SERVER"] == SERVER_ID
    install(windows)
    assert windows.registry.read(RUN_KEY, RUN_NAME) is None
    assert "SERVER" not in read_settings(windows)


def test_on_a_mac_the_script_that_excel_may_run_comes_along(mac):
    addin, settings, script = install(mac)
    assert addin.as_posix().endswith("User Content.localized/Startup.localized/Excel/Aliado.xlam")
    assert settings.as_posix().endswith("Library/Containers/com.microsoft.Excel/Data/aliado.conf")
    assert script.parent.name == "com.microsoft.Excel"
    assert wrong(mac) == []
    with pytest.raises(InstallRefused, match="Windows only"):
        install(mac, server=True)


@pytest.mark.parametrize("kind", ["windows", "mac"])
def test_uninstalling_leaves_nothing(kind, request):
    machine = request.getfixturevalue(kind)
    before = {path for path in machine.home.rglob("*") if path.is_file()}
    install(machine, server=kind == "windows")
    removed = uninstall(machine)
    assert len(removed) == (2 if kind == "windows" else 3)
    assert {path for path in machine.home.rglob("*") if path.is_file()} == before
    assert machine.registry.read(RUN_KEY, RUN_NAME) is None
    assert uninstall(machine) == []


def test_where_there_is_no_excel_that_is_said(tmp_path):
    linux = Machine("linux", tmp_path, tmp_path, tmp_path / "python", tmp_path, NoRegistry())
    with pytest.raises(InstallRefused, match="aliado refresh"):
        install(linux)
    assert "aliado refresh" in write_report(examine(linux), "es")


def test_an_open_excel_is_named_as_the_reason(windows, monkeypatch):
    def locked(self, _data):
        raise PermissionError(13, "in use", str(self))

    monkeypatch.setattr(Path, "write_bytes", locked)
    with pytest.raises(InstallRefused, match="Close Excel"):
        install(windows)


def test_a_missing_template_is_said(windows, monkeypatch, tmp_path):
    monkeypatch.setattr(installing, "workbook_folder", lambda: tmp_path)
    with pytest.raises(InstallRefused, match="Reinstall"):
        install(windows)


def test_settings_that_excel_could_not_read_are_refused(windows):
    with pytest.raises(SettingsRefused, match="日"):
        write_settings(windows, {"INTERPRETER_WIN": "C:\\日本\\python.exe"})
    with pytest.raises(SettingsRefused, match="quotes"):
        write_settings(windows, {"INTERPRETER_WIN": 'C:\\"x"\\python.exe'})
    assert not windows.settings.exists()


def test_settings_come_from_the_users_folder_alone(windows, tmp_path, monkeypatch):
    client = tmp_path / "Cliente"
    client.mkdir()
    for name in ("aliado.conf", "xlwings.conf", "myaddin.conf"):
        (client / name).write_text('"INTERPRETER_WIN","C:\\malo\\python.exe"\n', encoding="utf-8")
    monkeypatch.chdir(client)
    assert read_settings(windows) == {}
    install(windows)
    assert read_settings(windows)["INTERPRETER_WIN"] == str(windows.interpreter)


def test_before_installing_the_doctor_says_to_install(windows):
    report = write_report(examine(windows), "es")
    assert "✗ Complemento: no está en" in report
    assert "aliado addin install" in report


@pytest.mark.parametrize(
    ("harm", "name", "cure"),
    [
        (lambda m: m.addin.write_bytes(b"old"), "Add-in", "aliado addin install"),
        (lambda m: m.interpreter.unlink(), "Python", "aliado addin install"),
        (lambda m: (m.prefix / DLL).rename(m.prefix / "xlwings64-0.30.0.dll"), "Bridge library", "uv tool install"),
        (lambda m: m.registry.write(OFFICE + r"\Security", "VBAWarnings", 4), "Trust Center", "Macro Settings"),
        (
            lambda m: m.registry.write(OFFICE + r"\Security\Trusted Locations", "AllLocationsDisabled", 1),
            "Trust Center",
            "Trusted Locations",
        ),
        (lambda m: Path(f"{m.addin}:Zone.Identifier").touch(), "Mark of the Web", "Unblock"),
        (
            lambda m: m.registry.write(
                OFFICE + r"\Resiliency\DisabledItems", "1A", b"\1\0" + "c:\\Aliado.xlam".encode("utf-16-le")
            ),
            "Disabled add-ins",
            "Disabled Items",
        ),
        (
            lambda m: m.registry.write(
                r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",
                "",
                r"C:\Program Files\WindowsApps\x\excel.exe",
            ),
            "Office edition",
            "office.com",
        ),
        (lambda m: m.registry.write(ASR, CHILDREN, "1"), "Processes started by Excel", "--server"),
    ],
)
def test_each_known_cause_is_named_with_its_cure(windows, harm, name, cure):
    install(windows)
    harm(windows)
    assert wrong(windows) == [name]
    [check] = [check for check in examine(windows) if not check.ok]
    assert cure in check.cure.en
    assert f"✗ {check.name.es}" in write_report([check], "es")


def test_a_logon_server_answers_the_rule_against_child_processes(windows):
    windows.registry.write(ASR, CHILDREN, "1")
    install(windows, server=True)
    assert wrong(windows) == []
    windows.registry.delete(RUN_KEY, RUN_NAME)
    assert wrong(windows) == ["Logon server"]


def test_another_version_of_xlwings_is_named(windows, monkeypatch):
    install(windows)
    monkeypatch.setattr(xlwings, "__version__", "9.9.9")
    assert "xlwings version" in wrong(windows)
    [check] = [check for check in examine(windows) if check.name.en == "xlwings version"]
    assert "9.9.9" in check.found.en


def test_books_in_the_cloud_are_spoken_of(windows):
    synced = Machine(
        windows.system,
        windows.home,
        windows.roaming,
        windows.interpreter,
        windows.prefix,
        windows.registry,
        environment={"OneDrive": "x"},
    )
    assert "rule pack" in write_report(examine(synced), "en")


def test_the_command_says_what_to_do_where_there_is_no_excel(monkeypatch, tmp_path):
    from click.testing import CliRunner

    from aliado.commands import addin as command

    linux = Machine("linux", tmp_path, tmp_path, tmp_path / "python", tmp_path, NoRegistry())
    monkeypatch.setattr(command, "this_machine", lambda: linux)
    for words in (["install"], ["install", "--server", "--lang", "en"], ["uninstall"], ["doctor"]):
        result = CliRunner().invoke(command.addin, words)
        assert result.exit_code == 2
        assert "aliado refresh" in result.output


def test_the_command_installs_and_then_finds_nothing_wrong(monkeypatch, windows):
    from click.testing import CliRunner

    from aliado.commands import addin as command

    monkeypatch.setattr(command, "this_machine", lambda: windows)
    assert "XLSTART" in CliRunner().invoke(command.addin, ["install"]).output
    doctor = CliRunner().invoke(command.addin, ["doctor", "--lang", "en"])
    assert doctor.exit_code == 0
    assert "✗" not in doctor.output
    assert "Aliado.xlam" in CliRunner().invoke(command.addin, ["uninstall"]).output
