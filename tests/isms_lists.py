"""A real-looking ISMS of 80 documents and 93 controls, as an organisation keeps it: XLSX in English, CSV in Spanish."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl

from macros.load import load_workspace
from tests.conftest import KIT

# code | title | título | clauses | controls
_DOCUMENTS = """\
POL-01|Information security policy|Política de seguridad de la información|5.2|A.5.1
POL-02|Access control policy|Política de control de acceso||A.5.15, A.5.18
POL-03|Acceptable use of information and assets|Uso aceptable de la información y los activos||A.5.10
POL-04|Mobile device and remote working policy|Política de dispositivos móviles y teletrabajo||A.6.7, A.8.1
POL-05|Cryptography policy|Política de criptografía||A.8.24
POL-06|Clear desk and clear screen policy|Política de mesas y pantallas limpias||A.7.7
POL-07|Information transfer policy|Política de transferencia de información||A.5.14
POL-08|Supplier security|Seguridad de los proveedores||A.5.19-A.5.22
POL-09|Backup policy|Política de copias de seguridad||A.8.13
POL-10|Data retention and deletion policy|Política de conservación y borrado de datos||A.5.33; A.8.10
POL-11|Privacy and protection of personal data|Privacidad y protección de datos personales||A.5.34
POL-12|Cloud services policy|Política de servicios en la nube||A.5.23
POL-13|Information classification policy|Política de clasificación de la información||A.5.12, A.5.13
POL-14|Password and authentication policy|Política de contraseñas y autenticación||A.5.17, A.8.5
POL-15|Secure development|Desarrollo seguro||A.8.25, A.8.26, A.8.27, A.8.28, A.8.29
MAN-01|ISMS manual|Manual del SGSI|4.1, 4.2, 4.4|
MAN-02|Scope of the ISMS|Alcance del SGSI|4.3|
MAN-03|Register of interested parties|Registro de partes interesadas|4.2|
MAN-04|Information security roles and responsibilities|Funciones y responsabilidades de seguridad|5.3|A.5.2, A.5.3
MAN-05|Leadership commitment statement|Declaración de compromiso de la dirección|5.1|A.5.4
RSK-01|Information security risk assessment and treatment|Apreciación y tratamiento de riesgos|6.1.2, 6.1.3, 8.2, 8.3|
RSK-02|Risk register|Registro de riesgos|8.2|
RSK-03|Risk treatment plan|Plan de tratamiento de riesgos|6.1.3, 8.3|
RSK-04|Statement of Applicability for ISO/IEC 27001|Declaración de aplicabilidad ISO/IEC 27001|6.1.3|
RSK-05|Opportunities register|Registro de oportunidades|6.1.1|
OBJ-01|Information security objectives and measurement|Objetivos y medición de la seguridad|6.2, 9.1|
OBJ-02|Planning of changes to the ISMS|Planificación de cambios del SGSI|6.3|
PRO-01|Control of documented information|Control de la información documentada|7.5|
PRO-02|Competence, awareness and training|Competencia, concienciación y formación|7.2, 7.3|A.6.3
PRO-03|Communication|Comunicación|7.4|
PRO-04|Internal audit programme|Programa de auditoría interna|9.2|A.5.35
PRO-05|Management review|Revisión por la dirección|9.3|
PRO-06|Nonconformity, corrective action and improvement|No conformidades, acciones correctivas y mejora|10.1, 10.2|
PRO-07|Information security incident management|Gestión de incidentes de seguridad||A.5.24, A.5.25, A.5.26, A.5.27, A.6.8
PRO-08|Collection of evidence|Recopilación de evidencias||A.5.28
PRO-09|Business continuity plan|Plan de continuidad de negocio||A.5.29, A.5.30
PRO-10|Disaster recovery procedure|Procedimiento de recuperación ante desastres||A.5.30, A.8.14
PRO-11|Change management|Gestión de cambios|6.3|A.8.32
PRO-12|Documented operating procedures|Procedimientos operativos documentados|8.1|A.5.37
PRO-13|Logging and monitoring|Registro y supervisión||A.8.15, A.8.16, A.8.17
PRO-14|Configuration management|Gestión de la configuración||A.8.9
PRO-15|Vulnerability management|Gestión de vulnerabilidades técnicas||A.8.8
PRO-16|Malware protection|Protección contra el código malicioso||A.8.7
PRO-17|Capacity management|Gestión de capacidades||A.8.6
PRO-18|Network security|Seguridad de redes||A.8.20, A.8.21, A.8.22
PRO-19|Web filtering standard|Norma de filtrado web||A.8.23
PRO-20|User access provisioning|Alta y baja de usuarios||A.5.16, A.5.18
PRO-21|Privileged access management|Gestión de accesos privilegiados||A.8.2, A.8.18
PRO-22|Review of access rights|Revisión de derechos de acceso||A.5.18
PRO-23|Source code access|Acceso al código fuente||A.8.4
PRO-24|Inventory of information and other associated assets|Inventario de activos||A.5.9
PRO-25|Return of assets checklist|Lista de devolución de activos||A.5.11
PRO-26|Removable media procedure|Procedimiento de soportes extraíbles||A.7.10
PRO-27|Secure disposal of equipment|Eliminación segura de equipos||A.7.14
PRO-28|Physical security of the premises|Seguridad física de las instalaciones||A.7.1, A.7.2, A.7.3
PRO-29|Visitor procedure|Procedimiento de visitas||A.7.2
PRO-30|Physical security monitoring|Supervisión de la seguridad física||A.7.4
PRO-31|Equipment maintenance|Mantenimiento de equipos||A.7.13
PRO-32|Supporting utilities and cabling|Suministros y cableado||A.7.11, A.7.12
PRO-33|Screening procedure|Verificación de antecedentes||A.6.1
PRO-34|Terms and conditions of employment|Condiciones de empleo||A.6.2
PRO-35|Disciplinary process|Proceso disciplinario||A.6.4
PRO-36|Termination and change of employment|Cese y cambio de puesto||A.6.5
PRO-37|Confidentiality or non-disclosure agreements|Acuerdos de confidencialidad||A.6.6
PRO-38|Contact with authorities|Contacto con las autoridades||A.5.5
PRO-39|Contact with special interest groups|Contacto con grupos de interés||A.5.6
PRO-40|Threat intelligence procedure|Procedimiento de inteligencia de amenazas||A.5.7
PRO-41|Information security in projects|Seguridad en la gestión de proyectos||A.5.8
PRO-42|Legal, statutory, regulatory and contractual requirements|Requisitos legales, reglamentarios y contractuales||A.5.31
PRO-43|Intellectual property rights|Derechos de propiedad intelectual||A.5.32
PRO-44|Independent review of information security|Revisión independiente de la seguridad||A.5.35
PRO-45|Compliance with policies and standards|Cumplimiento de políticas y normas||A.5.36
PRO-46|Data masking standard|Norma de enmascaramiento de datos||A.8.11
PRO-47|Data leakage prevention|Prevención de fuga de datos||A.8.12
PRO-48|Test data management|Gestión de datos de prueba||A.8.33
PRO-49|Separation of environments|Separación de entornos||A.8.31
PRO-50|Installation of software|Instalación de software||A.8.19
PRO-51|Audit testing of systems|Pruebas de auditoría en sistemas||A.8.34
REC-01|Training records|Registros de formación|7.2|
REC-02|Resource plan of the ISMS|Plan de recursos del SGSI|7.1|
"""
DOCUMENTS = tuple(tuple(line.split("|")) for line in _DOCUMENTS.splitlines())
OWNERS = (
    ("Information security manager", "Responsable de seguridad de la información"),
    ("Head of IT", "Dirección de TI"),
    ("Head of People", "Dirección de Personas"),
)
TODAY = datetime.date(2026, 11, 24)
EXCLUDED = ("A.8.30", "A.8.33", "A.7.9", "A.8.4")
CONTROLS = tuple(
    (requirement.id, requirement.title)
    for requirement in load_workspace(KIT).catalogues["iso27001"].value.requirements
    if requirement.kind.value == "control"
)


def version(index: int) -> str:
    return f"{1 + index % 4}.{index % 10}"


def review(index: int) -> datetime.date:
    return datetime.date(2027, 1 + index % 12, 1 + index % 28)


def xlsx(path: Path, sheets: dict[str, list[list]]) -> Path:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv_file(path: Path, rows: list[list], delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    """A CSV file with these rows."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def english_workbook(path: Path) -> Path:
    """Title lines above the headings, real dates, columns of no interest, group rows, and a cover sheet."""
    documents: list[list] = [
        ["Plain Ltd: list of ISMS documents"],
        ["As of", datetime.date(2026, 11, 2)],
        [],
        [
            "Doc. No.", "Document title", "Version", "Document owner", "Approved on", "Next review date", "Location", "Status",
            "ISO 27001 clause", "Annex A controls",
        ],
    ]  # fmt: skip
    for index, (code, title, _, clauses, controls) in enumerate(DOCUMENTS):
        documents.append(
            [
                code, title, version(index), OWNERS[index % 3][0], datetime.date(2026, 3, 2), review(index),
                f"https://intranet.plain.example/isms/{code}", "Approved", clauses or None, controls or None,
            ]
        )  # fmt: skip
    soa: list[list] = [
        ["Statement of Applicability, version 7"],
        [],
        ["Control", "Control title", "Applicable?", "Justification", "Basis", "Implementation status", "Revisit"],
    ]
    group = ""
    for index, (number, title) in enumerate(CONTROLS):
        if number.rsplit(".", 1)[0] != group:
            group = number.rsplit(".", 1)[0]
            soa.append([group, f"Controls of {group}"])
        if number in EXCLUDED:
            soa.append(
                [number, title, "No", f"Nothing of {number} happens at Plain Ltd.", "Risk assessment", "N/A", datetime.date(2027, 6, 1)]
            )
        else:
            basis = ("Risk assessment", "Legal", "Contractual", "Best practice")[index % 4]
            state = ("Implemented", "Partially implemented", "Planned")[0 if index % 5 else 1 + index % 2]
            soa.append([number, title, "Yes", f"Risk R-{index:02} of the register needs this control.", basis, state, None])
    return xlsx(path, {"Cover": [["Plain Ltd"], ["ISMS, internal"]], "Documents": documents, "SoA 2022": soa})


def spanish_files(folder: Path) -> tuple[Path, Path]:
    """The same in Spanish: the documents in the encoding of a Spanish spreadsheet, the decisions in UTF-8."""
    documents: list[list] = [
        [
            "Código",
            "Título del documento",
            "Versión",
            "Responsable",
            "Próxima revisión",
            "Ubicación",
            "Estado",
            "Cláusula",
            "Control del Anexo A",
        ]
    ]
    for index, (code, _, title, clauses, controls) in enumerate(DOCUMENTS):
        day = review(index).strftime("%d/%m/%Y")
        documents.append([code, title, version(index), OWNERS[index % 3][1], day, f"S:\\SGSI\\{code}.docx", "Vigente", clauses, controls])
    soa: list[list] = [
        [
            "Nº de control",
            "Nombre del control",
            "¿Aplica?",
            "Justificación de la inclusión",
            "Justificación de la exclusión",
            "Estado de implantación",
            "Fundamento",
            "Próxima revisión",
        ]
    ]
    for index, (number, title) in enumerate(CONTROLS):
        if number in EXCLUDED:
            soa.append([number[2:], title, "No", "", f"En Plain Ltd no se da {number}: ningún caso.", "No aplica", "Riesgo", "01/06/2027"])
        else:
            state = ("Implantado", "Parcialmente implantado", "Planificado")[0 if index % 5 else 1 + index % 2]
            basis = ("Análisis de riesgos", "Requisito legal", "Contractual", "Buenas prácticas")[index % 4]
            soa.append([number[2:], title, "Sí", f"El riesgo R-{index:02} lo exige.", "", state, basis, ""])
    return csv_file(folder / "documentos.csv", documents, encoding="cp1252"), csv_file(folder / "soa.csv", soa)
