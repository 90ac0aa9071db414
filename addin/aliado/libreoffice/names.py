"""Defined names of an open LibreOffice document, as xlwings asks for them."""

from __future__ import annotations

from typing import Any


class Names:
    """The names of a document and of its sheets; those of a sheet are written Sheet!Name, as in Excel."""

    api = None

    def __init__(self, book: Any) -> None:
        self._book = book

    def snapshot(self) -> list[tuple[str, Name]]:
        """Return every name with what it is called."""
        names = [Name(self._book, *found) for found in self._book.ask("names", self._book.number)]
        return [(name.name, name) for name in names]

    def __len__(self) -> int:
        return len(self.snapshot())

    def __call__(self, key: str) -> Name:
        """Return the name that is called so."""
        return next(name for called, name in self.snapshot() if called == key)

    def contains(self, key: str) -> bool:
        """Return whether there is such a name."""
        return any(called == key for called, _ in self.snapshot())

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name for the whole document."""
        self._book.ask("set_name", self._book.number, name, refers_to)
        return Name(self._book, name, refers_to, "")


class Name:
    """A defined name as it was found. scope: the sheet that it belongs to, "" for the document."""

    def __init__(self, book: Any, name: str, refers_to: str, scope: str) -> None:
        self._book, self._name, self._refers_to, self._scope = book, name, refers_to, scope
        self.api = _NameApi(book, name)

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self._scope}!{self._name}" if self._scope else self._name

    @property
    def refers_to(self) -> str:
        """What it refers to, in Excel's grammar."""
        return self._refers_to

    @refers_to.setter
    def refers_to(self, text: str) -> None:
        self._book.ask("set_name", self._book.number, self._name, text, self._scope)
        self._refers_to = text

    def delete(self) -> None:
        """Remove it."""
        self._book.ask("delete_name", self._book.number, self._name, self._scope)


class _NameApi:
    """What is asked of Excel's own object: whether the name shows in lists; it is only ever set."""

    def __init__(self, book: Any, name: str) -> None:
        self._book, self._name = book, name

    def _show(self, shows: bool) -> None:
        self._book.ask("hide_name", self._book.number, self._name, not shows)

    Visible = property(None, _show)
