"""Pages as the browser tests look at them: quick, and with an eye on everything that should not happen."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INDEX = "/search/search_index.json"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Unsearched(Quiet):
    """A site whose search knows one page: each page reads all that it knows, which takes longer than everything else on it."""

    def do_GET(self):
        if self.path != INDEX:
            super().do_GET()
            return
        known = json.loads(Path(self.translate_path(self.path)).read_text("utf-8"))
        data = json.dumps({**known, "docs": known["docs"][:1]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """The address at which a folder is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def watched_page(browser, address: str, but: str = "\0", **settings):
    """A page that remembers every dialog, every foreign request and every complaint of the console; none is to be there at its end.

    Args:
        browser: The running browser.
        address: What an address begins with that is not foreign.
        but: A complaint that names this is left out.
        settings: Those of the browser's context.
    """

    def complain(said: str) -> None:
        if but not in said:
            page.complaints.append(said)

    context = browser.new_context(**{"viewport": {"width": 1366, "height": 900}, **settings})
    page = context.new_page()
    page.foreign, page.complaints, page.dialogs = [], [], []
    page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else page.foreign.append(request.url))
    page.on(
        "console",
        lambda message: complain(f"{message.text} at {message.location['url']}") if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complain(str(error)))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    assert (page.dialogs, page.foreign, page.complaints) == ([], [], [])
    context.close()
