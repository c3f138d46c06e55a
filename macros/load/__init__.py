"""A folder becomes a workspace, or problems."""

from macros.load.workspace import load_workspace

__all__ = ["load_workspace"]
