"""Aliado: the invisible ally of the back office."""

__version__ = "0.1.0"
