"""Dates and the closed words of lists, in English and Spanish."""

from __future__ import annotations

import datetime
import re

from macros.imports.headings import plain
from macros.imports.sheets import Cell
from macros.model.records.applicability import Driver, Implementation

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})")

_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "x",
        "✓",
        "✔",
        "☑",
        "applicable",
        "included",
        "in scope",
        "applies",
        "si",
        "s",
        "verdadero",
        "aplica",
        "aplicable",
        "incluido",
        "incluida",
        "si aplica",
    ]
)
_NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "not applicable",
        "n a",
        "na",
        "excluded",
        "out of scope",
        "does not apply",
        "falso",
        "no aplica",
        "no aplicable",
        "excluido",
        "excluida",
        "✗",
        "✘",
    ]
)

_IMPLEMENTATION = {
    Implementation.IMPLEMENTED: (
        "implemented;fully implemented;yes;y;done;complete;completed;operational;in place;in operation;effective;implantado;implementado;"
        "implantada;implementada;si;completado;completo;operativo;totalmente implantado;totalmente implementado;x;1;100;✓;✔"
    ),
    Implementation.IN_PROGRESS: (
        "in progress;in process;partial;partially;partly;partially implemented;partly implemented;ongoing;under way;started;en curso;"
        "en progreso;parcial;parcialmente;parcialmente implantado;parcialmente implementado;en proceso;en implantacion;en implementacion;"
        "en desarrollo;iniciado"
    ),
    Implementation.PLANNED: (
        "planned;not implemented;not yet implemented;to do;no;n;pending;not started;open;planificado;planificada;previsto;prevista;"
        "no implantado;no implementado;pendiente;no iniciado;0"
    ),
    Implementation.NOT_APPLICABLE: "not applicable;n a;na;no aplica;no aplicable;excluded;excluido;not relevant",
    Implementation.UNCONFIRMED: "unconfirmed;not confirmed;unknown;to confirm;por confirmar;sin confirmar;desconocido",
}
_STATUS = {word: status for status, words in _IMPLEMENTATION.items() for word in words.split(";")}

_DRIVERS = {
    Driver.RISK: (
        "risk;risks;risk assessment;risk treatment;result of risk assessment;results of risk assessment;rra;ra;riesgo;riesgos;"
        "analisis de riesgos;evaluacion de riesgos;tratamiento de riesgos;apreciacion de riesgos"
    ),
    Driver.OBLIGATION: (
        "legal;law;laws;regulatory;regulation;statutory;legal requirement;legal requirements;legal obligation;obligation;lr;compliance;ley;"
        "leyes;normativa;normativo;regulatorio;requisito legal;requisitos legales;obligacion legal;obligacion;cumplimiento"
    ),
    Driver.CONTRACT: (
        "contract;contracts;contractual;contractual obligation;contractual requirement;customer;co;contrato;contratos;"
        "obligacion contractual;requisito contractual;requisitos contractuales;cliente"
    ),
    Driver.GOOD_PRACTICE: (
        "best practice;best practices;good practice;good practices;bp;br;business;business requirement;business requirements;"
        "buena practica;buenas practicas;mejor practica;mejores practicas;negocio;requisito de negocio"
    ),
}
_DRIVER = {word: driver for driver, words in _DRIVERS.items() for word in words.split(";")}

_IN_FORCE = frozenset(
    [
        "approved",
        "current",
        "active",
        "in force",
        "published",
        "effective",
        "valid",
        "final",
        "released",
        "issued",
        "confirmed",
        "under review",
        "in review",
        "to be reviewed",
        "yes",
        "aprobado",
        "aprobada",
        "vigente",
        "en vigor",
        "publicado",
        "publicada",
        "activo",
        "activa",
        "valido",
        "valida",
        "emitido",
        "confirmado",
        "confirmada",
        "en revision",
        "si",
        "actual",
        "definitivo",
    ]
)
_ABSENT = frozenset(
    ["absent", "missing", "does not exist", "not available", "none", "ausente", "no existe", "inexistente", "no disponible", "falta"]
)
_NOT_IN_FORCE = frozenset(
    [
        "draft",
        "in draft",
        "withdrawn",
        "obsolete",
        "retired",
        "superseded",
        "archived",
        "expired",
        "pending",
        "planned",
        "rejected",
        "borrador",
        "en elaboracion",
        "en borrador",
        "obsoleto",
        "obsoleta",
        "retirado",
        "retirada",
        "derogado",
        "derogada",
        "archivado",
        "sustituido",
        "caducado",
        "pendiente",
        "planificado",
        "rechazado",
        "no vigente",
    ]
)


class Unclear(Exception):
    """A cell that cannot be taken: what is wrong with it, and the way out."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.message, self.way_out = message, way_out


def text_of(cell: Cell) -> str:
    """The text, or nothing where the cell says that there is none."""
    return "" if re.fullmatch(r"[-–—.\s]*|n/?a|n\.a\.|s/d", cell.text, re.IGNORECASE) else cell.text


def proves_day_first(text: str) -> bool | None:
    """Whether a date such as 31/12/2026 shows that the day comes first; None where it shows nothing."""
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    first, second = int(match[1]), int(match[3])
    return None if (first > 12) == (second > 12) else first > 12


def day_of(cell: Cell, day_first: bool) -> str | None:
    """A date as `2026-09-14`; None where the cell is empty.

    Args:
        cell: The cell.
        day_first: Whether the list shows that 03/04/2026 is in April.

    Raises:
        Unclear: The text is no date, no day of the calendar, or could be two.
    """
    if cell.day:
        return cell.day.isoformat()
    text = text_of(cell)
    if not text:
        return None
    wrong = Unclear(f"'{text}' is no date", "write it as 2026-09-14")
    text = re.sub(r"[T ]00:00(?::00(?:\.0+)?)?Z?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _calendar(cell.text, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "/" and first != second and max(first, second) <= 12 and not day_first:
            raise Unclear(
                f"'{text}' may be {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}", "write year, month and day: 2026-09-14"
            )
        return _calendar(cell.text, year, second, first)
    if match := re.fullmatch(r"(\d{1,2}) (?:de )?([a-z]+) (?:de |del )?(\d{4})", plain(text)):
        month = _MONTHS.get(match[2])
        if month:
            return _calendar(cell.text, int(match[3]), month, int(match[1]))
    if re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}", text):
        raise Unclear(f"'{text}' has a year of two digits", "write it as 2026-09-14")
    raise wrong


def _calendar(text: str, year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        raise Unclear(f"'{text}' is no day of the calendar", "write year, month and day: 2026-09-14") from None


def applies(cell: Cell) -> bool:
    """Whether a control is included.

    Raises:
        Unclear: The cell is empty or says neither yes nor no.
    """
    word = plain(cell.text) or cell.text
    if word in _YES or word in _NO:
        return word in _YES
    if not cell.text:
        raise Unclear("the row does not say whether the control applies", "write yes or no")
    raise Unclear(f"'{cell.text}' says neither that the control applies nor that it does not", "write yes or no")


def implementation(cell: Cell) -> Implementation | None:
    """How far a control has come; None where the cell is empty.

    Raises:
        Unclear: The word is not known.
    """
    word = plain(cell.text) or cell.text
    if word in _STATUS:
        return _STATUS[word]
    if not text_of(cell):
        return None
    if share := re.fullmatch(r"(\d{1,3})(?:[.,]\d+)? ?%", cell.text):
        percent = int(share[1])
        if percent <= 100:
            return Implementation.PLANNED if percent == 0 else Implementation.IMPLEMENTED if percent == 100 else Implementation.IN_PROGRESS
    raise Unclear(f"'{cell.text}' is no status that is known", "write implemented, in progress, planned or not applicable")


def driver(cell: Cell) -> Driver | None:
    """What a decision rests on, the first where several are named; None where the cell is empty.

    Raises:
        Unclear: The word is not known.
    """
    if not text_of(cell):
        return None
    for part in (cell.text, *re.split(r"[,;/+&]|\s(?:and|y)\s", cell.text)):
        if found := _DRIVER.get(plain(part)):
            return found
    raise Unclear(f"'{cell.text}' is no driver that is known", "write risk, legal, contract or best practice")


def document_status(cell: Cell) -> str:
    """How a cell says it, confirmed or absent; confirmed where the cell is empty, since the list names the document.

    Raises:
        Unclear: The document is not in force, or the word is not known.
    """
    word = plain(cell.text)
    if not text_of(cell) or word in _IN_FORCE:
        return "confirmed"
    if word in _ABSENT:
        return "absent"
    if word in _NOT_IN_FORCE:
        raise Unclear(f"the status is '{cell.text}', so the document is not in force", "import it when it is approved")
    raise Unclear(f"'{cell.text}' is no status that is known", "write approved, draft, withdrawn or absent")
