"""LibreOffice as the oracle: the same formulas in a real sheet and here give the same values (unknowns excepted)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import ClassVar

import numpy as np
import pytest
import xlsxwriter
from openpyxl import load_workbook

from aliado.formula.compile import compile_formula
from aliado.formula.data import Data
from aliado.formula.scope import Scope
from aliado.formula.values import Column, Kind, State, to_serial
from formula_cases import DATE, NUMBER, PLACE, TEXT, dates, numbers, table_scope, texts

TODAY = dt.date(2026, 11, 20)
SCOPE = Scope(
    {
        "sales": table_scope(
            number=(TEXT, []), customer=(TEXT, []), issued=(DATE, []), due=(DATE, []),
            net=(NUMBER, []), rate=(NUMBER, []), total=(NUMBER, []), status=(TEXT, []), ratio=(NUMBER, []),
        ),
        "people": table_scope(customer=(TEXT, []), limit=(NUMBER, []), since=(DATE, [])),
    },
    "sales",
)  # fmt: skip
ROWS = 8
RATIOS = np.array([1 / 3, 2 / 3, 0.1, 1.005 * 3 / 3, 2.675 / 1, -1.5, 1e-7, 123456.789])
SALES = {
    "number": texts("F-001", "F-002", "f-003", "G-10", "X*1", "a~b", "Ñ-7", "  sp  ace "),
    "customer": texts("Alfa", "ALFA", "Beta", "Gama", "beta", "Delta S.A.", "Álamo", "Zeta"),
    "issued": dates(
        "2026-01-31", "2026-02-28", "2024-02-29", "2025-12-31", "2026-07-15", "2026-11-20", "2026-11-21", "2020-03-01"
    ),
    "due": dates("2026-03-02", "2026-12-01", "2024-03-30", None, "2026-11-20", "2026-11-19", "2027-01-01", None),
    "net": numbers("33.50", 100, "-20.05", "0.01", 20000, "1234.56", "999999.99", 0),
    "rate": numbers("0.15", "0.12", "0.15", 0, "0.21", "0.15", "0.05", "0.15"),
    "total": numbers("38.53", 112, None, "0.01", 24200, "1419.74", "1049999.99", 0),
    "status": texts("Open", "paid", "PAID", None, "Void", "Open", "open ", "12"),
    "ratio": Column(Kind.NUMBER, RATIOS),
}
PEOPLE = {
    "customer": texts("Beta", "Alfa", "Zeta", "Delta S.A."),
    "limit": numbers(600, 115, None, "0.5"),
    "since": dates("2020-01-01", "2021-06-30", None, "2024-02-29"),
}
DATA = Data({"sales": SALES, "people": PEOPLE}, {"sales": ROWS, "people": 4}, "sales", {}, TODAY)


def formulas() -> list[str]:
    """Return the formulas that are compared, one value per row each.

    Left out, because Excel itself gives what we give and LibreOffice does not: 0^0 (#NUM!), TRUE&"" ("TRUE"),
    MROUND of different signs (#NUM!) and ROUNDUP(1E10/3,2) (…33.34).
    """
    plain = """
        -2^2 | 2^3^2 | 50%*2 | -50% | 2^-1 | 10-4-3 | 100/10/5 | 1+2*3^2 | --3 | 1/0 | 0/1 | (-8)^0.5 | 1&2="12" | "a"&1+1
        1=1.0 | "a"="A" | "a"<"B" | "Z">"a" | "10"="1"&"0" | FALSE=TRUE | 0.1+0.2=0.3 | 1.1-1-0.1=0 | (43.1-43.2)+1 | 1/3*3=1 | 0.1*3=0.3 | 1E15+0.5 | 1.5E-3*2
        [@net]*[@rate] | ROUND([@net]*[@rate],2) | [@net]+[@rate]-[@net] | [@net]/3 | [@net]/[@net] | [@net]^2 | [@ratio]*3 | [@ratio]=1/3 | [@net]>=100 | [@rate]=15%
        [@issued]+30 | [@issued]-[@issued] | TODAY()-[@issued] | [@issued]<TODAY() | [@issued]&"" | [@net]&"" | [@rate]&"|"&[@customer] | [@ratio]&""
        [@customer]="alfa" | [@customer]<>"ALFA" | [@customer]<"Beta" | [@customer]>="beta" | [@status]="" | [@status]="paid" | [@status]<>"" | [@due]="" | [@total]=""
        IF([@net]>100,"big","small") | IF([@status]="",1,2) | IF(FALSE,1/0,7) | IF([@net]>0,[@issued],[@issued]+1) | IFERROR(1/[@net],-1) | IFERROR([@net]/[@rate],0)
        IFS([@net]>1000,"a",[@net]>50,"b",TRUE,"c") | IFS([@net]>1000,1,[@net]>50,2) | SWITCH([@status],"paid",1,"open",2,0) | SWITCH([@rate],0.15,"x",0.12,"y") | CHOOSE(2,"a","b","c") | CHOOSE(4,"a","b")
        AND([@net]>0,[@rate]>0) | OR([@net]>1000,[@rate]=0) | NOT([@net]>0) | XOR([@net]>0,[@rate]>0.13) | AND([net]>-100) | OR([net]>1000000) | IFNA(XLOOKUP([@customer],people[customer],people[limit]),-1)
        ISBLANK([@status]) | ISBLANK([@due]) | ISBLANK([@net]) | ISERROR(1/[@net]) | ISNUMBER([@net]) | ISTEXT([@customer]) | ISNA(XLOOKUP([@customer],people[customer],people[customer])) | ISERROR(1/0) | ISNUMBER(SEARCH("a",[@customer]))
        SUM([net]) | SUM([total]) | SUM([net],1,2) | SUM([@net],[@total]) | AVERAGE([net]) | AVERAGE([total]) | COUNT([total]) | COUNT([due]) | COUNTA([status]) | COUNTBLANK([status]) | MAX([net]) | MIN([net]) | MAX([@net],0) | MIN([@net],[@rate]) | MAX([issued]) | MIN([due])
        MEDIAN([net]) | PERCENTILE([net],0.9) | PERCENTILE([net],0.25) | LARGE([net],2) | SMALL([net],2) | LARGE([net],9) | SUMPRODUCT([net],[rate]) | SUMPRODUCT(([rate]=0.15)*[net]) | SUMPRODUCT(--([net]>0)) | SUM([net])/COUNT([net])
        SUMIFS([net],[customer],"alfa") | SUMIFS([net],[customer],[@customer]) | SUMIFS([net],[customer],"?eta") | SUMIFS([net],[customer],"*a") | SUMIFS([net],[customer],"<>alfa") | SUMIFS([net],[net],">0") | SUMIFS([net],[net],">"&100) | SUMIFS([net],[issued],"<"&TODAY()) | SUMIFS([net],[issued],"<="&[@issued]) | SUMIFS([net],[due],"") | SUMIFS([net],[due],"<>") | SUMIFS([net],[customer],[@customer],[issued],"<="&[@issued])
        COUNTIFS([customer],"alfa") | COUNTIFS([status],"") | COUNTIFS([status],"<>") | COUNTIFS([status],"<>paid") | COUNTIFS([status],"paid",[net],">0") | COUNTIFS([number],"F*") | COUNTIFS([number],"?-???") | COUNTIFS([number],"x~*1") | COUNTIFS([number],"*-*") | COUNTIFS([rate],0.15) | COUNTIFS([rate],"0.15") | COUNTIFS([rate],"<>0.15") | COUNTIFS([net],[@net]) | COUNTIFS([issued],">"&[@issued]) | COUNTIF([rate],[@rate]) | COUNTIF([status],"open") | COUNTIFS([total],">=0") | COUNTIFS([customer],">b")
        SUMIF([net],">100") | SUMIF([customer],"beta",[net]) | AVERAGEIF([net],">100") | AVERAGEIFS([net],[customer],"beta") | AVERAGEIFS([net],[customer],"none") | MAXIFS([net],[customer],[@customer]) | MINIFS([net],[rate],0.15) | MAXIFS([issued],[customer],"beta") | MAXIFS([net],[customer],"none")
        XLOOKUP([@customer],people[customer],people[limit]) | XLOOKUP([@customer],people[customer],people[since],0) | XLOOKUP("beta",[customer],[net]) | XLOOKUP("beta",[customer],[net],0,0,-1) | XLOOKUP(100,[net],[customer]) | XLOOKUP(500,[net],[customer],"",-1) | XLOOKUP(500,[net],[customer],"",1) | XLOOKUP("?eta",[customer],[net],0,2) | XLOOKUP(DATE(2026,7,15),[issued],[number])
        LEN([@number]) | TRIM([@number]) | UPPER([@customer]) | LOWER([@customer]) | PROPER([@customer]) | LEFT([@customer],3) | LEFT([@customer]) | RIGHT([@customer],2) | RIGHT([@customer],0) | MID([@customer],2,3) | MID([@customer],20,3) | LEFT([@customer],-1) | LEN([@status]) | LEN([@net])
        FIND("a",[@customer]) | SEARCH("A",[@customer]) | SEARCH("b?t",[@customer]) | SEARCH("a",[@customer],3) | SUBSTITUTE([@number],"-","") | SUBSTITUTE([@customer],"a","xx",2) | REPLACE([@customer],2,2,"--") | REPT("ab",3) | REPT("ab",0) | EXACT([@customer],UPPER([@customer])) | CONCAT([@customer],"-",[@net]) | CONCATENATE("a",1) | TEXTJOIN(", ",TRUE,[@status],[@customer],"") | TEXTJOIN(",",FALSE,[@status],"x") | VALUE("12.5") | VALUE("15%") | VALUE("abc") | VALUE("-3")
        YEAR([@issued]) | MONTH([@issued]) | DAY([@issued]) | EDATE([@issued],1) | EDATE([@issued],-12) | EDATE([@issued],13) | EOMONTH([@issued],0) | EOMONTH([@issued],-1) | EOMONTH([@issued],3) | WEEKDAY([@issued]) | WEEKDAY([@issued],2) | WEEKDAY([@issued],3) | ISOWEEKNUM([@issued]) | DAYS(TODAY(),[@issued]) | DATE(2026,14,1) | DATE(2026,2,31) | DATE(2026,0,0) | DATE(YEAR([@issued]),MONTH([@issued])+1,0)
        WORKDAY([@issued],1) | WORKDAY([@issued],-1) | WORKDAY([@issued],10) | WORKDAY([@issued],0) | WORKDAY([@issued],5,people[since]) | NETWORKDAYS([@issued],TODAY()) | NETWORKDAYS(TODAY(),[@issued]) | NETWORKDAYS([@issued],[@issued]) | NETWORKDAYS([@issued],TODAY(),people[since]) | YEARFRAC([@issued],TODAY()) | YEARFRAC([@issued],TODAY(),2) | YEARFRAC([@issued],TODAY(),3) | YEARFRAC([@issued],TODAY(),4)
        DATEDIF([@issued],DATE(2026,11,21),"Y") | DATEDIF([@issued],DATE(2026,11,21),"M") | DATEDIF([@issued],DATE(2026,11,21),"D") | DATEDIF([@issued],DATE(2026,11,21),"YM") | DATEDIF([@issued],DATE(2026,11,21),"YD")
        ABS([@net]) | SIGN([@net]) | INT([@net]) | INT([@ratio]) | TRUNC([@net]) | TRUNC([@ratio],2) | MOD([@net],7) | MOD([@net],-7) | MOD(-3,2) | MOD(5,0) | QUOTIENT([@net],7) | QUOTIENT(5,0) | SQRT([@net]) | POWER([@rate],2) | PRODUCT([@net],[@rate],2) | MROUND(ABS([@net]),0.05) | CEILING([@net],10) | FLOOR([@net],10)
        TEXT([@issued],"yyyy-mm") | TEXT([@issued],"dd/mm/yyyy") | TEXT([@issued],"d mmmm yy") | TEXT([@net],"0.00") | TEXT([@net],"#,##0.00") | TEXT([@rate],"0%") | TEXT([@ratio],"0.0%") | TEXT([@net],"000") | TEXT(-0.5,"0")
        [@total]*2>100 | SUM([@total],1) | IF([@total]>0,1,2) | AND([@total]>0,FALSE) | OR([@total]>0,TRUE) | [@total]<>[@net]
    """
    listed = [item.strip() for line in plain.splitlines() for item in line.split(" | ") if item.strip()]
    amounts = [
        "1.005",
        "2.675",
        "-2.5",
        "0.285*100",
        "33.50*15%",
        "10.05/10",
        "1234.5678",
        "1E10/3",
        "-1/3",
        "0.5",
        "4.35*100",
    ]
    rounded = [
        f"{function}({amount},{digits})"
        for function, amount, digits in itertools.product(("ROUND", "ROUNDUP", "ROUNDDOWN"), amounts, (-2, 0, 1, 2, 5))
    ]
    rounded.remove("ROUNDUP(1E10/3,2)")
    cents = [
        f"ROUND([@{column}]*{rate}%,{digits})"
        for column, rate, digits in itertools.product(("net", "ratio"), (5, 12, 15, 21, "8.25"), (0, 1, 2, 3))
    ]
    words = [
        f'COUNTIFS([{column}],"{mark}{word}")'
        for column, mark, word in itertools.product(
            ("number", "customer"), ("", "<>"), ("*", "?*", "*a*", "beta", "~**", "F-0??", "a~~b", "*1")
        )
    ]
    return [*listed, *rounded, *cents, *words]


def in_sheet(formula: str, row: int) -> str:
    """Return a formula with column references turned into cell addresses of the test's sheets."""
    formula = re.sub(r"(people|sales)\[(\w+)\]", lambda found: _whole(found[1], found[2]), formula)
    formula = re.sub(r"\[@(\w+)\]", lambda found: f"{_letter('sales', found[1])}{row + 2}", formula)
    formula = re.sub(r"(?<![\w!])\[(\w+)\]", lambda found: _whole("sales", found[1]), formula)
    return formula.replace("TODAY()", "DATE(2026,11,20)")


def _letter(table: str, name: str) -> str:
    return chr(ord("A") + list(SCOPE.tables[table].fields).index(name))


def _whole(table: str, name: str) -> str:
    letter, last = _letter(table, name), (ROWS if table == "sales" else 4) + 1
    return f"{table}!${letter}$2:${letter}${last}"


def write_book(path: Path, texts_to_try: list[str]) -> None:
    """Write the tables and, below sheet "out", one column per formula."""
    with xlsxwriter.Workbook(str(path), {"use_future_functions": True}) as book:
        sheets = {name: book.add_worksheet(name) for name in ("sales", "people")}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, columns in (("sales", SALES), ("people", PEOPLE)):
            for index, (field, column) in enumerate(columns.items()):
                sheets[name].write(0, index, field)
                for row in range(len(column)):
                    write_cell(sheets[name], row + 1, index, column.value(row), day)
        for index, text in enumerate(texts_to_try):
            for row in range(ROWS):
                formula = in_sheet(text, row)
                if "AND([net]" in text or "OR([net]" in text or "SUMPRODUCT" in text:
                    sheets["sales"].write_array_formula(row + 1, 20 + index, row + 1, 20 + index, "{=" + formula + "}")
                else:
                    sheets["sales"].write_formula(row + 1, 20 + index, "=" + formula)


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, day: object) -> None:
    """Write one client value as a person would have typed it; blanks stay blank."""
    if isinstance(value, State):
        return
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, float(value))


def recalculated(path: Path, folder: Path) -> list[list[object]]:
    """Return the rows of sheet "sales" after LibreOffice has computed every formula."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>",
        encoding="utf-8",
    )
    out = folder / "out"
    command = ["soffice", f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--convert-to", "xlsx"]
    with (folder / "log").open("wb") as log:
        subprocess.run([*command, "--outdir", str(out), str(path)], check=True, stdout=log, stderr=log, timeout=240)
    book = load_workbook(out / path.name, data_only=True)
    return [list(row) for row in book["sales"].iter_rows(values_only=True)]


def plain(value: object) -> object:
    """Return a value of either side in common terms: numbers, texts, truths, "error"."""
    if value is None:
        return ""
    if isinstance(value, State):
        return "error" if value >= State.DIV0 else value
    if isinstance(value, dt.datetime):
        return float(to_serial(value.date()))
    if isinstance(value, dt.date):
        return float(to_serial(value))
    if isinstance(value, str) and value.startswith(("#", "Err:")):
        return "error"
    return float(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def agree(ours: object, theirs: object) -> bool:
    """Return whether both values are the same; numbers in twelve digits, as LibreOffice adds up in floats."""
    if isinstance(theirs, dt.time):  # the number 0 in a cell that LibreOffice formats as a date
        return ours == 0
    if isinstance(ours, bool) and theirs in (0.0, 1.0):  # a truth from a function newer than the file format
        return ours == theirs
    if isinstance(ours, float) and isinstance(theirs, float):
        if 0 < ours < 61 and theirs == ours + 1:  # read as a date of early 1900, whose leap day never was
            return True
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-9)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    return ours == theirs


class Sheetlike:
    """Makes well typed formulas over the test's columns that mean the same in Excel and LibreOffice."""

    LEAVES: ClassVar = {
        Kind.NUMBER: ["[@net]", "[@rate]", "[@ratio]", "0", "1", "3", "0.5", "15%", "100"],
        Kind.DATE: ["[@issued]", "TODAY()", "DATE(2026,2,28)", "DATE(2024,12,31)"],
        Kind.TEXT: ["[@customer]", "[@number]", '"Alfa"', '"a"', '"beta"'],
        Kind.BOOL: ["TRUE", "FALSE", "([@net]>0)"],
    }
    # N, D, T, B stand for a part of that kind, s for a small whole number.
    FORMS: ClassVar = {
        Kind.NUMBER: [
            "(N+N)", "(N-N)", "(N*N)", "(N/N)", "(N)%", "(D-D)", "ROUND(N,s)", "ROUNDUP(N,s)", "ROUNDDOWN(N,s)", "INT(N)",
            "ABS(N)", "MAX(N,N)", "MIN(N,N)", "SUM(N,N)", "IF(B,N,N)", "IFERROR(N,N)", "LEN(T)", "YEAR(D)", "MONTH(D)",
            "DAY(D)", "WEEKDAY(D,2)", "NETWORKDAYS(D,D)", "SUMIFS([net],[customer],T)", 'COUNTIFS([net],">"&ROUND(N,2))',
            'COUNTIFS([issued],"<="&D)', 'SUMIFS([net],[rate],[@rate],[issued],"<"&D)', 'IFERROR(FIND("a",T),0)',
            "XLOOKUP(T,[customer],[net],N)", "SIGN(N)", "MOD(N,3)", "MOD(N,-2)", 'MAXIFS([net],[issued],">"&D)',
        ],
        Kind.DATE: [
            "(D+s)", "EDATE(D,s)", "EOMONTH(D,s)", "WORKDAY(D,s)", "IF(B,D,D)", "MAX(D,D)", "DATE(YEAR(D),MONTH(D)+s,DAY(D))",
        ],
        Kind.TEXT: [
            "(T&T)", "(T&ROUND(N,2))", "LEFT(T,2)", "RIGHT(T,2)", "MID(T,2,2)", "UPPER(T)", "LOWER(T)", "PROPER(T)", "TRIM(T)",
            "SUBSTITUTE(T,T,T)", "IF(B,T,T)", 'TEXT(D,"yyyy-mm-dd")', 'TEXT(N,"0.00")', "SWITCH(T,T,T,T)",
        ],
        Kind.BOOL: ["(N<N)", "(N>=N)", "(N=N)", "(D<D)", "(D<>D)", "(T=T)", "(T<>T)", "([@customer]<T)", "AND(B,B)", "OR(B,B)", "NOT(B)", "EXACT(T,T)"],
    }  # fmt: skip

    def __init__(self, random: Random) -> None:
        self.random = random

    def formula(self, kind: Kind, depth: int) -> str:
        """Return one part of `kind`."""
        if depth == 0 or self.random.random() < 0.1:
            return self.random.choice(self.LEAVES[kind])
        kinds = {"N": Kind.NUMBER, "D": Kind.DATE, "T": Kind.TEXT, "B": Kind.BOOL}

        def filled(mark: re.Match[str]) -> str:
            return (
                self.random.choice(["0", "1", "2", "-1"]) if mark[0] == "s" else self.formula(kinds[mark[0]], depth - 1)
            )

        return re.sub(r"(?<![A-Za-z\[@])[NDTBs](?![A-Za-z\]])", filled, self.random.choice(self.FORMS[kind]))


def disagreements(listed: list[str], folder: Path) -> tuple[list[str], int]:
    """Return where the two sides differ, and how many values were compared."""
    write_book(folder / "oracle.xlsx", listed)
    rows = recalculated(folder / "oracle.xlsx", folder)
    differing, compared = [], 0
    for index, text in enumerate(listed):
        column = compile_formula("=" + text, SCOPE, place=PLACE).evaluate(DATA)
        for row in range(ROWS):
            ours = plain(column.value(row if len(column) > 1 else 0))
            theirs = plain(rows[row + 1][20 + index])
            if ours in (State.UNKNOWN, State.BLANK):
                continue
            compared += 1
            if not agree(ours, theirs):
                differing.append(f"{text} row {row}: ours {ours!r}, theirs {theirs!r}")
    return differing, compared


needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.mark.live
@needs_libreoffice
def test_a_real_spreadsheet_gives_the_same_values(tmp_path):
    listed = formulas()
    differing, compared = disagreements(listed, tmp_path)
    assert not differing, "\n".join(differing)
    assert len(listed) > 400
    assert compared > 3000


@pytest.mark.live
@needs_libreoffice
def test_a_real_spreadsheet_gives_the_same_values_for_generated_formulas(tmp_path):
    random = Random(2026)  # noqa: S311 - tests, not secrets
    maker = Sheetlike(random)
    listed = [maker.formula(random.choice(list(Kind)), random.randint(1, 3)) for _ in range(1000)]
    differing, compared = disagreements(listed, tmp_path)
    assert not differing, "\n".join(differing)
    assert compared > 6000
