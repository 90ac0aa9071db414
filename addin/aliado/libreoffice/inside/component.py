"""The UNO component: custom functions for cells, and what the toolbar's buttons do. LibreOffice loads it by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.awt.MessageBoxType import ERRORBOX
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.uno import RuntimeException

from aliado.libreoffice.inside.helper import Helper, HelperFailed
from aliado.libreoffice.inside.host import Host

FUNCTIONS = "org.aliado.calc.Functions"
BUTTONS = "org.aliado.calc.Buttons"
PROTOCOL = "org.aliado.button:"

_PLACE = Path(__file__).resolve().parent
_METHODS: dict[str, str] = json.loads((_PLACE / "methods.json").read_text(encoding="utf-8"))
_ARRAYS = {name for name, result in _METHODS.items() if result == "array"}
_HELPER = Helper(_PLACE)


class Services(unohelper.Base, XServiceInfo):  # type: ignore[misc]
    """What every component says of itself."""

    names: tuple[str, ...] = ()

    def getImplementationName(self) -> str:  # noqa: N802 -- UNO's name
        """Return the component's name."""
        return self.names[0]

    def supportsService(self, name: str) -> bool:  # noqa: N802 -- UNO's name
        """Return whether the component does a service."""
        return name in self.names

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802 -- UNO's name
        """Return the services that it does."""
        return self.names


class Functions(Services, uno.getClass("org.aliado.calc.XFunctions")):  # type: ignore[misc]
    """The custom functions: a method for each of their names, put in below."""

    names = (FUNCTIONS,)

    def __init__(self, context: Any) -> None:
        self.context = context


def _method(name: str) -> Callable[..., Any]:
    def call(self: Functions, document: Any, *arguments: Any) -> Any:
        del self
        path = getattr(document, "URL", "")
        request = {
            "call": name,
            "arguments": arguments,
            "path": uno.fileUrlToSystemPath(path) if path.startswith("file:") else None,
        }
        try:
            found = _HELPER.ask(request)
        except HelperFailed as error:
            raise RuntimeException(str(error), None) from error
        if "error" in found:
            if found["error"] == "#N/A" and name not in _ARRAYS:
                return None  # LibreOffice's own way to say it, where a function gives one value
            raise RuntimeException(found["error"], None)
        value = found["value"]
        return tuple(map(tuple, value)) if isinstance(value, list) else value

    return call


for _name in _METHODS:
    setattr(Functions, _name, _method(_name))


class Buttons(Services, XInitialization, XDispatchProvider, XDispatch):  # type: ignore[misc]
    """The toolbar and the menu: each entry's address names its button."""

    names = (BUTTONS, "com.sun.star.frame.ProtocolHandler")

    def __init__(self, context: Any) -> None:
        self.context = context

    def initialize(self, arguments: Any) -> None:
        """Do nothing: the frame is not needed."""

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:  # noqa: N802 -- UNO's name
        """Return what does the work behind an address, None when the address is not ours."""
        del target, flags
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests: Any) -> Any:  # noqa: N802 -- UNO's name
        """Return the same for several."""
        return tuple(self.queryDispatch(item.FeatureURL, item.FrameName, item.SearchFlags) for item in requests)

    def dispatch(self, url: Any, arguments: Any) -> None:
        """Do what a button says, and return when it is done."""
        del arguments
        try:
            _HELPER.ask({"click": url.Path}, Host(self.context).answer)
        except HelperFailed as error:
            self._tell(f"Aliado no responde. Ejecute «aliado libreoffice doctor».\nAliado does not answer.\n\n{error}")

    def addStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802 -- UNO's name
        """Do nothing: the buttons are always there to be clicked."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802 -- UNO's name
        """Do nothing, as above."""

    def _tell(self, text: str) -> None:
        manager = self.context.ServiceManager
        toolkit = manager.createInstanceWithContext("com.sun.star.awt.Toolkit", self.context)
        frame = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context).getCurrentFrame()
        window = None if frame is None else frame.ContainerWindow
        toolkit.createMessageBox(window, ERRORBOX, 1, "Aliado", text).execute()


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 -- where UNO looks for it
g_ImplementationHelper.addImplementation(Functions, FUNCTIONS, Functions.names)
g_ImplementationHelper.addImplementation(Buttons, BUTTONS, Buttons.names)
