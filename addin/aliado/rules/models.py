"""What rule packs become once merged and checked: rules with compiled formulas, typed values and a place to point at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct, field

from aliado.formula.compile import Formula
from aliado.formula.values import Kind
from aliado.language import Text
from aliado.rules.assessment import Severity

ParamValue = Decimal | date | str | bool


class Where(NamedTuple):
    """A place in a rule file, 1-based."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Duration(Struct, frozen=True, gc=False):
    """A span of time. unit: days, business_days, weeks, months or years."""

    length: int
    unit: Literal["days", "business_days", "weeks", "months", "years"]


class Validity(NamedTuple):
    """The dates between which a rule counts, both included; None = open."""

    since: date | None = None
    until: date | None = None

    def includes(self, day: date) -> bool:
        """Return whether `day` lies within."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


ALWAYS = Validity()


class RuleSource(Struct, frozen=True, gc=False):
    """Where a rule comes from. checked: when somebody last looked; unverified: never seen at the source itself."""

    id: str
    title: Text
    kind: str
    urls: tuple[str, ...] = ()
    checked: date | None = None
    confidence: str = ""
    unverified: bool = False
    note: Text | None = None


class Owner(Struct, frozen=True, gc=False):
    """Who answers for a rule. email: None when the pack gives none."""

    id: str
    title: Text
    email: str | None = None


class Off(Struct, frozen=True, gc=False):
    """A rule switched off up to and including `until`: why, and who approved it."""

    reason: Text
    by: str
    until: date
    source: tuple[str, ...] = ()

    def holds(self, as_of: date) -> bool:
        """Return whether the switch still counts at `as_of`."""
        return as_of <= self.until


class Origin(NamedTuple):
    """Where one value of a parameter comes from. unverified: not seen at the source."""

    source: tuple[str, ...] = ()
    unverified: bool = False


class Param(Struct, frozen=True, gc=False):
    """A named value for formulas. values: (in force from, value), oldest first; date.min when it always held.

    source: of all its values together. origins: of each of the values: what it names itself, else what the parameter does.
    """

    id: str
    title: Text
    type: str
    kind: Kind
    values: tuple[tuple[date, ParamValue], ...]
    source: tuple[str, ...] = ()
    unverified: bool = False
    place: Where = Where("", 0, 0)
    origins: tuple[Origin, ...] = ()

    def at(self, day: date) -> ParamValue | None:
        """Return the value in force on `day`, None when none was yet."""
        found = None
        for since, value in self.values:
            if since > day:
                break
            found = value
        return found

    def origin_at(self, day: date) -> Origin:
        """Return where the value in force on `day` comes from."""
        found = Origin()
        for (since, _), origin in zip(self.values, self.origins, strict=False):
            if since > day:
                break
            found = origin
        return found._replace(unverified=found.unverified or self.unverified)


class Rule(Struct, frozen=True, eq=False, gc=False):
    """What every rule has: an id, a title, whose it is, where it comes from, and when it counts.

    off: switched off, with reason, approver and end. confidence: high, medium, low or "".
    unverified: not seen at the source, shown as "sin verificar".
    """

    id: str
    title: Text
    place: Where
    owner: Owner | None = None
    source: tuple[str, ...] = ()
    valid: Validity = ALWAYS
    off: Off | None = None
    confidence: str = ""
    unverified: bool = False
    note: Text | None = None


class Level(Struct, frozen=True, gc=False):
    """One step of a flag's value: reached when the value is greater than `over`. title: how its label reads."""

    over: Decimal
    label: str
    severity: Severity
    action: Text = Text("", "")
    title: Text = Text("", "")


class Related(Struct, frozen=True, gc=False):
    """Rows of another table that a flag rests on: those with the same value in field `match`, where `when` holds."""

    table: str
    match: str
    when: Formula | None = None


class Flag(Rule, frozen=True, eq=False, gc=False):
    """A rule that marks rows of a table: by a condition, by a value that falls into levels, or by a named check.

    Exactly one of when, value or check is given; for_ and where narrow the rows. message holds `{field}`
    placeholders with canonical field names, parameters, or value, label and action. levels: highest first.
    evidence: rows of another table to show with a finding. one_at_a_time: actions go up one level at a time, each
    after the one before was sent. same_matter_as: id of the flag that alarms for both where both mark a row.
    """

    table: str = ""
    severity: Severity | None = None
    for_: Formula | None = None
    when: Formula | None = None
    value: Formula | None = None
    levels: tuple[Level, ...] = ()
    check: str | None = None
    of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    params_at: Formula | None = None
    message: Text | None = None
    action: Text | None = None
    evidence: Related | None = None
    one_at_a_time: bool = False
    same_matter_as: str = ""


class Trend(Struct, frozen=True, gc=False):
    """When a KPI's own history calls for a warning. compare: what it is measured against; change: a fraction."""

    compare: str
    change: Decimal
    min_points: int = 4
    hold: Duration | None = None


class KpiRule(Rule, frozen=True, eq=False, gc=False):
    """An indicator: a formula that gives one figure, and the lines it is judged by.

    unit: days, %, index, money or count (% values are fractions). where keeps the rows that count. empty: what to say
    when there is no figure.
    """

    unit: str = "count"
    table: str | None = None
    where: Formula | None = None
    value: Formula | None = None
    params_at: Formula | None = None
    better: Literal["lower", "higher", "none"] = "none"
    target: Decimal | None = None
    amber: Decimal | None = None
    red: Decimal | None = None
    method: Text = Text("", "")
    trend: Trend | None = None
    empty: Text | None = None


class DigitRule(Struct, frozen=True, gc=False):
    """A due day that depends on one digit of a tax id; position counts digits only, 1 = first.

    position: a number, "last", or "last_before_check" (the one before the check digit). Exactly one of days
    (day of the month), business_days (n-th of the month), or day with add_business_days (n business days after
    that day of the month) is given; each maps all ten digits.
    """

    of: str
    position: int | Literal["last", "last_before_check"]
    days: Mapping[int, int] = {}
    business_days: Mapping[int, int] = {}
    day: int | None = None
    add_business_days: Mapping[int, int] = {}


class DatedPeriod(Struct, frozen=True, gc=False):
    """Dates set for one period: one for all, or one per digit of the tax id."""

    period: str
    day: date | None
    by_digit: Mapping[int, date]
    source: tuple[str, ...] = ()


class Due(Struct, frozen=True, gc=False):
    """When one period falls due.

    months_after: months from the period's last month to the month of the due date. One of day (1-31, at most the
    month's last, or "last"),
    business_day (n-th or "last" of that month), days_after (days from the period's end), on (month and day in
    the period's own year plus year_offset), digit, or table (period -> dates) is given.
    by_period: other rules for some periods of the year (4 = the fourth).
    """

    months_after: int = 1
    day: int | Literal["last"] | None = None
    business_day: int | Literal["last"] | None = None
    days_after: int | None = None
    on: tuple[tuple[int, int], ...] = ()
    year_offset: int = 0
    digit: DigitRule | None = None
    table: Mapping[str, DatedPeriod] | None = None
    table_digit: DigitRule | None = None
    by_period: Mapping[int, Due] = {}


NO_DUE = Due()


class Obligation(Rule, frozen=True, eq=False, gc=False):
    """Something to file each period. every: month, two_months, quarter, four_months, half_year, year, fiscal_year.

    if_holiday: next, previous, next_unless_month_ends or none. extensions: period -> dates that replace the rule.
    names: how a client's filings table may call it. remind: days before.
    """

    for_: Formula | None = None
    every: str = "month"
    due: Due = NO_DUE
    if_holiday: str = "next"
    extensions: Mapping[str, DatedPeriod] = field(default_factory=dict)
    remind: tuple[int, ...] = ()
    severity: Severity = "red"
    evidence: Text | None = None
    names: tuple[str, ...] = ()


class Expiry(Struct, frozen=True, gc=False):
    """When a document stops being valid: some time after its issue, or on the date in a field; neither = never."""

    after: Duration | None = None
    field: str | None = None


NEVER = Expiry()


class Document(Rule, frozen=True, eq=False, gc=False):
    """A document that a client must have. names: how the documents table may call it. remind: days before."""

    for_: Formula | None = None
    expires: Expiry = NEVER
    remind: tuple[int, ...] = ()
    renew: Duration | None = None
    severity: Severity = "red"
    evidence: Text | None = None
    names: tuple[str, ...] = ()


class Step(Struct, frozen=True, gc=False):
    """One step of a process: due so long after the period's end, once the steps in `after` are done.

    names: how the client's tasks may call it.
    """

    id: str
    title: Text
    due: Duration
    after: tuple[str, ...] = ()
    owner: Owner | None = None
    names: tuple[str, ...] = ()


class Process(Rule, frozen=True, eq=False, gc=False):
    """A recurring process and its steps. late: severity -> how late; hold: how long a step may wait unblamed."""

    every: str = "month"
    for_: Formula | None = None
    steps: tuple[Step, ...] = ()
    late: Mapping[str, Duration] = field(default_factory=dict)
    names: tuple[str, ...] = ()


class AlertRule(Struct, frozen=True, gc=False):
    """Who hears of what. on: rule ids, * allowed. to: an owner, or None for each rule's own."""

    id: str
    on: tuple[str, ...]
    since: Severity
    to: Owner | None
    every: str
    place: Where
    group_by: str | None = None
    escalate_after: Duration | None = None
    escalate_to: Owner | None = None


class RowException(Struct, frozen=True, gc=False):
    """Rows that some rules leave alone up to and including `until`: why, and who approved it."""

    id: str
    rules: tuple[str, ...]
    table: str
    when: Formula
    reason: Text
    by: str
    until: date
    place: Where
    source: tuple[str, ...] = ()

    def holds(self, as_of: date) -> bool:
        """Return whether the exception still counts at `as_of`."""
        return as_of <= self.until
