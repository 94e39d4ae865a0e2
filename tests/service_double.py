"""A small real HTTP server that speaks the grading service's API, and misbehaves on request."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ada-s-token"
DUE = "2026-12-03T22:59:00+00:00"


class ServiceDouble:
    """Takes notebooks of one week, and grades each by a table: how often it was asked decides how far it is.

    Attributes
    ----------
    fault : tuple or None
        ``(status, body, headers)`` to answer everything with.
    delay : float
        Seconds to wait before every answer.
    exercises : list of dict
        What the next submission is graded with.
    asked : list of (method, path, token)
    """

    def __init__(self, week):
        self.week, self.fault, self.delay, self.asked, self.exercises = week, None, 0.0, [], []
        self.kept, self.looks = {}, {}
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                double.answer(self, b"")

            def do_POST(self):
                double.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *args):
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.handle_error = lambda *_: None  # a client that hangs up is part of the tests
        threading.Thread(target=self.httpd.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.httpd.server_port}"

    def close(self):
        self.httpd.shutdown()
        self.httpd.server_close()

    def answer(self, request, body):
        time.sleep(self.delay)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((request.command, request.path, token))
        status, said, headers = self.fault or self.respond(request.command, request.path, token, body)
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        request.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    def respond(self, method, path, token, body):
        parts = urlsplit(path)
        if token != TOKEN:
            return 401, {"detail": "This token is not known."}, {}
        if parts.path == "/api/v1/me":
            return 200, {"id": "ada", "name": "Ada", "role": "learner", "cohort": "Autumn 2026"}, {}
        if parts.path == "/api/v1/weeks":
            return 200, [self.week_state()], {}
        if parts.path == "/api/v1/submissions":
            wanted = parse_qs(parts.query).get("week", [""])[0]
            if wanted != self.week:
                return 404, {"detail": f"There is no week {wanted} in this cohort."}, {}
            return self.keep(body) if method == "POST" else (200, [self.brief(one) for one in self.newest()], {})
        one = self.kept.get(unquote(parts.path).rsplit("/", 1)[-1])
        return (200, self.look(one), {}) if one else (404, {"detail": "There is no such submission of yours."}, {})

    def keep(self, body):
        json.loads(body)
        digest = hashlib.sha256(body).hexdigest()
        one = {
            "id": f"s{len(self.kept) + 1}", "week": self.week, "notebook": "assignment", "attempt": len(self.kept) + 1,
            "received": "2026-11-25T10:00:00+00:00", "sha256": digest, "late": "", "exercises": self.exercises,
        }  # fmt: skip
        self.kept[one["id"]] = one
        return 202, self.look(one), {}

    def look(self, one):
        count = self.looks[one["id"]] = self.looks.get(one["id"], -1) + 1
        total = len(one["exercises"])
        about = {key: value for key, value in one.items() if key != "exercises"}
        if count < 2:
            return about | {"state": "queued", "position": 2 - count, "progress": {"done": 0, "total": None}}
        if count < 4:
            return about | {"state": "running", "position": None, "progress": {"done": count - 2, "total": total}}
        return self.brief(one) | {"exercises": one["exercises"], "message": "", "notes": []}

    def brief(self, one):
        about = {key: value for key, value in one.items() if key != "exercises"}
        sums = {key: sum(exercise[key] for exercise in one["exercises"]) for key in ("points", "max_points")}
        return about | {"state": "graded", "score": sums["points"], "max_score": sums["max_points"]}

    def newest(self):
        return list(self.kept.values())[::-1]

    def week_state(self):
        scores = [self.brief(one)["score"] for one in self.kept.values()]
        state = {
            "name": "assignment", "max_score": 5, "attempts_used": len(scores), "attempts_left": 5 - len(scores),
            "next_attempt_at": None, "best_score": max(scores, default=None),
        }  # fmt: skip
        late = "2026-12-05T22:59:00+00:00"
        return {
            "week": self.week,
            "title": "Hearts",
            "released": True,
            "due": DUE,
            "late_until": late,
            "notebooks": [state],
        }


def exercise(name, *, points, most, message):
    """One exercise of a record."""
    return {
        "id": name, "title": f"Exercise: {name}", "points": points, "max_points": most, "passed": points == most,
        "message": message,
    }  # fmt: skip
