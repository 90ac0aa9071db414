"""Run the command line: python -m aliado."""

from aliado.cli import main

main()
