"""A text in the editor of the person at the terminal, until it is sound or they give up."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from macros.encode.terminal import line as one_line
from macros.problem import KitError

T = TypeVar("T")
REMARK = "# "
"""How a line begins that is not kept."""


def accepted(name: str, text: str, accept: Callable[[str], T]) -> T:
    """What `accept` makes of the text as it was saved; what it refuses stands above the text, which opens again.

    Args:
        name: Beginning of the name of the file.
        text: What the editor shows first.
        accept: Raises `KitError` for what is not sound.

    Raises:
        KitError: No editor is named or it cannot be started, or the person ended it without a change. The text is kept.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise KitError("no editor is known; name one in the environment variable EDITOR, such as EDITOR=nano")
    handle, place = tempfile.mkstemp(prefix=f"{name}-", suffix=".yaml")
    os.close(handle)
    path = Path(place)
    while True:
        path.write_text(text, "utf-8")
        try:
            code = subprocess.run([*shlex.split(editor), place], check=False).returncode
        except (OSError, ValueError) as error:
            raise KitError(f"the editor '{editor}' cannot be started ({getattr(error, 'strerror', None) or error})") from None
        saved = path.read_text("utf-8", "replace")
        if code or saved == text:
            raise KitError(f"nothing was written: the editor ended without a change; the text is in '{place}'")
        try:
            found = accept(saved)
        except KitError as error:
            kept = [row for row in saved.splitlines() if not row.startswith(REMARK)]
            text = "\n".join([f"{REMARK}{one_line(error)}", *kept]) + "\n"
            continue
        path.unlink()
        return found
