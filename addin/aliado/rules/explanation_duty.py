"""Why an obligation or a document is asked of the client, when it falls due, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from aliado.formula.explain import Explanation
from aliado.language import Text, same, write_date
from aliado.rules.compliance import applies, check_compliance
from aliado.rules.doubt import marked
from aliado.rules.explanation_formula import told
from aliado.rules.models import Document, Obligation
from aliado.rules.standing import Standing

PERIODS = 12
"""Periods of an obligation that are listed."""


def explain_duty(rule: Document | Obligation, standing: Standing) -> Iterator[Text]:
    """Yield whether the rule is for this client, and the periods or findings that follow."""
    profile = standing.tables.get("profile")
    if rule.for_ is not None:
        steps = []
        if profile is not None and len(profile):
            steps = Explanation(rule.for_, standing.data("profile")).steps(0)
        yield from told("  ", "for", rule.for_, steps, rule, standing)
    if not applies(rule, standing):
        yield Text("  NO ES PARA ESTE CLIENTE", "  NOT FOR THIS CLIENT")
        return
    yield Text("  es para este cliente", "  it is for this client")
    compliance = check_compliance(standing)
    if isinstance(rule, Obligation):
        yield from _due_dates(rule, standing)
        filings = [entry for entry in compliance.calendar if entry.obligation == rule.id]
        for entry in filings[-PERIODS:]:
            status = _STATUS[entry.status]
            said = Text(
                f"  {entry.period}: vence el {write_date(entry.due, 'es')} · {status.es}",
                f"  {entry.period}: due {write_date(entry.due, 'en')} · {status.en}",
            )
            yield said if entry.verified else marked(said)
    found = [finding for finding in compliance.findings if finding.rule == rule.id]
    for finding in found:
        yield Text(f"  SALTA: {finding.message.es}", f"  FIRES: {finding.message.en}")
    if not found:
        yield Text("  NO SALTA", "  DOES NOT FIRE")


def _due_dates(rule: Obligation, standing: Standing) -> Iterator[Text]:
    digit = rule.due.digit or rule.due.table_digit
    if digit is not None:
        position = digit.position
        yield Text(
            f"  según el dígito {position} de {standing.profile.tax_id or '(sin identificación)'}",
            f"  by digit {position} of {standing.profile.tax_id or '(no tax id)'}",
        )
    yield same(f"  if_holiday: {rule.if_holiday}")
    for period, extension in rule.extensions.items():
        source = ", ".join(extension.source)
        said = Text(f"  prórroga de {period} [{source}]", f"  extension of {period} [{source}]")
        yield said if standing.pack.seen(extension.source) else marked(said)


_STATUS = {
    "filed_on_time": Text("presentada a tiempo", "filed on time"),
    "filed_late": Text("presentada tarde", "filed late"),
    "overdue": Text("vencida", "overdue"),
    "due_soon": Text("vence pronto", "due soon"),
    "pending": Text("pendiente", "pending"),
    "unknown": Text("no se sabe", "not known"),
}
