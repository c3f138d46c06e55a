"""The server of a preview: the last site that was built, or the reasons why there is none.

A page is never answered with what was true before the last save: each request asks whether the files are still as
they were built, and waits for the build that has them.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from macros.command.screen import tell
from macros.encode.html import text as in_html

_RELOAD = "/.aims/reload"
_STALL = 25.0
"""Seconds that a browser is kept waiting for the next build before it asks again."""
_SCRIPT = """\
// Loads the page again when the preview has a newer one.
(function () {
  var since = new URL(document.currentScript.src).searchParams.get("since");
  function ask() {
    fetch("/.aims/reload?since=" + since, { cache: "no-store" })
      .then(function (answer) { return answer.text(); })
      .then(function (shown) { if (shown !== since) { location.reload(); } else { ask(); } })
      .catch(function () { setTimeout(ask, 2000); });
  }
  ask();
})();
"""


class OnScreen:
    """What is shown now, and which build a reader waits for. Safe between threads."""

    def __init__(self, has_changed: Callable[[], bool]) -> None:
        self._has_changed = has_changed
        self._turn = threading.Condition()
        # The clock, since a browser that outlives one server must take a page of the next for newer.
        self._shown = self._taken = int(time.time())
        self._wanted = self._taken + 1
        self._closed = False
        self.folder: Path | None = None
        self.reasons: bytes | None = None

    def take(self, pause: float) -> bool:
        """Wait at most `pause` seconds for a reader who wants a build; whether there is one to make."""
        with self._turn:
            self._turn.wait_for(lambda: self._wanted > self._taken, timeout=pause)
            return self._wanted > self._taken

    def begin(self) -> None:
        """A build begins: it has what was saved up to now, whether or not a reader asked for it."""
        with self._turn:
            self._wanted = self._taken = max(self._wanted, self._taken + 1)

    def show(self, folder: Path | None, reasons: bytes | None = None) -> None:
        """Answer from a folder from now on, or with the reasons why there is none; styles then still come from the one before."""
        with self._turn:
            self.folder, self.reasons = folder or self.folder, reasons
            self._shown = self._taken
            self._turn.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def current(self) -> int:
        """Wait until what is shown has every save up to now; gives its number."""
        while True:
            taken = self._taken
            changed = self._has_changed()
            with self._turn:
                if taken != self._taken:
                    continue  # a build has begun meanwhile, with other files to compare with
                if changed and self._wanted == self._taken:
                    self._wanted += 1
                    self._turn.notify_all()
                target = self._wanted
                self._turn.wait_for(lambda: self._shown >= target or self._closed)  # noqa: B023  # it is called before the loop goes on
                return self._shown

    def newer(self, number: int) -> int:
        """Wait a while for something newer than a number; gives that of what is shown."""
        with self._turn:
            self._turn.wait_for(lambda: self._shown > number or self._closed, timeout=_STALL)
            return self._shown


class PreviewServer(ThreadingHTTPServer):
    """Serves what is shown, to this machine alone unless another address is asked for."""

    daemon_threads = True

    def __init__(self, host: str, port: int, shown: OnScreen) -> None:
        """Take the port.

        Raises:
            OSError: Somebody else has it, or the address is none of this machine.
        """
        self.shown = shown
        self.host = host
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Answer)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away in the middle of an answer is no news."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            tell(f"A request could not be answered ({type(error).__name__}); ask again")

    @property
    def address(self) -> str:
        """What to type into a browser."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{name}:{self.server_address[1]}/"

    def knows(self, name: str | None) -> bool:
        """Whether a request was meant for this server: a page of another site must not read this one under a name of its own."""
        if self.host in ("0.0.0.0", "::", ""):  # noqa: S104  # asked whether somebody chose it, and never chosen here
            return True
        try:
            return urlsplit(f"//{name or ''}").hostname in {"localhost", "127.0.0.1", "::1", self.host.lower()}
        except ValueError:
            return False


class _Answer(SimpleHTTPRequestHandler):
    server: PreviewServer

    def send_head(self) -> BinaryIO | None:
        if not self.server.knows(self.headers.get("Host")):
            return self._text(HTTPStatus.FORBIDDEN, b"This preview answers to the address that it was started with.\n")
        path, _, query = self.path.partition("#")[0].partition("?")  # no parser that may refuse what a browser never sends
        if path == _RELOAD:
            since = query.removeprefix("since=")
            number = int(since) if since.isdecimal() and len(since) < 20 else -1
            return self._text(HTTPStatus.OK, str(self.server.shown.newer(number)).encode())
        if path == f"{_RELOAD}.js":
            return self._text(HTTPStatus.OK, _SCRIPT.encode(), "text/javascript")
        number = self.server.shown.current()
        reasons, folder = self.server.shown.reasons, self.server.shown.folder
        file = Path(self.translate_path(path)) if folder else None
        is_folder = file is not None and os.path.isdir(file)  # unlike the method of a path, it takes any name
        if is_folder and not path.endswith("/"):
            self._moved(path)
            return None
        if file and (is_folder or path.endswith("/")):
            file /= "index.html"
        is_page = file is None or file.suffix in (".html", ".htm") or not os.path.isfile(file)
        if reasons is not None and is_page:
            return self._page(HTTPStatus.SERVICE_UNAVAILABLE, reasons, number)
        try:
            content = file.read_bytes() if file else b""
        except (OSError, ValueError):
            return self._page(HTTPStatus.NOT_FOUND, self._not_found(folder), number)
        if is_page:
            return self._page(HTTPStatus.OK, content, number)
        return self._text(HTTPStatus.OK, content, self.guess_type(str(file)))

    def translate_path(self, path: str) -> str:
        self.directory = str(self.server.shown.folder)
        return super().translate_path(path)

    def _not_found(self, folder: Path | None) -> bytes:
        try:
            return (folder / "404.html").read_bytes() if folder else b""
        except OSError:
            return b"404 Not Found\n"

    def _moved(self, path: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", "/" + path.lstrip("/") + "/")  # two slashes in front would be another host
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _page(self, status: HTTPStatus, content: bytes, number: int) -> BinaryIO:
        script = f'<script src="{_RELOAD}.js?since={number}"></script>'.encode()
        before, end, after = content.rpartition(b"</body>")
        return self._text(status, before + script + end + after if end else content + script, "text/html")

    def _text(self, status: HTTPStatus, content: bytes, kind: str = "text/plain") -> BinaryIO:
        self.send_response(status)
        text = kind.startswith("text/") or kind.endswith(("json", "xml", "javascript"))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        return BytesIO(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server calls it so
        """Say nothing of single requests."""


def page_of_reasons(title: str, sentences: Sequence[str]) -> bytes:
    """A page that stands by itself: why there is no site, and where to mend it."""
    items = "\n".join(f"<li>{in_html(sentence)}</li>" for sentence in sentences)
    heading = in_html(title)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
</head>
<body>
<h1>{heading}</h1>
<ul>
{items}
</ul>
<p>Mend it and save; this page loads again by itself.</p>
</body>
</html>
""".encode("utf-8", "backslashreplace")
