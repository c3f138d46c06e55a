"""The server of a preview by itself: whatever a browser sends, and however it goes away, nobody sees a traceback."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.command.preview import OnScreen, PreviewServer


@pytest.fixture
def server(tmp_path) -> Iterator[PreviewServer]:
    (tmp_path / "index.html").write_text("<body>Here</body>", "utf-8")
    (tmp_path / "large.bin").write_bytes(bytes(32 << 20))
    shown = OnScreen(lambda: False)
    shown.begin()
    shown.show(Path(tmp_path))
    with PreviewServer("127.0.0.1", 0, shown) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        shown.close()
        made.shutdown()


def asked(server: PreviewServer, path: bytes) -> bytes:
    with socket.create_connection(server.server_address, timeout=60) as line:
        line.sendall(b"GET " + path + b" HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return line.makefile("rb").readline()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (b"/", 200),
        (b"/?x=[", 200),
        (b"//[", 404),
        (b"http://[/", 404),
        (b"/.aims/reload?since=" + b"9" * 5000, 200),
        (b"/.aims/reload?since=%D9%A3", 200),
        (b"/\xff\xfe", 404),
        (b"/" + b"a" * 5000, 404),
    ],
)
def test_every_request_is_answered(server, path, status, capfd):
    assert asked(server, path).split()[1] == str(status).encode()
    assert capfd.readouterr().err == ""


def test_a_browser_that_goes_away_is_no_news(server, capfd):
    for path in (b"/large.bin", b"/"):
        line = socket.create_connection(server.server_address, timeout=60)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed with a reset
        line.sendall(b"GET " + path + b" HTTP/1.0\r\nHost: localhost\r\n\r\n")
        line.recv(1)
        line.close()
    assert asked(server, b"/").split()[1] == b"200"
    for thread in threading.enumerate():
        if "process_request" in thread.name:
            thread.join(60)
    assert capfd.readouterr().err == ""
