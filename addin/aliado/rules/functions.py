"""The one registry of domain functions: the same in a rule and in a cell."""

from __future__ import annotations

from aliado.formula.registry import STANDARD
from aliado.rules.functions_deadlines import DEADLINES
from aliado.rules.functions_office import OFFICE
from aliado.rules.functions_payables import PAYABLES
from aliado.rules.functions_receivables import RECEIVABLES

DOMAIN = (*RECEIVABLES, *PAYABLES, *OFFICE, *DEADLINES)
"""Aliado's own functions, beside Excel's."""

FUNCTIONS = STANDARD.extend(DOMAIN)
"""Every function that a rule may use."""
