"""Rule packs: laid over one another, checked as a whole, compiled, and never trusted."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.errors import AliadoError, PackError
from aliado.formula.compile import Formula
from aliado.formula.registry import STANDARD
from aliado.formula.values import Kind
from aliado.language import Text
from aliado.rules.models import Duration
from aliado.rules.packs import check_pack, find_pack, load_pack, shipped_pack_for, shipped_packs
from aliado.rules.show import show_pack

HEAD = "pack: mine\nextends: base\nversion: 1.0.0\ntitle: Mine\n"
ROOT = "pack: root\nversion: 1\ntitle: Root\n"
TABLE = """
tables:
  sales:
    title: Sales
    key: number
    fields:
      number: {type: text, names: [Invoice]}
      total: {type: money, names: [Total]}
      due: {type: date, names: [Due]}
"""


@pytest.fixture
def write(tmp_path):
    def make(text, name="mine.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return make


def codes(path):
    return [p.code for p in check_pack(path)]


def only_problem(path):
    found = check_pack(path)
    assert len(found) == 1, [p.to("en") for p in found]
    return found[0]


# --- inheritance


def test_a_child_states_only_what_changes(write):
    pack = load_pack(write(HEAD + "flags:\n  AR-001: {severity: red}\nkpis:\n  AR-DSO: {target: 50, amber: 60}\n"))
    base = load_pack("base")
    assert pack.flags["AR-001"].severity == "red"
    assert pack.flags["AR-001"].title == base.flags["AR-001"].title
    assert (pack.kpis["AR-DSO"].target, pack.kpis["AR-DSO"].amber, pack.kpis["AR-DSO"].red) == (50, 60, 70)
    assert [used.name for used in pack.chain] == ["base", "mine"]
    assert all(len(used.sha256) == 64 for used in pack.chain)


@pytest.mark.parametrize("section", ["owners", "flags", "tables"])
def test_a_section_left_empty_hides_nothing_of_what_it_inherits(write, section):
    assert only_problem(write(HEAD + f"{section}:\n")).code == "P010"


def test_a_decimal_comma_in_braces_is_recognised(write):
    problem = only_problem(write(HEAD + "params:\n  umbral: {type: money, value: 1,5, title: x}\n"))
    assert problem.code == "P011"
    assert "coma" in problem.hint.es
    assert "comma" in problem.hint.en


def test_synonyms_add_up_and_other_lists_are_replaced(write):
    pack = load_pack(
        write(
            HEAD
            + "tables:\n  invoices:\n    fields:\n      total: {names: [Importe bruto]}\n"
            + "flags:\n  IN-003: {of: [number]}\n"
        )
    )
    assert {"Total", "Importe bruto"} <= set(pack.tables["invoices"].fields["total"].names)
    assert pack.flags["IN-003"].of == ("number",)


def test_a_child_that_says_values_drops_the_parents_value(write):
    pack = load_pack(write(HEAD + "params:\n  dias_gracia: {values: {2026-01-01: {value: 5}}}\n"))
    param = pack.params["dias_gracia"]
    assert param.at(date(2025, 12, 31)) is None
    assert param.at(date(2026, 1, 1)) == 5


def test_a_child_that_says_when_drops_the_parents_levels(write):
    pack = load_pack(write(HEAD + "flags:\n  AR-010: {when: '=[@Saldo]>0', severity: red}\n"))
    flag = pack.flags["AR-010"]
    assert flag.when is not None
    assert flag.value is None
    assert flag.levels == ()


def test_dated_parameters_hold_from_their_day_on():
    rate = load_pack("ec").params["iva_general"]
    assert rate.at(date(2024, 3, 31)) == Decimal("0.12")
    assert rate.at(date(2024, 4, 1)) == Decimal("0.15")
    assert rate.at(date(2010, 1, 1)) is None
    assert rate.kind is Kind.NUMBER


def test_formats_of_a_table_fall_back_on_the_packs(write):
    pack = load_pack(
        write(HEAD + "formats: {date: dd/mm/yyyy, decimal: ','}\ntables:\n  bank: {formats: {date: mm/dd/yyyy}}\n")
    )
    assert (pack.tables["invoices"].formats.date, pack.tables["invoices"].formats.decimal) == ("dmy", ",")
    assert (pack.tables["bank"].formats.date, pack.tables["bank"].formats.decimal) == ("mdy", ",")


def test_a_switch_off_and_an_exception_end_on_their_day(write):
    pack = load_pack(
        write(
            HEAD
            + "flags:\n  IN-002: {off: {reason: two tills, by: partner, until: 2027-03-31}}\n"
            + "exceptions:\n  EX-1: {rules: ['AR-*'], table: invoices, when: '=[@Cliente]=\"A\"', reason: r, by: b, until: 2027-03-31}\n"
        )
    )
    off, exception = pack.flags["IN-002"].off, pack.exceptions["EX-1"]
    assert off.holds(date(2027, 3, 31))
    assert not off.holds(date(2027, 4, 1))
    assert exception.holds(date(2027, 3, 31))
    assert not exception.holds(date(2027, 4, 1))
    assert isinstance(exception.when, Formula)


# --- where extends may lead


def test_a_chain_of_firm_and_client_is_read(write):
    write(HEAD.replace("mine", "firm") + "params:\n  dias_gracia: {value: 3}\n", "rules/firm.yaml")
    client = write(HEAD.replace("extends: base", "extends: ../firm.yaml"), "rules/clients/c.yaml")
    pack = load_pack(client)
    assert [used.name for used in pack.chain] == ["base", "firm", "mine"]
    assert pack.params["dias_gracia"].at(date(2026, 1, 1)) == 3


@pytest.mark.parametrize(
    ("extends", "code"),
    [
        ("../../outside.yaml", "P044"),
        ("/etc/outside.yaml", "P043"),
        ("C:\\\\outside.yaml", "P043"),
        ("..\\\\outside.yaml", "P043"),
        ("https://example.org/x.yaml", "P043"),
        ("~/x.yaml", "P043"),
        ("../secret.txt", "P043"),
        ("../missing.yaml", "P045"),
        ("bsae", "P040"),
    ],
)
def test_extends_never_leads_outside_the_rules_folder(write, extends, code):
    write(ROOT, "outside.yaml")
    path = write(HEAD.replace("extends: base", f'extends: "{extends}"'), "rules/clients/c.yaml")
    assert only_problem(path).code == code


def test_extends_does_not_follow_a_link_out_of_the_folder(write, tmp_path):
    write(ROOT, "outside.yaml")
    path = write(HEAD.replace("extends: base", "extends: inside.yaml"), "rules/c.yaml")
    (tmp_path / "rules" / "inside.yaml").symlink_to(tmp_path / "outside.yaml")
    assert only_problem(path).code == "P044"


def test_the_folder_with_aliado_yaml_counts_as_rules_folder(write):
    write(HEAD.replace("mine", "firm"), "Clientes/aliado.yaml")
    path = write(HEAD.replace("extends: base", "extends: ../aliado.yaml"), "Clientes/ACME/2026.aliado.yaml")
    assert [used.name for used in load_pack(path).chain] == ["base", "firm", "mine"]


def test_a_circle_is_an_error(write):
    write(HEAD.replace("extends: base", "extends: b.yaml"), "rules/a.yaml")
    write(HEAD.replace("extends: base", "extends: a.yaml"), "rules/b.yaml")
    problem = check_pack(Path(write("", "rules/x.yaml")).with_name("a.yaml"))
    assert [p.code for p in problem] == ["P041"]


def test_an_unknown_pack_is_an_error_with_a_hint():
    with pytest.raises(PackError) as stop:
        load_pack("ecc")
    assert "ec" in stop.value.problems[0].hint.en


# --- problems


@pytest.mark.parametrize(
    ("text", "code", "line", "hint"),
    [
        ("flgas: {}\n", "P011", 5, "flags"),
        ("flags:\n  AR-001: {sverity: red}\n", "P011", 6, "severity"),
        ("flags:\n  AR-001: {severity: rojo}\n", "P004", 6, "amber"),
        ("flags:\n  AR-0O1: {severity: red}\n", "P008", 6, "AR-0"),
        ("flags:\n  AR-001: {owner: cobro}\n", "P020", 6, "cobros"),
        ("flags:\n  AR-001: {source: POL-COBRO}\n", "P020", 6, "POL-COBROS"),
        ("flags:\n  AR-001: {table: invoice}\n", "P020", 6, "invoices"),
        ("flags:\n  AR-001:\n    when: =[@Sald]>0\n", "F201", 7, "Saldo"),
        ("flags:\n  IN-001: {by: [numbr]}\n", "P020", 6, "number"),
        ("flags:\n  AR-001: {message: '{Facturra} vencida'}\n", "P022", 6, "Factura"),
        ("flags:\n  AR-001: {message: 'vencida {'}\n", "P023", 6, "{Customer}"),
        ("flags:\n  AR-001: {off: {reason: x, by: y}}\n", "P008", 6, "until"),
        ("flags:\n  AR-001: {when: '=[@Saldo]>0', check: gap, of: number}\n", "P007", 6, "keep one"),
        ("kpis:\n  AR-DSO: {target: 80}\n", "P035", None, "better: lower"),
        ("kpis:\n  AR-DSO: {amber: '55,5'}\n", "P004", 6, "point"),
        ("params:\n  dias_gracia: {value: tres}\n", "P004", 6, None),
        ("params:\n  x: {title: X, type: percent, value: 15}\n", "P024", 6, "15%"),
        ("sources:\n  S: {title: x, kind: law, checked: 2026-02-30}\n", "P004", 6, "a day that exists"),
        ("tables:\n  invoices:\n    fields:\n      order: {names: [Saldo]}\n", "P025", 8, "map"),
        ("tables:\n  invoices:\n    map: {totl: x}\n", "P020", 7, "total"),
        ("tables:\n  invoices:\n    map: {paid_on: x}\n", "P026", 7, None),
        ("tables:\n  invoices:\n    map: {total: x, base: X}\n", "P027", 7, "formula"),
        ("tables:\n  invoices:\n    map:\n      total: =[@A] - ([@B]\n", "F1", 8, None),
        ("alerts:\n  AL: {on: ['XX-*'], from: red, to: owner, every: day}\n", "P020", 6, None),
        ("exceptions:\n  E: {rules: [AR-999], table: invoices, when: '=[@Saldo]>0', reason: r, by: b, until: 2027-01-01}\n", "P020", 6, None),
        ("exceptions:\n  E: {rules: [AR-001], table: invoices, when: '=[@Saldo]>0', reason: r}\n", "P008", 6, None),
        ("documents:\n  AR-001: {title: t, expires: {never: true}, severity: red}\n", "P046", 6, None),
        ("documents:\n  D: {title: t, expires: {field: expiry}, severity: red}\n", "P020", 6, "expiry_date"),
        ("documents:\n  D: {title: t, expires: {after: 3 moons}, severity: red}\n", "P004", 6, None),
        ("obligations:\n  O: {title: t, every: month, due: {day: 32}, if_holiday: next, severity: red}\n", "P004", 6, None),
        ("obligations:\n  O: {title: t, every: month, due: {months_after: 1}, if_holiday: next, severity: red}\n", "P008", 6, None),
        ("obligations:\n  O: {title: t, every: month, due: {by_digit: {of: tax_id, position: 9, days: {1-8: 10, 9: 5}}}, if_holiday: next, severity: red}\n", "P031", 6, "ten"),
        ("obligations:\n  O: {title: t, every: month, due: {by_digit: {of: tax_id, position: 9, days: {0-9: 10, 9: 5}}}, if_holiday: next, severity: red}\n", "P030", 6, None),
        ("obligations:\n  O: {title: t, every: quarter, due: {day: 20, by_period: {5: {day: 30}}}, if_holiday: next, severity: red}\n", "P032", 6, "1 to 4"),
        ("obligations:\n  O: {title: t, every: year, due: {on: [02-30]}, if_holiday: next, severity: red}\n", "P004", 6, None),
        ("tasks:\n  T: {title: t, every: month, steps: {a: {title: a, due: 1 day, after: [b]}, b: {title: b, due: 1 day}}}\n", "P036", 6, "in order"),
        ("flags:\n  AR-001: {valid: {from: 2026-02-01, to: 2026-01-01}}\n", "P021", 6, None),
        ("title: {es: Mío}\n", "Y017", 5, None),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_place_with_what_to_do(write, text, code, line, hint):
    found = check_pack(write(HEAD + text))
    assert len(found) == 1, [p.to("en") for p in found]
    assert found[0].code.startswith(code), found[0].to("en")
    problem = found[0]
    if line:
        assert problem.file.endswith("mine.yaml")
        assert problem.line == line
    if hint:
        assert hint in problem.hint.en
    assert problem.message.es != problem.message.en


def test_problems_of_every_file_come_at_once_and_sorted(write):
    write(HEAD.replace("mine", "firm") + "params:\n  dias_gracia: {value: tres}\nwrong: 1\n", "rules/firm.yaml")
    path = write(
        HEAD.replace("extends: base", "extends: firm.yaml")
        + "flags:\n  AR-001: {severity: rojo}\n  AR-020:\n    when: =FOO()\n",
        "rules/a.yaml",
    )
    found = check_pack(path)
    assert [(Path(p.file).name, p.line, p.code[0]) for p in found] == [
        ("a.yaml", 6, "P"),
        ("a.yaml", 8, "F"),
        ("firm.yaml", 6, "P"),
        ("firm.yaml", 7, "P"),
    ]


def test_a_value_that_a_child_replaces_is_still_checked(write):
    write(HEAD.replace("mine", "firm") + "flags:\n  AR-001: {severity: rojo}\n", "rules/firm.yaml")
    path = write(
        HEAD.replace("extends: base", "extends: firm.yaml") + "flags:\n  AR-001: {severity: red}\n", "rules/a.yaml"
    )
    assert Path(only_problem(path).file).name == "firm.yaml"


def test_a_problem_reads_as_one_line_in_both_languages(write):
    problem = only_problem(write(HEAD + "flags:\n  AR-001: {severity: rojo}\n"))
    assert problem.to("es").endswith(
        'mine.yaml:6:22: P004 "rojo": se esperaba una de: info, amber, red -> se admiten: amber, info, red'
    )
    assert problem.to("en").endswith(
        'mine.yaml:6:22: P004 "rojo": expected one of: info, amber, red -> allowed: amber, info, red'
    )


def test_a_formula_cut_by_a_comment_gets_the_hint(write):
    problem = only_problem(write(HEAD + 'flags:\n  AR-001:\n    when: =Y([@Saldo]>0; [@Estado]<>"n #b")\n'))
    assert problem.code.startswith("F")
    assert '" #"' in problem.hint.en


@pytest.mark.parametrize(
    ("written", "column"),
    [("    when: =[@Nada]>0", 11), ("    when: '=[@Nada]>0'", 12), ("    when: |\n      =[@Nada]>0", 7)],
)
def test_a_formulas_mistake_is_placed_inside_the_formula(write, written, column):
    path = write(HEAD + f"flags:\n  AR-001:\n{written}\n")
    problem = only_problem(path)
    assert problem.line == 7 + ("|" in written)
    assert problem.column == column + 1


def test_a_root_pack_of_ones_own_needs_no_base(write):
    text = ROOT + TABLE + "flags:\n  X: {title: t, table: sales, when: '=[@Total]>1', severity: red}\n"
    pack = load_pack(write(text))
    assert list(pack.tables) == ["sales"]
    assert isinstance(pack.flags["X"].when, Formula)


def test_an_obligation_without_a_profile_table_is_told_what_is_missing(write):
    text = (
        ROOT
        + "obligations:\n  O: {title: t, for: '=[@Tipo]=1', every: month, due: {day: 1}, if_holiday: none, severity: red}\n"
    )
    problem = only_problem(write(text))
    assert problem.code == "P037"
    assert "extends: base" in problem.hint.en


def test_formulas_may_call_only_the_functions_given(write):
    path = write(ROOT + TABLE + "flags:\n  X: {title: t, table: sales, when: '=ALIADO_DSO(sales)>1', severity: red}\n")
    assert [p.code for p in check_pack(path, functions=STANDARD)] == ["F203"]
    assert "F203" not in [p.code for p in check_pack(path)]


# --- typed content


def test_messages_hold_canonical_names(write):
    pack = load_pack(
        write(
            HEAD
            + "flags:\n  AR-010: {message: {es: '{nº FACTURA}: {valor} {nivel} {acción}', en: '{Invoice No.}: {value} {label} {dias_gracia}'}}\n"
        )
    )
    assert pack.flags["AR-010"].message == Text(
        "{number}: {value} {label} {action}", "{number}: {value} {label} {dias_gracia}"
    )


def test_durations_are_read_in_both_languages(write):
    pack = load_pack(
        write(HEAD + "documents:\n  D: {title: t, expires: {after: 12 meses}, renew: 3 días hábiles, severity: red}\n")
    )
    assert pack.documents["D"].expires.after == Duration(12, "months")
    assert pack.documents["D"].renew == Duration(3, "business_days")


def test_digit_ranges_spread_out():
    rule = load_pack("mx").obligations["MX-IVA-M"].due.digit
    assert rule.add_business_days == {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4, 9: 5, 0: 5}
    assert (rule.position, rule.day) == (6, 17)


def test_yearly_tables_hold_dates_by_period_and_digit(write):
    text = (
        "pack: mine\nextends: pe\nversion: 1.0.0\ntitle: Mine\nobligations:\n  PE-IGV-M:\n    due:\n      digit: {of: tax_id, position: last}\n"
        "      table:\n        2019-01: {by_digit: {0: 2019-02-14, 2-3: 2019-02-18}, source: PE-RS-306}\n"
    )
    due = load_pack(write(text)).obligations["PE-IGV-M"].due
    assert due.table["2019-01"].by_digit == {0: date(2019, 2, 14), 2: date(2019, 2, 18), 3: date(2019, 2, 18)}
    assert due.table_digit.position == "last"


def test_the_scope_of_formulas_knows_headings_in_any_language_and_the_clients_own(write):
    pack = load_pack(write(HEAD + "tables:\n  invoices:\n    map: {total: Importe raro}\n"))
    scope = pack.formula_scope("invoices")
    find = scope.tables["invoices"].find
    assert (find("Saldo"), find("open BALANCE"), find("Importe raro"), find("days_overdue")) == (
        "balance",
        "balance",
        "total",
        "days_overdue",
    )
    assert scope.table == "invoices"
    assert scope.find_table("Facturas emitidas") == "invoices"
    assert scope.find_parameter("tolerancia") == "tolerancia"


# --- finding packs


def test_the_pack_beside_the_workbook_wins_then_the_nearest_above(write, tmp_path):
    book = tmp_path / "a" / "b" / "acme.xlsx"
    assert find_pack(book) is None or tmp_path not in find_pack(book).parents
    top = write(HEAD, "aliado.yaml")
    assert find_pack(book) == top
    near = write(HEAD, "a/b/aliado.yaml")
    assert find_pack(book) == near
    own = write(HEAD, "a/b/acme.aliado.yaml")
    assert find_pack(book) == own


def test_a_country_has_its_shipped_pack_or_none():
    assert shipped_pack_for("EC") == "ec"
    assert shipped_pack_for(" pe ") == "pe"
    assert shipped_pack_for("XX") is None
    assert shipped_pack_for("../base") is None
    assert "base" in shipped_packs()


# --- show


def test_show_says_where_each_value_came_from(write):
    path = write(HEAD + "flags:\n  AR-001: {severity: red}\n")
    shown = show_pack(load_pack(path), "AR-001")
    assert f"severity: red  # {path.as_posix()}:6" in shown
    assert "owner: cobros  # base.yaml:" in shown
    assert "AR-010" not in shown


def test_show_of_the_whole_pack_reads_back_as_the_same_pack(write):
    pack = load_pack("ec")
    text = show_pack(pack).replace("\nextends: base", "\n#")
    again = load_pack(write(text, "again.yaml"))
    assert {name: flag.message for name, flag in again.flags.items()} == {n: f.message for n, f in pack.flags.items()}
    assert again.tables["invoices"].fields == pack.tables["invoices"].fields
    assert again.obligations["EC-IVA-M"].due == pack.obligations["EC-IVA-M"].due


def test_show_of_an_unknown_id_offers_the_nearest():
    with pytest.raises(AliadoError, match="AR-0"):
        show_pack(load_pack("base"), "AR-0O1")


# --- nothing that a pack says is a traceback


def _trees(text):
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  texts only


def _paths(tree, here=()):
    yield here
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from _paths(value, (*here, key))


_ODD = st.sampled_from(
    [
        "",
        "x",
        "=",
        "=1+",
        "=[@Saldo]>0",
        "-1",
        "99999999999",
        "2026-02-30",
        "{",
        "{}",
        "*",
        "AR-*",
        [],
        {},
        ["x"],
        [["x"]],
        {"x": "y"},
        {"es": "a"},
        {"0-9": "3"},
        {"5-2": "3"},
    ]
)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_change_to_a_pack_gives_a_pack_or_problems(tmp_path_factory, data):
    name = data.draw(st.sampled_from(["ec", "mx", "es", "pe", "firm-example"]))
    text = (Path(__file__).parents[1] / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
    tree = _trees(text)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([p for p in _paths(tree) if p]))
        node = tree
        for key in path[:-1]:
            node = node[key]
        how = data.draw(st.sampled_from(["replace", "delete", "rename"]))
        if how == "replace":
            node[path[-1]] = data.draw(_ODD)
        elif how == "delete":
            del node[path[-1]]
        elif isinstance(node, dict):
            node[data.draw(st.sampled_from(["x", "=", "9", "2026-13", "AR-001", "tables"]))] = node.pop(path[-1])
    file = tmp_path_factory.mktemp("rules") / "fuzzed.yaml"
    file.write_text(yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for problem in check_pack(file):
        assert problem.to("es")
        assert problem.line >= 1
        assert problem.column >= 1


@pytest.mark.parametrize("other", ["AR-010", "AP-001"])
def test_a_flag_is_of_one_matter_only_with_another_of_its_table(write, other):
    (found,) = check_pack(write(HEAD + f"flags:\n  AR-010: {{same_matter_as: {other}}}\n"))
    assert found.code == "P056"
