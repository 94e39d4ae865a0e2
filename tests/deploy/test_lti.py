"""Sign-in by LTI 1.3 on a real hub: the tests are the learning management system, with a key and pages of its own."""

import functools
import http.server
import json
import threading
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import running_hub
from cryptography.hazmat.primitives.asymmetric import rsa

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
CLIENT = "10000000000001"


class Platform:
    """A learning management system: its key, its page of public keys, and the launches that it signs."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        keys = json.dumps({"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}).encode()

        class Keys(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def launch(self, nonce, custom, *, key=None, **changed):
        """Sign the message that brings somebody to the tool."""
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": uuid.uuid4().hex, "iat": now, "exp": now + 300, "nonce": nonce,
            f"{CLAIM}message_type": "LtiResourceLinkRequest", f"{CLAIM}version": "1.3.0",
            f"{CLAIM}deployment_id": "1", f"{CLAIM}target_link_uri": "http://127.0.0.1/hub",
            f"{CLAIM}resource_link": {"id": "link"}, f"{CLAIM}roles": [], f"{CLAIM}context": {"id": "c", "label": "C"},
            f"{CLAIM}custom": custom,
        }  # fmt: skip
        return jwt.encode(claims | changed, key or self.key, "RS256", headers={"kid": "one"})


@pytest.fixture(scope="module")
def platform():
    made = Platform()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def hub(place, platform, tmp_path_factory):
    settings = {
        "MEDLABS_INSTRUCTORS": "prof",
        "MEDLABS_LTI_ISSUER": platform.url,
        "MEDLABS_LTI_AUTHORIZE_URL": f"{platform.url}/authorize",
        "MEDLABS_LTI_JWKS_URL": f"{platform.url}/keys",
        "MEDLABS_LTI_CLIENT_ID": CLIENT,
        "TEST_AUTHENTICATOR": "as shipped",
        "TEST_SERVICES": "none",
    }
    with running_hub.Hub(tmp_path_factory.mktemp("lti"), place, settings) as running:
        yield running


def sign_in(hub, platform, custom, **changed):
    """Go the way of a browser: from the system to the hub, back to the system, and to the hub with what it signed."""
    browser = hub.client()
    begun = browser.post(
        "/hub/lti13/oauth_login",
        data={"iss": platform.url, "login_hint": "7", "target_link_uri": f"{hub.url}/hub", "client_id": CLIENT},
    )
    assert begun.status_code == 302, begun.text
    assert begun.headers["location"].startswith(f"{platform.url}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    assert asked["redirect_uri"] == f"{hub.url}/hub/lti13/oauth_callback"
    assert (asked["response_type"], asked["response_mode"]) == ("id_token", "form_post")
    state, nonce = changed.pop("state", asked["state"]), changed.pop("nonce", asked["nonce"])
    signed = platform.launch(nonce, custom, **changed)
    answer = browser.post("/hub/lti13/oauth_callback", data={"id_token": signed, "state": state})
    return browser, answer


@pytest.mark.parametrize(
    ("said", "name"),
    [("ada", "ada"), ("zoe@UNI", "Zoe@uni"), ("prof", "prof")],
    ids=["a learner", "in other capitals", "an instructor"],
)
def test_a_launch_signs_in_under_the_id_of_the_roster(hub, platform, said, name):
    browser, answer = sign_in(hub, platform, {"roster_id": said})
    assert answer.status_code == 302, answer.text
    home = browser.get("/hub/home", follow_redirects=True)
    assert f'user: "{name}"' in home.text or f"/user/{name.replace('@', '%40')}" in home.text


def other_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    ("custom", "changed", "status", "words"),
    [
        ({"roster_id": "eve"}, dict, 403, "not on the roster"),
        ({}, dict, 403, "did not say who you are"),
        ({"roster_id": "$User.username"}, dict, 403, "did not say who you are"),
        ({"roster_id": ["ada"]}, dict, 403, "did not say who you are"),
        ({"roster_id": "ada"}, lambda: {"key": other_key()}, 400, ""),
        ({"roster_id": "ada"}, lambda: {"aud": "another-tool"}, 401, ""),
        ({"roster_id": "ada"}, lambda: {"iss": "https://elsewhere.example.org"}, 400, ""),
        ({"roster_id": "ada"}, lambda: {"exp": int(time.time()) - 60}, 400, ""),
        ({"roster_id": "ada"}, lambda: {"iat": int(time.time()) - 3600}, 400, ""),
        ({"roster_id": "ada"}, lambda: {"nonce": "guessed"}, 400, ""),
        ({"roster_id": "ada"}, lambda: {"state": "guessed"}, 400, ""),
    ],
    ids=[
        "stranger",
        "nobody",
        "unreplaced",
        "list",
        "other-key",
        "other-tool",
        "other-system",
        "over",
        "old",
        "nonce",
        "state",
    ],
)
def test_what_is_not_a_launch_of_somebody_on_the_roster_is_refused(hub, platform, custom, changed, status, words):
    browser, answer = sign_in(hub, platform, custom, **changed())
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert browser.get("/hub/api/user").status_code == 403


def test_the_configuration_that_canvas_reads_is_served(hub):
    said = hub.client().get("/hub/lti13/config").json()
    assert said["title"] == "medlabs"
    assert said["oidc_initiation_url"] == f"{hub.url}/hub/lti13/oauth_login"


def test_an_address_is_looked_up_on_the_roster(place):
    import hub_people
    import hub_settings
    import lti
    from tornado.web import HTTPError

    settings = hub_settings.Settings(place / "cohort", instructors=("prof",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDLABS_ROOT", str(place / "repo"))
        made = functools.partial(
            hub_people.authenticator(settings, lti.RosterLTI13Authenticator), username_key="email"
        )()
        assert made.get_username({"email": "ADA@example.org", "sub": "ben"}) == "ada"
        for wrong in ({"email": "eve@example.org"}, {"email": "prof@example.org"}, {"sub": "ada"}, {"email": ""}):
            with pytest.raises(HTTPError) as refused:
                made.get_username(wrong)
            assert refused.value.status_code == 403
