"""A bridge answers HTTP as a ClickHouse server does, out of a folder of chDB, where there is no server to test with."""

from __future__ import annotations

import base64
import contextlib
import email
import http.server
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_FORMAT = re.compile(r"\bFORMAT\s+\w+\s*$", re.IGNORECASE)
_OF_THE_TRANSPORT = frozenset(["database", "query", "session_id", "query_id", "client_protocol_version", "compress"])
_OF_THE_TRANSPORT |= frozenset(["enable_http_compression", "wait_end_of_query", "role", "buffer_size"])
_OF_THE_TRANSPORT |= frozenset(["send_progress_in_http_headers", "http_headers_progress_interval_ms"])


class Bridge(http.server.BaseHTTPRequestHandler):
    """One request: its settings are put on a connection of its own, as a server keeps none of them."""

    folder: str
    asked: list[tuple[str, dict[str, str]]]

    def do_POST(self) -> None:
        """Answer a statement with rows, or an error with its code."""
        import chdb

        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if "multipart" in self.headers.get("Content-Type", ""):
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            for part in email.message_from_bytes(head + body).get_payload():
                name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
                given[str(name)] = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
            sql = given["query"]
        else:
            sql = body.decode() or given["query"]
        user = base64.b64decode(self.headers.get("Authorization", "Basic ").partition(" ")[2]).decode()
        settings = {k: v for k, v in given.items() if k not in _OF_THE_TRANSPORT and not k.startswith("param_")}
        self.asked.append((user, settings))
        connection = chdb.connect(self.folder)
        try:
            # The last one forbids the others.
            for name, value in sorted(settings.items(), key=lambda item: item[0] == "readonly"):
                connection.query(f"SET {name} = '{value}'")
            parameters = {k.removeprefix("param_"): v for k, v in given.items() if k.startswith("param_")}
            found = connection.query(sql, "Native" if _FORMAT.search(sql) else "TabSeparated", params=parameters)
            self._answer(200, found.bytes() or b"")
        except RuntimeError as error:
            self._answer(500, str(error).encode())
        finally:
            connection.close()

    def do_GET(self) -> None:
        """The same: the statement is in the address."""
        self.do_POST()

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        code = re.search(rb"Code: (\d+)", content) if status != 200 else None
        if code is not None:
            self.send_header("X-ClickHouse-Exception-Code", code[1].decode())
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def bridge(folder: str) -> Iterator[tuple[int, list[tuple[str, dict[str, str]]]]]:
    """The port of a bridge to ``folder``, and who asked under which settings."""
    asked: list[tuple[str, dict[str, str]]] = []
    handler: Any = type("Kept", (Bridge,), {"folder": folder, "asked": asked})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()
