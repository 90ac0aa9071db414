"""State that travels with the workbook: notes, first-seen dates, history and changes, whatever people did in between."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import report_samples as samples
from aliado.language import same
from aliado.report import words
from aliado.report.alert_log import AlertId, Event, at_end_of, compare, first_seen, identify, record
from aliado.report.alerts import HEADER_ROW, MARK, NOTES
from aliado.report.donor import SHEETS, render
from aliado.report.state import State, read_state
from aliado.report.timeline import read_timeline
from aliado.rules.assessment import Assessment, Finding
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from aliado.workbook.sheet import Sheet
from aliado.workbook.transplant import plan_names, transplant
from builders import open_workbook

JULY, AUGUST, SEPTEMBER, OCTOBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)


def finding(key="F-1", severity="amber", row=2, rule="AR-010", label="1-30", balance="100.00", value="5") -> Finding:
    return Finding(
        rule=rule,
        title=same(f"Regla {rule}"),
        table="invoices",
        sheet="Facturas",
        row=row,
        cell=f"A{row}",
        key=key,
        severity=severity,
        message=same(f"{key} vencida"),
        values={"balance": balance, "value": value},
        label=label,
    )


def client(as_of: date, *findings: Finding, base: Assessment | None = None) -> Assessment:
    return replace(base or samples.tiny(), as_of=as_of, findings=tuple(findings))


class Book:
    """A client's workbook that is refreshed and edited: our sheets go through the package each time."""

    def __init__(self) -> None:
        book = openpyxl.Workbook()
        book.active.title = "Facturas"
        out = BytesIO()
        book.save(out)
        self.data = out.getvalue()

    def refresh(self, assessment: Assessment, language="es") -> State:
        package = read_package(self.data)
        state = self.state()
        names = plan_names(package, {role: title.to(language) for role, title in SHEETS.items()})
        donor = render(assessment, language=language, names=names, version="1", state=state)
        self.data = transplant(package, donor, names)
        return self.state()

    def sheets(self) -> list[Sheet]:
        return read_sheets(read_package(self.data))

    def state(self) -> State:
        return read_state(self.sheets())

    def sheet(self, role: str) -> Sheet:
        return next(sheet for sheet in self.sheets() if sheet.role == role)

    def edit(self, change) -> None:
        """Change the workbook in another program, which writes every part its own way."""
        book = open_workbook(BytesIO(self.data))
        change(book)
        out = BytesIO()
        book.save(out)
        self.data = out.getvalue()

    def write_note(self, key, note, sheet="Alertas") -> None:
        def write(book):
            page = book[sheet]
            row = next(row for row in range(HEADER_ROW + 2, page.max_row + 1) if page.cell(row, 4).value == key)
            page.cell(row, NOTES + 1).value = note

        self.edit(write)

    def notes(self) -> dict[str, object]:
        """Return key -> note as Alertas shows them."""
        sheet = self.sheet("alerts")
        rows = sheet.rows[HEADER_ROW + 2 - sheet.first_row :]
        return {row[3]: row[NOTES] for row in rows if row[NOTES] not in ("", None)}


# Notes


def test_a_note_comes_back_beside_the_same_alert_when_rows_moved():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1", row=2), finding("F-2", row=3)))
    book.write_note("F-2", "Promete pagar el viernes")
    book.refresh(client(OCTOBER, finding("F-0", row=2), finding("F-1", row=3), finding("F-2", row=9)))
    assert book.notes() == {"F-2": "Promete pagar el viernes"}
    book.refresh(client(OCTOBER, finding("F-2", row=2, severity="red", label="31-60")))
    assert book.notes() == {"F-2": "Promete pagar el viernes"}


def test_the_note_of_a_closed_alert_is_kept_and_returns_with_it():
    book = Book()
    book.refresh(client(AUGUST, finding("F-1")))
    book.write_note("F-1", "En disputa")
    book.refresh(client(SEPTEMBER))
    assert book.notes() == {}
    assert any("En disputa" in row for row in book.sheet("changes").rows)
    book.refresh(client(OCTOBER))
    book.refresh(client(date(2026, 11, 30), finding("F-1", row=40)))
    assert book.notes() == {"F-1": "En disputa"}
    assert not any("En disputa" in row for row in book.sheet("changes").rows)


def test_a_kept_note_that_somebody_deletes_is_gone():
    book = Book()
    book.refresh(client(AUGUST, finding("F-1")))
    book.write_note("F-1", "x y z")
    book.refresh(client(SEPTEMBER))

    def delete(workbook):
        for row in workbook["Cambios"].iter_rows():
            for cell in row:
                if cell.value == "x y z":
                    cell.value = None

    book.edit(delete)
    book.refresh(client(OCTOBER, finding("F-1")))
    assert book.notes() == {}


def test_notes_survive_sorting_renaming_and_another_language():
    book = Book()
    book.refresh(client(OCTOBER, *(finding(f"F-{n}", row=n + 2) for n in range(6))))
    for n in (1, 4):
        book.write_note(f"F-{n}", f"nota {n}")

    def sort_and_rename(workbook):
        page = workbook["Alertas"]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=HEADER_ROW + 2)]
        random.Random(3).shuffle(rows)  # noqa: S311
        for number, row in enumerate(rows, HEADER_ROW + 2):
            for column, value in enumerate(row, 1):
                page.cell(number, column).value = value
        page.auto_filter.ref = None
        page.row_dimensions[HEADER_ROW + 3].hidden = True
        page.title = "Mis pendientes"

    book.edit(sort_and_rename)
    book.refresh(client(OCTOBER, *(finding(f"F-{n}", row=n + 2) for n in range(6))), language="en")
    assert book.notes() == {"F-1": "nota 1", "F-4": "nota 4"}
    book.refresh(client(OCTOBER, *(finding(f"F-{n}", row=n + 2) for n in range(6))))
    assert book.notes() == {"F-1": "nota 1", "F-4": "nota 4"}


def test_duplicates_each_keep_their_own_note():
    twice = (finding("F-1", row=2), finding("F-1", row=7))
    book = Book()
    book.refresh(client(OCTOBER, *twice))

    def write(workbook):
        page = workbook["Alertas"]
        marks = {page.cell(row, MARK + 1).value: row for row in range(HEADER_ROW + 2, page.max_row + 1)}
        page.cell(marks["invoices#2"], NOTES + 1).value = "la segunda"

    book.edit(write)
    state = book.refresh(client(OCTOBER, *reversed(twice)))
    assert state.notes == {AlertId("AR-010", "invoices", "F-1", 2): "la segunda"}
    shown = {alert.finding.row: alert.note for alert in read_timeline(client(OCTOBER, *twice), state).alerts}
    assert shown == {2: None, 7: "la segunda"}


def test_an_alert_keeps_its_note_when_a_second_one_of_its_rule_and_key_comes():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1", row=2)))
    book.write_note("F-1", "la primera")
    twice = (finding("F-1", row=2), finding("F-1", row=7))
    for _ in range(2):
        state = book.refresh(client(OCTOBER, *twice))
        shown = {alert.finding.row: alert.note for alert in read_timeline(client(OCTOBER, *twice), state).alerts}
        assert shown == {2: "la primera", 7: None}


def test_text_in_the_notes_column_beside_no_alert_is_kept():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))

    def write(workbook):
        workbook["Alertas"].cell(HEADER_ROW + 12, NOTES + 1).value = "llamar al banco"

    book.edit(write)
    for _ in range(3):
        book.refresh(client(OCTOBER, finding("F-1")))
        assert any("llamar al banco" in row for row in book.sheet("changes").rows)


def test_a_column_that_people_added_beside_the_notes_becomes_part_of_them():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))

    def write(workbook):
        page = workbook["Alertas"]
        page.cell(HEADER_ROW + 1, MARK + 2).value = "Quién llamó"
        page.cell(HEADER_ROW + 2, MARK + 2).value = "Ana"

    book.edit(write)
    book.refresh(client(OCTOBER, finding("F-1")))
    assert book.notes() == {"F-1": "Quién llamó: Ana"}


@pytest.mark.parametrize("note", ["=SUMA(A1)", "'007", "x" * 20_000, "dos\nlíneas", "http://a.b", 45, 12.5, True])
def test_a_note_keeps_what_it_is(note):
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))
    state = replace(book.state(), notes={AlertId("AR-010", "invoices", "F-1", 1): note})
    names = {role: title.es for role, title in SHEETS.items()}
    donor = render(client(OCTOBER, finding("F-1")), language="es", names=names, version="1", state=state)
    book.data = transplant(read_package(book.data), donor, names)
    before = book.data
    again = book.refresh(client(OCTOBER, finding("F-1")))
    assert again.notes == {AlertId("AR-010", "", "F-1", 1): note}
    assert book.data == before


def test_a_date_as_a_note_stays_a_date():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))
    book.write_note("F-1", date(2026, 11, 5))
    state = book.refresh(client(OCTOBER, finding("F-1")))
    assert list(state.notes.values()) == [date(2026, 11, 5)]


def test_notes_of_alerts_with_hostile_names_find_their_way_back():
    assessment = samples.hostile()
    ids = identify(assessment.findings)
    book = Book()
    book.refresh(assessment)
    wanted = {alert._replace(table=""): f"nota {number}" for number, alert in enumerate(ids)}
    names = {role: title.es for role, title in SHEETS.items()}
    donor = render(assessment, language="es", names=names, version="1", state=State(notes=wanted))
    book.data = transplant(read_package(book.data), donor, names)
    assert book.refresh(assessment).notes == wanted


# Runs and look backs


def test_refreshing_back_and_forth_gives_the_first_bytes():
    latest = client(OCTOBER, finding("F-1"), finding("F-2"))
    book = Book()
    book.refresh(latest)
    first = book.data
    for day in (SEPTEMBER, date(2026, 10, 12), JULY):
        book.refresh(client(day, finding("F-1", balance="300.00"), finding("F-9")))
        assert book.data != first
        book.refresh(latest)
        assert book.data == first


def test_a_note_written_during_a_look_back_stays():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))
    book.refresh(client(AUGUST, finding("F-1"), finding("F-8")))
    book.write_note("F-1", "uno")
    book.write_note("F-8", "ocho")
    book.refresh(client(OCTOBER, finding("F-1")))
    assert book.notes() == {"F-1": "uno"}
    book.refresh(client(AUGUST, finding("F-1"), finding("F-8")))
    assert book.notes() == {"F-1": "uno", "F-8": "ocho"}


def test_each_run_leaves_one_row_and_the_same_date_replaces_its_own():
    book = Book()
    for day in (JULY, AUGUST, OCTOBER):
        book.refresh(client(day))
    changed = replace(client(AUGUST), kpis=samples.make_kpis(dso="99.9", overdue="0", cei="100"))
    state = book.refresh(changed)
    assert [run.as_of for run in state.runs] == [JULY, AUGUST, OCTOBER]
    assert state.runs[1].kpis["AR-DSO"] == Decimal("99.9")
    assert state.runs[0].kpis["AR-DSO"] == state.runs[2].kpis["AR-DSO"] == Decimal("12.4")


def test_history_reads_back_exactly_what_was_written():
    assessment = samples.typical()
    book = Book()
    (run,) = book.refresh(assessment).runs
    assert run.as_of == assessment.as_of
    assert {kpi: value for kpi, value in run.kpis.items() if value is not None} == {
        kpi.id: kpi.value for kpi in assessment.kpis if kpi.value is not None
    }
    assert [(each.currency, each.bands, each.outstanding) for each in run.ageing] == [
        (each.currency, each.bands, each.outstanding) for each in assessment.ageing
    ]


def test_history_survives_sorting_and_another_language():
    book = Book()
    for day in (JULY, AUGUST, OCTOBER):
        book.refresh(replace(samples.typical(), as_of=day, findings=()))
    before = book.state().runs

    def sort(workbook):
        page = workbook["Historial"]
        rows = [row for row in range(1, page.max_row + 1) if page.cell(row, 2).value == "Actualización"]
        values = [[page.cell(row, column).value for column in range(1, 40)] for row in rows]
        for row, line in zip(rows, reversed(values), strict=True):
            for column, value in enumerate(line, 1):
                page.cell(row, column).value = value

    book.edit(sort)
    assert book.state().runs == before
    after = book.refresh(replace(samples.typical(), as_of=OCTOBER, findings=()), language="en")
    assert after.runs == before


def test_without_a_run_the_month_ends_before_are_asked_for():
    state = State()
    assert state.missing(OCTOBER)[-2:] == [AUGUST, SEPTEMBER]
    book = Book()
    book.refresh(client(SEPTEMBER))
    assert SEPTEMBER not in book.state().missing(OCTOBER)
    assert AUGUST in book.state().missing(OCTOBER)


def test_a_log_that_was_damaged_is_no_log():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))

    def damage(workbook):
        for row in workbook["Historial"].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("aliado.log"):
                    cell.value = cell.value[:-9]

    book.edit(damage)
    assert book.state().log == {}
    assert [run.as_of for run in book.state().runs] == [OCTOBER]


# First seen, changes


def test_an_alert_keeps_its_first_seen_date_until_it_closes():
    book = Book()
    book.refresh(client(JULY, finding("F-1")))
    book.refresh(client(AUGUST, finding("F-1", severity="red"), finding("F-2")))
    state = book.refresh(client(SEPTEMBER, finding("F-2")))
    timeline = read_timeline(client(OCTOBER, finding("F-1"), finding("F-2"), finding("F-3")), state)
    seen = {alert.finding.key: alert.first_seen for alert in timeline.alerts}
    assert seen == {"F-1": OCTOBER, "F-2": AUGUST, "F-3": OCTOBER}


def test_changes_compare_with_the_latest_run_of_an_earlier_date():
    book = Book()
    book.refresh(client(JULY, finding("gone"), finding("old")))
    book.refresh(
        client(
            AUGUST,
            finding("old"),
            finding("worse", severity="amber"),
            finding("better", balance="500.00"),
            finding("closes"),
            finding("same"),
        )
    )
    october = client(
        OCTOBER,
        finding("old"),
        finding("worse", severity="red"),
        finding("better", balance="200.00"),
        finding("same", value="99"),
        finding("fresh"),
    )
    for _ in range(2):
        timeline = read_timeline(october, book.state())
        assert timeline.since is not None
        assert timeline.since.as_of == AUGUST
        assert {(change.kind, change.alert.key) for change in timeline.changes} == {
            ("worse", "worse"),
            ("better", "better"),
            ("closed", "closes"),
            ("new", "fresh"),
        }
        book.refresh(october)


def test_a_level_passed_is_worse_even_where_the_severity_stays():
    book = Book()
    book.refresh(client(AUGUST, finding("F-1", label="1-30", value="20"), finding("F-2", label="31-60", value="40")))
    october = client(OCTOBER, finding("F-1", label="31-60", value="50"), finding("F-2", label="1-30", value="4"))
    changes = {c.alert.key: c.kind for c in read_timeline(october, book.state()).changes}
    assert changes == {"F-1": "worse", "F-2": "better"}


def test_repeating_a_middle_run_changes_nothing_of_the_later_ones():
    book = Book()
    book.refresh(client(JULY, finding("a")))
    book.refresh(client(AUGUST, finding("a"), finding("b")))
    book.refresh(client(OCTOBER, finding("b")))
    state = book.refresh(client(AUGUST, finding("c")))
    assert _standing(state, JULY) == {"a"}
    assert _standing(state, AUGUST) == {"c"}
    assert _standing(state, OCTOBER) == {"b"}


def test_the_first_refresh_says_that_there_is_nothing_to_compare_with():
    book = Book()
    book.refresh(client(OCTOBER, finding("F-1")))
    assert book.sheet("changes").rows[2][0] == words.SINCE_NOTHING.es
    timeline = read_timeline(client(OCTOBER, finding("F-1")), State())
    assert timeline.changes == ()
    assert timeline.since is None


def _standing(state: State, day: date) -> set[str]:
    events = {alert.key: at_end_of(events, day) for alert, events in state.log.items()}
    return {key for key, event in events.items() if event is not None and event.severity is not None}


DAYS = [JULY + timedelta(days=30 * n) for n in range(5)]
SNAPSHOTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["red", "amber"]), max_size=4)


@settings(max_examples=200)
@given(st.lists(SNAPSHOTS, min_size=5, max_size=5), st.lists(st.tuples(st.integers(0, 4), SNAPSHOTS), max_size=6))
def test_the_log_tells_every_run_as_it_was_last_made(first, repeats):
    """Runs are made in order, then some are repeated with other findings: each date keeps what its latest run said."""
    log: dict[AlertId, tuple[Event, ...]] = {}
    wanted = {}
    for number, snapshot in [*enumerate(first), *repeats]:
        day = DAYS[number]
        now = {AlertId("R", "t", key, 1): Event(day, severity) for key, severity in snapshot.items()}
        following = next((later for later in DAYS if later > day and later in wanted), None)
        log = record(log, day, now, following)
        assert record(log, day, now, following) == log
        wanted[day] = snapshot
    for day, snapshot in wanted.items():
        told = {alert.key: at_end_of(events, day) for alert, events in log.items()}
        assert {key: e.severity for key, e in told.items() if e is not None and e.severity} == snapshot
        assert all(first_seen(events, day) <= day for events in log.values())
    assert all(a.as_of < b.as_of for events in log.values() for a, b in itertools.pairwise(events))
    assert compare(log, DAYS[0], [], []) == []
