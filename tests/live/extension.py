"""The extension put into a LibreOffice's own profile through its extension manager (unopkg refuses to work for root)."""

from __future__ import annotations

import sys
from pathlib import Path

from office import properties, run_office

from aliado.libreoffice.extension import build_extension


def install_extension(folder: Path) -> None:
    """Install the extension, for this interpreter, into the profile that `run_office(folder)` uses."""
    path = folder / "aliado.oxt"
    path.write_bytes(build_extension(sys.executable))
    with run_office(folder) as office:
        import unohelper
        from com.sun.star.task import XInteractionHandler
        from com.sun.star.ucb import XCommandEnvironment

        class Approve(unohelper.Base, XInteractionHandler):
            def handle(self, request):
                request.getContinuations()[0].select()

        class Environment(unohelper.Base, XCommandEnvironment):
            def getInteractionHandler(self):  # noqa: N802 -- UNO's name
                return Approve()

            def getProgressHandler(self):  # noqa: N802 -- UNO's name
                return None

        manager = office.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        manager.addExtension(path.as_uri(), (), "user", manager.createAbortChannel(), Environment())
        show_no_tips(office)


def show_no_tips(office) -> None:
    """Keep LibreOffice's tip of the day from covering what a test clicks on."""
    provider = office.service("com.sun.star.configuration.ConfigurationProvider")
    misc = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationUpdateAccess",
        properties(nodepath="/org.openoffice.Office.Common/Misc"),
    )
    misc.setPropertyValue("ShowTipOfTheDay", False)
    misc.setPropertyValue("FirstRun", False)
    misc.commitChanges()
