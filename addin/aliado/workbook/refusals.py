"""Why a workbook is refused, said with what was found and the next step; and the checks that find out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook.namespaces import BINARY_TYPE, MAIN, STRICT_MAIN, WORKBOOK_TYPES

if TYPE_CHECKING:
    from aliado.workbook.package import Package

EMPTY = Text(
    "El archivo está vacío (0 bytes). Recupérelo de una copia o de la nube y vuelva a intentarlo.",
    "The file is empty (0 bytes). Restore it from a copy or from the cloud and try again.",
)
NOT_ZIP = Text(
    "No es un libro de Excel .xlsx o .xlsm (el archivo no es un zip). Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)».",
    "Not an Excel .xlsx or .xlsm workbook (the file is not a zip). Open it in Excel and save it as “Excel Workbook (.xlsx)”.",
)
ENCRYPTED = Text(
    "El libro está cifrado con contraseña. Quite la contraseña en Excel (Archivo > Información > Proteger libro > Cifrar con contraseña) y guárdelo.",
    "The workbook is encrypted with a password. Remove it in Excel (File > Info > Protect Workbook > Encrypt with Password) and save.",
)
OLD_XLS = Text(
    "Es un libro del formato antiguo .xls (Excel 97-2003). Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)».",
    "This is a workbook in the old .xls format (Excel 97-2003). Open it in Excel and save it as “Excel Workbook (.xlsx)”.",
)
OTHER_OLE = Text(
    "El archivo es de otro programa de Office o del formato antiguo, no un .xlsx. Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)».",
    "The file is from another Office program or in the old format, not an .xlsx. Open it in Excel and save it as “Excel Workbook (.xlsx)”.",
)
TRUNCATED = Text(
    "El archivo está incompleto: le falta el final (una descarga o copia interrumpida). Cópielo o descárguelo otra vez.",
    "The file is incomplete: its end is missing (an interrupted download or copy). Copy or download it again.",
)
ZIP_ENCRYPTED = Text(
    "El zip del libro tiene partes cifradas. Ábralo en Excel y guárdelo de nuevo sin contraseña.",
    "The workbook's zip has encrypted members. Open it in Excel and save it again without a password.",
)
ZIP_METHOD = Text(
    "El zip del libro usa una compresión que Excel no lee ({detail}). Ábralo en el programa que lo hizo y guárdelo como .xlsx.",
    "The workbook's zip uses a compression that Excel does not read ({detail}). Open it in the program that made it and save it as .xlsx.",
)
BROKEN = Text(
    "El archivo está dañado ({detail}). Ábralo en Excel, acepte la reparación, revise el contenido y guárdelo.",
    "The file is damaged ({detail}). Open it in Excel, accept the repair, check the contents and save it.",
)
ARCHIVE = {
    "not_zip": NOT_ZIP,
    "truncated": TRUNCATED,
    "encrypted": ZIP_ENCRYPTED,
    "method": ZIP_METHOD,
    "broken": BROKEN,
}
TOO_LARGE = Text(
    "El archivo ocupa {found} MB y el límite es {limit} MB. Divida el libro o quite imágenes y hojas que no use; o, si es de fiar, suba ALIADO_LIMITS.",
    "The file takes {found} MB and the limit is {limit} MB. Split the workbook or remove pictures and sheets not in use; or, if you trust it, raise ALIADO_LIMITS.",
)
TOO_MANY_PARTS = Text(
    "El libro tiene {found} partes y el límite es {limit}. No parece un libro hecho por Excel: revise de dónde viene (si es de fiar, suba ALIADO_LIMITS).",
    "The workbook has {found} parts and the limit is {limit}. It does not look made by Excel: check where it comes from (if you trust it, raise ALIADO_LIMITS).",
)
BOMB = Text(
    "La parte {part} ocuparía {found} MB descomprimida: parece un archivo hecho para agotar la memoria. Revise de dónde viene (si es de fiar, suba ALIADO_LIMITS).",
    "Part {part} would take {found} MB unpacked: it looks like a file made to exhaust memory. Check where it comes from (if you trust it, raise ALIADO_LIMITS).",
)
UNSAFE_NAME = Text(
    "La parte {part} tiene un nombre que sale del paquete. No parece un libro hecho por Excel: revise de dónde viene (si es de fiar, suba ALIADO_LIMITS).",
    "Part {part} has a name that leaves the package. It does not look made by Excel: check where it comes from (if you trust it, raise ALIADO_LIMITS).",
)
DUPLICATE = Text(
    "La parte {part} está dos veces en el archivo y no se sabe cuál vale. Ábralo en Excel y guárdelo de nuevo.",
    "Part {part} is in the file twice and there is no telling which counts. Open it in Excel and save it again.",
)
PART_MISSING = Text(
    "Al libro le falta la parte {part}. Ábralo en Excel, acepte la reparación y guárdelo.",
    "The workbook lacks the part {part}. Open it in Excel, accept the repair and save it.",
)
BAD_XML = Text(
    "La parte {part} no es XML válido ({detail}). Ábralo en Excel, acepte la reparación y guárdelo.",
    "Part {part} is not valid XML ({detail}). Open it in Excel, accept the repair and save it.",
)
UTF16 = Text(
    "La parte {part} está en UTF-16, que no se puede editar sin riesgo. Ábralo en Excel y guárdelo de nuevo.",
    "Part {part} is in UTF-16, which cannot be edited safely. Open it in Excel and save it again.",
)
NAMESPACE = Text(
    "La parte {part} usa un vocabulario desconocido ({detail}). Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)».",
    "Part {part} uses an unknown vocabulary ({detail}). Open it in Excel and save it as “Excel Workbook (.xlsx)”.",
)
NOT_A_WORKBOOK = Text(
    "El archivo es un zip pero no un libro de Excel. Compruebe que es el archivo correcto.",
    "The file is a zip but not an Excel workbook. Check that it is the right file.",
)
OPEN_DOCUMENT = Text(
    "Es un libro OpenDocument (.ods). Ábralo y guárdelo como «Libro de Excel (.xlsx)».",
    "This is an OpenDocument workbook (.ods). Open it and save it as “Excel Workbook (.xlsx)”.",
)
BINARY = Text(
    "Es un libro binario (.xlsb). Ábralo en Excel y guárdelo como «Libro de Excel (.xlsx)» o, con macros, .xlsm.",
    "This is a binary workbook (.xlsb). Open it in Excel and save it as “Excel Workbook (.xlsx)” or, with macros, .xlsm.",
)
SIGNED = Text(
    "El libro tiene firma digital y cualquier cambio la anularía. Trabaje sobre una copia sin firma (Archivo > Información > Ver firmas).",
    "The workbook is digitally signed and any change would void the signature. Work on an unsigned copy (File > Info > View Signatures).",
)
LOCKED = Text(
    "La estructura del libro está protegida y no admite hojas nuevas. Quite la protección (Revisar > Proteger libro) y guárdelo.",
    "The workbook's structure is protected and takes no new sheets. Unprotect it (Review > Protect Workbook) and save it.",
)
SHARED = Text(
    "Es un libro compartido con historial de cambios. Deje de compartirlo (Revisar > Compartir libro) y guárdelo.",
    "This is a shared workbook with a change history. Stop sharing it (Review > Share Workbook) and save it.",
)
LINK_TWICE = Text(
    "La parte {part} declara dos veces la relación {detail} y no se sabe cuál vale. Ábralo en Excel y guárdelo de nuevo.",
    "Part {part} declares the relationship {detail} twice and there is no telling which counts. Open it in Excel and save it again.",
)
NO_SHEETS = Text(
    "El libro no declara ninguna hoja. Ábralo en Excel, acepte la reparación y guárdelo.",
    "The workbook declares no sheet. Open it in Excel, accept the repair and save it.",
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_envelope(data: bytes) -> None:
    """Raise WorkbookRefused for what is no zip at all: nothing, or an OLE file (encrypted or old format)."""
    if not data:
        raise WorkbookRefused(EMPTY)
    if data[:8] != _OLE:
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise WorkbookRefused(ENCRYPTED)
    old = any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book"))
    raise WorkbookRefused(OLD_XLS if old else OTHER_OLE)


def foreign_package(package: Package) -> Text:
    """Return what to say of a zip that is no Open XML package."""
    is_open_document = "mimetype" in package and package.read("mimetype").startswith(
        b"application/vnd.oasis.opendocument.spreadsheet"
    )
    return OPEN_DOCUMENT if is_open_document else NOT_A_WORKBOOK


def check_workbook(package: Package) -> None:
    """Raise WorkbookRefused when the workbook part is not one that takes new sheets."""
    part = package.workbook_part
    content_type = package.content_type(part)
    if content_type == BINARY_TYPE:
        raise WorkbookRefused(BINARY)
    if content_type not in WORKBOOK_TYPES:
        raise WorkbookRefused(NOT_A_WORKBOOK)
    root = package.markup(part)
    if root.space not in (MAIN, STRICT_MAIN) or root.name != "workbook":
        raise WorkbookRefused(NAMESPACE.format(part=part, detail=root.space or root.name))
    protection = root.find("workbookProtection")
    if protection and protection.attributes.get("lockStructure", "0").strip() in ("1", "true"):
        raise WorkbookRefused(LOCKED)
    if package.related(part, "revisionHeaders"):
        raise WorkbookRefused(SHARED)
    sheets = root.find("sheets")
    if sheets is None or sheets.find("sheet") is None:
        raise WorkbookRefused(NO_SHEETS)
    seen: set[str] = set()
    for relationship in package.relationships(part):
        if relationship.id in seen:
            raise WorkbookRefused(LINK_TWICE.format(part=part, detail=relationship.id))
        seen.add(relationship.id)
