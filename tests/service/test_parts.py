"""The service's smaller parts: its time, its gate, and who is who."""

import http.server
import json
import threading
import time

import pytest

from autograder.service import identity
from autograder.service.clock import Clock
from autograder.service.gate import Gate
from autograder.service.identity import INSTRUCTOR, LEARNER, Person
from autograder.service.store import Refusal


class Hands:
    """Two clocks that a test sets."""

    def __init__(self):
        self.wall, self.steady = 1_000_000.0, 50.0

    def clock(self):
        return Clock(wall=lambda: self.wall, steady=lambda: self.steady)


@pytest.mark.parametrize("jump", [86_400.0, -86_400.0, 3_600.0])
def test_setting_the_clock_moves_no_receipt(jump):
    hands = Hands()
    clock = hands.clock()
    hands.wall += 10 + jump
    hands.steady += 10
    assert clock.now() == 1_000_010.0
    assert clock.jumped
    assert clock.apart == jump
    assert hands.clock().now() == hands.wall, "a new start takes the machine's time"


def test_a_clock_that_runs_is_no_jump():
    hands = Hands()
    clock = hands.clock()
    hands.wall += 500.5
    hands.steady += 500.0
    assert not clock.jumped


def test_many_together_one_alone():
    gate, log, lock = Gate(), [], threading.Lock()
    inside, most, overlap = [0], [0], [False]

    def work(alone):
        with gate.alone() if alone else gate.together():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                overlap[0] |= alone and inside[0] > 1
                log.append(alone)
            time.sleep(0.02)
            with lock:
                overlap[0] |= alone and inside[0] > 1
                inside[0] -= 1

    threads = [threading.Thread(target=work, args=(n % 5 == 0,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(log) == 20
    assert most[0] > 1
    assert not overlap[0]


def test_company_is_noticed_whoever_came_first():
    gate = Gate()
    with gate.together() as first:
        assert not first()
        with gate.together() as second:
            assert second()
        assert first()
    with gate.together() as later:
        assert not later()


@pytest.fixture
def tokens(tmp_path):
    hands = Hands()
    return identity.LocalTokens(tmp_path / "tokens.json", hands.clock()), tmp_path / "tokens.json", hands


def test_a_token_says_who_and_only_its_hash_is_kept(tokens):
    source, path, _ = tokens
    given = identity.give_tokens(path, [Person("ada", LEARNER), Person("prof", INSTRUCTOR)])
    assert source.who(given["ada"]) == Person("ada", LEARNER)
    assert source.who(given["prof"]) == Person("prof", INSTRUCTOR)
    assert given["ada"] not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    for wrong in ("", "x", given["ada"] + "x", identity.hash_of(given["ada"]), "\udcff"):
        with pytest.raises(Refusal, match="not known here") as refused:
            source.who(wrong)
        assert refused.value.status == 401


def test_a_new_token_ends_the_old_and_others_stay(tokens):
    source, path, _ = tokens
    old = identity.give_tokens(path, [Person("ada", LEARNER), Person("bob", LEARNER)])
    new = identity.give_tokens(path, [Person("ada", LEARNER)])
    assert source.who(new["ada"]).id == "ada"
    assert source.who(old["bob"]).id == "bob"
    with pytest.raises(Refusal):
        source.who(old["ada"])


def test_a_token_ends_at_its_time(tokens):
    source, path, hands = tokens
    given = identity.give_tokens(path, [Person("ada", LEARNER)], expires=1_000_100.0)
    assert source.who(given["ada"]).id == "ada"
    hands.steady += 101
    with pytest.raises(Refusal, match="has expired"):
        source.who(given["ada"])


def test_a_damaged_file_of_tokens_is_named(tmp_path):
    path = tmp_path / "tokens.json"
    path.write_text("[1, 2")
    with pytest.raises(ValueError, match=r"tokens\.json is damaged: delete it"):
        identity.read_tokens(path)


@pytest.fixture
def hub():
    """A server that answers as a hub's ``/hub/api/user`` does."""
    people = {
        "t-ada": {"kind": "user", "name": "ada", "admin": False, "groups": []},
        "t-prof": {"kind": "user", "name": "prof", "admin": False, "groups": ["formgrade-course1_tiny"]},
        "t-root": {"kind": "user", "name": "root", "admin": True, "groups": []},
        "t-service": {"kind": "service", "name": "medlabs", "admin": False},
    }
    asked = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            token = self.headers["Authorization"].removeprefix("token ")
            asked.append((self.path, token))
            status = 500 if token == "t-broken" else 200 if token in people else 403
            content = json.dumps(people.get(token, {})).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source = identity.HubTokens(f"http://127.0.0.1:{server.server_port}/hub/api", ["formgrade-course1_tiny"])
    yield source, asked, server
    source.client.close()
    server.shutdown()
    server.server_close()


def test_the_hub_says_who(hub):
    source, asked, _ = hub
    assert source.who("t-ada") == Person("ada", LEARNER)
    assert source.who("t-prof") == Person("prof", INSTRUCTOR)
    assert source.who("t-root") == Person("root", INSTRUCTOR)
    assert source.who("t-ada") == Person("ada", LEARNER)
    assert asked == [("/hub/api/user", token) for token in ("t-ada", "t-prof", "t-root")], "the last was remembered"


@pytest.mark.parametrize(("token", "status"), [("forged", 401), ("t-service", 401), ("t-broken", 503)])
def test_the_hub_does_not_know_everybody(hub, token, status):
    with pytest.raises(Refusal) as refused:
        hub[0].who(token)
    assert refused.value.status == status


def test_a_dead_hub_is_said_in_words(hub):
    source, _, server = hub
    server.shutdown()
    server.server_close()
    with pytest.raises(Refusal, match="The hub does not answer") as refused:
        source.who("t-ada")
    assert refused.value.status == 503


def test_a_local_token_or_the_hub(hub, tokens):
    local, path, hands = tokens
    given = identity.give_tokens(path, [Person("bob", LEARNER)], expires=1_000_100.0)
    both = identity.Either(local, hub[0])
    assert both.who(given["bob"]).id == "bob"
    assert both.who("t-ada").id == "ada"
    with pytest.raises(Refusal, match="not known here"):
        both.who("forged")
    hands.steady += 200
    with pytest.raises(Refusal, match="has expired"):
        both.who(given["bob"])
