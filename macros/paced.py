"""A limit for what one page may take of the processor, so that no text keeps a build for hours.

Python-Markdown takes the square of its length for some texts, such as many brackets that nothing closes. The limit is far
above what a long page takes. It rests on a timer of Unix; on Windows, and outside of the main thread, there is none.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

SECONDS = 60.0
"""Processor time for one page, in seconds: a plain page of 1 MiB takes some ten."""


class _Pace:
    """The page that is being read, and what the signal did before."""

    def __init__(self) -> None:
        self.page = ""
        self.before: Any = None

    def begin(self, page: str) -> None:
        """Let the time of one page run; that of an earlier one ends.

        Args:
            page: What it is called, for the sentence.
        """
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            return
        if self.before is None:
            self.before = signal.signal(signal.SIGPROF, self._over)
        self.page = page
        signal.setitimer(signal.ITIMER_PROF, SECONDS)

    def end(self) -> None:
        """Let no time run, and put back what the signal did."""
        if self.before is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self.before)
            self.before = None

    def _over(self, number: int, frame: FrameType | None) -> None:
        from mkdocs.exceptions import PluginError

        raise PluginError(
            f"This site is not built: Markdown was not done with '{self.page}' after {SECONDS:.0f} seconds. "
            "Close or take out its many brackets or marks that stand open, or divide the page."
        )


pace = _Pace()
"""The time of the page that this process reads."""
