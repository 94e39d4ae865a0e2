"""For tests of downloads: a small HTTP server that misbehaves on request, and a made data set that comes from it."""

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from labutils.datasets import registry, store
from labutils.datasets.registry import Dataset, RemoteFile

TABLE = b"id,time,status\n" + b"".join(b"%d,%d,1\n" % (n, 7 * n) for n in range(60_000))


class FileServer:
    """Serves bytes by path, and remembers what was asked.

    Attributes
    ----------
    files : dict of str to bytes
    ranges : bool
        Whether it can send a part of a file.
    validators : bool
        Whether it names versions (ETag).
    lengths : bool
        Whether it tells how long a file is.
    cut_after : list of int
        For each coming answer, how many bytes to send before the connection breaks.
    honest : bool
        Whether it looks at If-Range, as it should.
    stall : bool
        Keep the connection open after the answer, silent, until this is False again.
    answers : list of (path, status, Range header or None)
    """

    def __init__(self):
        self.files = {}
        self.ranges = self.validators = self.lengths = True
        self.stall = False
        self.honest = True
        self.content_type = "application/octet-stream"
        self.statuses = {}
        self.cut_after = []
        self.answers = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                server.answer(self)

            def log_message(self, *args):
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.handle_error = lambda *_: None  # a client that hangs up is part of the tests
        threading.Thread(target=self.httpd.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.httpd.server_port}"

    def url(self, name):
        return f"{self.address}/{name}"

    def close(self):
        """Stop: the port is closed afterwards."""
        self.httpd.shutdown()
        self.httpd.server_close()

    def answer(self, request):
        name = request.path.lstrip("/")
        asked = request.headers.get("Range")
        status = self.statuses.get(name, 200 if name in self.files else 404)
        content = self.files.get(name, b"")
        tag = f'"{hashlib.md5(content).hexdigest()}"'
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.ranges else 0
        if start and self.honest and request.headers.get("If-Range", tag) != tag:
            start = 0  # the file has changed since: send all of it
        if status == 200 and start:
            status = 206 if start < len(content) else 416
        self.answers.append((name, status, asked))
        request.send_response(status)
        request.send_header("Content-Type", self.content_type)
        if self.validators:
            request.send_header("ETag", tag)
        if status == 206:
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        body = content[start:] if status in (200, 206) else b""
        if self.lengths:
            request.send_header("Content-Length", str(len(body)))
        if self.cut_after:  # before the client can see the headers and set up the next answer
            body = body[: self.cut_after.pop(0)]
        request.end_headers()
        request.wfile.write(body)
        request.wfile.flush()
        while self.stall:
            time.sleep(0.02)


def known_as(monkeypatch, *files, name="demo", **fields):
    """Put one made data set into the registry."""
    facts = {
        "title": "Demo", "weeks": ("course 1 week 1",), "purpose": "tests", "kind": "download", "size": "1 MB", "terms": "free",
        "citation": "none", "source": "here", "layout": "table.csv", "missing": "everybody", "default": "xray_phantoms",
        "needs": ({"any_of": ["table.csv"], "columns": ["id", "time"]},),
    }  # fmt: skip
    dataset = Dataset(name=name, files=files, **{**facts, **fields})
    monkeypatch.setattr(registry, "_shipped", lambda: {name: dataset})
    return dataset


def table_file(server, *, checksum=True):
    """Serve a table of 0.9 MB and return its entry."""
    server.files.setdefault("table.csv", TABLE)
    known = "sha256:" + hashlib.sha256(TABLE).hexdigest() if checksum else None
    return RemoteFile("table.csv", (server.url("table.csv"),), checksum=known)


def everything_below(folder):
    """List the files in and below a folder, without the lock."""
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != store.LOCK
    )
