"""Lists that an organisation keeps in spreadsheets become records: read, placed, shown, and only then written."""

from macros.imports.acknowledgements import plan_acknowledgements
from macros.imports.changes import ImportedChange, ImportPlan, Options, Refusal
from macros.imports.plan import plan_import
from macros.imports.tables import read_tables
from macros.imports.write import prepared, put

__all__ = ["ImportPlan", "ImportedChange", "Options", "Refusal", "plan_acknowledgements", "plan_import", "prepared", "put", "read_tables"]
