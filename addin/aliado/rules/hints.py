"""Words for messages: the nearest known name, and what was found, in quotes."""

from __future__ import annotations

from collections.abc import Iterable

from aliado.language import Text, fold


def did_you_mean(found: str, known: Iterable[str]) -> Text:
    """Return a hint with the nearest of the `known` words, or all of them."""
    from difflib import get_close_matches

    names = sorted(set(known))
    folded = {fold(n): n for n in names}
    near = get_close_matches(fold(found), folded, n=1, cutoff=0.6)
    listed = ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")
    if near and len(names) > 20:
        best = folded[near[0]]
        return Text(f"¿quiso decir {best}?", f"did you mean {best}?")
    if near:
        best = folded[near[0]]
        return Text(f"¿quiso decir {best}? Se admiten: {listed}", f"did you mean {best}? Allowed: {listed}")
    return Text(f"se admiten: {listed or '(nada)'}", f"allowed: {listed or '(nothing)'}")


def quote(text: str) -> str:
    """Return `text` in quotes on one line, cut where it is long."""
    line = " ".join(text.split())
    return f'"{line[:57]}..."' if len(line) > 60 else f'"{line}"'
