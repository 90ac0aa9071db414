"""Compliance gaps: documents that are missing or run out, filings and steps that are due and not made."""

from __future__ import annotations

from msgspec import Struct, field

from aliado.formula.values import State
from aliado.language import Text, same
from aliado.rules.assessment import DocumentCheck, DocumentStatus, Filing, Finding, StepCheck, Unscheduled
from aliado.rules.documents import check_documents, look_up
from aliado.rules.filings import check_filings
from aliado.rules.flags import in_force, truth
from aliado.rules.models import Document, Obligation, Process
from aliado.rules.processes import check_processes
from aliado.rules.standing import Standing
from aliado.tables.schema import FieldType

SELDOM_GIVEN = frozenset({"region"})
"""Fields of the profile that matter to few clients: to leave one blank is no reason for a remark."""


class Compliance(Struct):
    """What is missing, the calendar, and the rows that these rules speak of (so that general flags need not).

    unscheduled: obligations that are not for this client, or whose date is not known. spoken_for: (table, worksheet row).
    """

    findings: list[Finding] = field(default_factory=list)
    calendar: list[Filing] = field(default_factory=list)
    documents: list[DocumentCheck] = field(default_factory=list)
    unscheduled: list[Unscheduled] = field(default_factory=list)
    steps: list[StepCheck] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    spoken_for: set[tuple[str, int]] = field(default_factory=set)


def check_compliance(standing: Standing) -> Compliance:
    """Return the compliance gaps of a client at the standing's date."""
    result = Compliance()
    wanted = [rule for rule in standing.pack.documents.values() if in_force(rule, standing.as_of)]
    check_documents([rule for rule in wanted if applies(rule, standing)], len(wanted), standing, result)
    _check_calendar(standing, result)
    processes = {
        name: rule
        for name, rule in standing.pack.tasks.items()
        if in_force(rule, standing.as_of) and applies(rule, standing)
    }
    check_processes(standing, processes, result)
    result.notes += _silent_profile(standing)
    result.calendar.sort(key=lambda item: (item.due, item.obligation, item.period))
    return result


def document_statuses(standing: Standing) -> list[DocumentStatus]:
    """Return how each document that is required of a client stands, none where it has no table of documents."""
    table = standing.tables.get("documents")
    if table is None:
        return []
    rules = (rule for rule in standing.pack.documents.values() if in_force(rule, standing.as_of))
    return [look_up(rule, table, standing).status for rule in rules if applies(rule, standing)]


def check_calendar(standing: Standing) -> Compliance:
    """Return what `check_compliance` says of filings, and nothing else."""
    result = Compliance()
    _check_calendar(standing, result)
    return result


def _check_calendar(standing: Standing, result: Compliance) -> None:
    obligations = [rule for rule in standing.pack.obligations.values() if not _switched_off(rule, standing)]
    check_filings([(rule, applies(rule, standing)) for rule in obligations], standing, result)


def _switched_off(rule: Obligation, standing: Standing) -> bool:
    return rule.off is not None and rule.off.holds(standing.as_of)


def applies(rule: Document | Obligation | Process, standing: Standing) -> bool:
    """Return whether a rule is for this client, by what its profile says; what it leaves blank says no more than a blank."""
    if rule.for_ is None:
        return True
    profile = standing.tables.get("profile")
    if profile is None or not len(profile):
        return False
    key = ("applies", rule.for_.node)
    said: bool | None = profile.memo.get(key) if rule.for_.node.timeless else None
    if said is None:
        said = profile.memo[key] = bool(truth(rule.for_.evaluate(standing.data("profile")), len(profile))[0][0])
    return said


def year_end_month(standing: Standing) -> int:
    """Return the month in which the client's fiscal year ends; 12 where the profile does not say."""
    return standing.year_end_month


def _silent_profile(standing: Standing) -> list[Text]:
    """Return one remark naming the profile's fields that rules ask for and the client's profile does not have."""
    profile = standing.tables.get("profile")
    rules: list[Document | Obligation] = [*standing.pack.documents.values(), *standing.pack.obligations.values()]
    asked: dict[str, list[str]] = {}
    for rule in rules:
        if rule.for_ is None or not in_force(rule, standing.as_of):
            continue
        for owner, name in sorted(rule.for_.uses):
            column = profile.columns.get(name) if profile is not None and len(profile) else None
            blank = column is None or isinstance(column.value(0), State)
            if (
                owner == "profile"
                and blank
                and name not in SELDOM_GIVEN
                and standing.pack.tables["profile"].fields[name].type is not FieldType.BOOL
            ):
                asked.setdefault(name, []).append(rule.id)
    if not asked:
        return []
    fields = standing.pack.tables["profile"].fields
    titles = [fields[name].title or same(name) for name in asked]
    ids = ", ".join(dict.fromkeys(rule for rules_of in asked.values() for rule in rules_of))
    return [
        Text(
            f"La ficha del cliente no dice {', '.join(title.es for title in titles)}: según lo que diga, podrían corresponderle {ids}.",
            f"The client profile does not say {', '.join(title.en for title in titles)}: depending on it, {ids} might apply.",
        )
    ]
