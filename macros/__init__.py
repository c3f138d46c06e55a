"""The engine of AIMS Kit: loads a management system from text, checks it, and shows it.

MkDocs' macros plugin imports this package by name and calls the two functions below. They import what they
need when they are called, so that the command line starts without MkDocs.
"""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info < (3, 11):  # noqa: UP036  (said here, since an older Python does not get as far as the command line)
    sys.stderr.write(f"AIMS Kit needs Python 3.11 or later, and this is {sys.version.split()[0]}; use the one in '.venv'\n")
    raise SystemExit(3)

__version__ = "0.1.0"


def define_env(env: Any) -> None:
    """Give the macros plugin this kit's macros, and none of its own."""
    from macros.site import define_env

    define_env(env)


def on_pre_page_macros(env: Any) -> None:
    """Leave pages nothing but macros and plain words."""
    from macros.site import strip

    strip(env)
