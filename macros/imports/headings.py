"""What a column is called in English and Spanish lists, matched without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SMALL = frozenset(["the", "of", "de", "del", "la", "el", "los", "las", "for", "para", "al"])
_STANDARD = frozenset(["iso", "iec", "isoiec", "27001", "27002", "2022", "une", "annex", "anexo", "isms", "sgsi"])

_CLAUSE = frozenset(["clause", "clauses", "clausula", "clausulas", "apartado", "apartados"])
_CONTROL = frozenset(["control", "controls", "controles"])
_REQUIREMENT = frozenset(["requirement", "requirements", "requisito", "requisitos", "covers", "cubre"])
_BESIDE = frozenset(
    [
        "covered",
        "related",
        "associated",
        "relacionado",
        "relacionados",
        "asociado",
        "asociados",
        "cubierto",
        "cubiertos",
        "id",
        "no",
        "number",
        "num",
        "numero",
        "n",
        "ref",
        "reference",
        "references",
        "referencia",
        "referencias",
        "codigo",
        "code",
        "identificador",
        "identifier",
        "mapping",
        "mapped",
        "y",
        "and",
        "or",
        "o",
        "s",
        "a",
    ]
)
_WHY = frozenset(
    ["justification", "justifications", "justificacion", "reason", "reasons", "rationale", "motivo", "motivos", "razon", "razones"]
)
_WHY_BESIDE = frozenset(
    [
        "inclusion",
        "exclusion",
        "or",
        "and",
        "o",
        "y",
        "u",
        "e",
        "applicability",
        "decision",
        "aplicabilidad",
        "control",
        "included",
        "excluded",
    ]
)

# For each field, the names it goes by, the surest first; small words and the standard's name are left out.
_NAMES = {
    "title": (
        "document title;titulo documento;document name;nombre documento;title;titulo;name;nombre;document;documento;policy name;"
        "documented information;informacion documentada;documents;documentos;policy;politica"
    ),
    "id": (
        "document id;document code;document no;document number;document ref;document reference;doc id;doc no;doc ref;codigo documento;"
        "id documento;numero documento;no documento;referencia documento;id;code;codigo;reference;referencia;ref;identificador;identifier"
    ),
    "version": (
        "current version;version vigente;version actual;version;version no;version number;numero version;no version;ver;revision;rev;"
        "edition;edicion;issue"
    ),
    "owner": (
        "document owner;propietario documento;responsable documento;control owner;propietario control;responsable control;owner;"
        "propietario;responsible;responsable;process owner;responsable proceso;dueno;responsible person;persona responsable"
    ),
    "next_review": (
        "next review date;fecha proxima revision;next review;proxima revision;siguiente revision;proxima fecha revision;review due;"
        "review due date;next review due;review by;due review;next revision;revision prevista;fecha prevista revision;"
        "fecha siguiente revision"
    ),
    "address": (
        "document link;enlace documento;document location;ubicacion documento;link;enlace;url;address;direccion;location;ubicacion;path;"
        "ruta;file path;hyperlink;hipervinculo;stored in;where kept;link document;repository;repositorio"
    ),
    "status": (
        "implementation status;estado implantacion;estado implementacion;implementation state;document status;estado documento;implemented;"
        "implantado;implementado;implementation;implantacion;implementacion;implementado si no;implantado si no;implemented yes no;"
        "nivel implantacion;grado implantacion;grado implementacion;status;estado;state;situacion"
    ),
    "applicable": (
        "applicable;aplicable;applicability;aplicabilidad;applies;aplica;is applicable;es aplicable;control applicable;control aplicable;"
        "applicable yes no;applicable y n;aplica si no;aplicable si no;included;incluido;included excluded;incluido excluido;in scope"
    ),
    "driver": (
        "driver;basis;basis selection;reason selection;base seleccion;motivo seleccion;source requirement;origin;origen;fundamento;base;"
        "source;fuente;selection criteria;criterio seleccion"
    ),
    "revisit": (
        "revisit;revisit date;revisit on;look again;exclusion review;exclusion review date;review exclusion;revision exclusion;"
        "fecha revision exclusion;revisar exclusion;revisar"
    ),
}
_BY_NAME = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split(";"))}
_SPANISH = frozenset(
    [
        "titulo",
        "documento",
        "nombre",
        "codigo",
        "referencia",
        "propietario",
        "responsable",
        "proxima",
        "siguiente",
        "ubicacion",
        "enlace",
        "direccion",
        "ruta",
        "estado",
        "clausula",
        "clausulas",
        "apartado",
        "apartados",
        "controles",
        "requisito",
        "requisitos",
        "aplicable",
        "aplica",
        "aplicabilidad",
        "justificacion",
        "motivo",
        "implantacion",
        "implementacion",
        "implantado",
        "implementado",
        "edicion",
        "vigente",
    ]
)


def plain(text: str) -> str:
    """Lower case, without Latin accents, with one space for everything that is no letter and no digit."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f").casefold()
    return " ".join(re.sub(r"[^\w]|_", " ", bare).split())


def field_of(heading: str) -> tuple[str, int] | None:
    """The field that a heading names, with a rank, 0 for the surest; None where it names none."""
    words = plain(heading).split()
    if not words or len(heading) > 80 or "2013" in words:
        return None
    of_standard = bool(_STANDARD & set(words))
    if {"annex", "anexo"} & set(words):
        words = [word for word in words if word != "a"]
        words += [] if set(words) & (_CONTROL | _CLAUSE | _REQUIREMENT) else ["control"]
    words = [word for word in words if word not in _SMALL and word not in _STANDARD]
    found = set(words)
    named = found & (_CLAUSE | _CONTROL | _REQUIREMENT)
    if named and found <= _CLAUSE | _CONTROL | _REQUIREMENT | _BESIDE:
        if named <= _CLAUSE:
            return "clause", 0
        return ("control", 0) if named <= _CONTROL else ("requirement", 0)
    if of_standard and found <= _BESIDE:
        return "requirement", 1
    if found & _WHY and found <= _WHY | _WHY_BESIDE:
        return _reason_field(found), 0
    return _BY_NAME.get(" ".join(words))


def _reason_field(words: set[str]) -> str:
    for_in, for_out = bool({"inclusion", "included"} & words), bool({"exclusion", "excluded"} & words)
    if for_in == for_out:
        return "justification"
    return "justification_in" if for_in else "justification_out"


def is_spanish(headings: Iterable[str]) -> bool:
    """Whether a heading is a Spanish word, so that dates have the day first."""
    return any(_SPANISH & set(plain(heading).split()) for heading in headings)
