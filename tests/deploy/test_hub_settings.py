"""What a hub is told, what it makes of it, and the sentence for what it cannot use."""

import os

import hub_files
import hub_people
import hub_roles
import hub_settings
import lti
import pytest
from hub_settings import Settings


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cohort.toml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("COHORT", "autumn", "write the whole path"),
        ("COHORT", "/nowhere/at/all", "no cohort.toml is"),
        ("STATE", "here", "write the whole path"),
        ("INSTRUCTORS", "prof, ../x", "names '../x'"),
        ("GRADERS", "a;b", "names 'a;b'"),
        ("AUTHENTICATOR", "ldap", "write lti, pam, or"),
        ("AUTHENTICATOR", "jupyterhub.auth.DummyAuthenticator", "lets anybody in"),
        ("BIND", "0.0.0.0:80", "give http://"),
        ("BIND", "http://127.0.0.1:8000/hub", "without a path"),
        ("SUBDOMAINS", "hub.example.org", "give http://"),
        ("SERVICE_PORT", "0", "from 1 to 65000"),
        ("HUB_PORT", "many", "from 1 to 65535"),
        ("MEMORY", "lots", "as 1500M or 2G"),
        ("MEMORY", "2", "as 1500M or 2G"),
        ("CPUS", "nan", "from 0.1 to 256"),
        ("IDLE_MINUTES", "1", "from 5 to 10000"),
        ("ACCOUNT", "nobody-is-called-so", "There is no account"),
    ],
)
def test_one_sentence_names_the_variable_and_what_to_write(folder, monkeypatch, name, value, words):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    given = {"MEDLABS_COHORT": str(folder), "MEDLABS_ACCOUNT": "root", f"MEDLABS_{name}": value}
    with pytest.raises(ValueError, match=words.replace("(", r"\(")) as error:
        hub_settings.read(given)
    assert "\n" not in str(error.value)
    assert f"MEDLABS_{name}" in str(error.value) or name == "ACCOUNT"


def test_a_hub_without_a_cohort_says_what_to_set():
    with pytest.raises(ValueError, match="MEDLABS_COHORT is not set"):
        hub_settings.read({})


def test_nobody_is_named_twice(folder):
    given = {"MEDLABS_COHORT": str(folder), "MEDLABS_INSTRUCTORS": "prof", "MEDLABS_GRADERS": "cy, prof"}
    with pytest.raises(ValueError, match="once is enough"):
        hub_settings.read(given)


def test_settings_have_defaults_and_types(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    given = {
        "MEDLABS_COHORT": str(folder),
        "MEDLABS_GRADERS": "cy dan",
        "MEDLABS_CPUS": "1.5",
        "MEDLABS_SERVE_OPTIONS": "--workers 4",
    }
    assert hub_settings.read(given) == Settings(
        folder, account=None, graders=("cy", "dan"), cpus=1.5, serve_options=("--workers", "4")
    )


def test_groups_follow_from_who_somebody_is(folder):
    settings = Settings(folder, instructors=("prof",), graders=("cy",))
    courses = ["course1", "course2"]
    both = ["formgrade-course1", "formgrade-course2"]
    assert hub_people.groups_of(settings, courses, "prof") == [*both, "instructors"]
    assert hub_people.groups_of(settings, courses, "cy") == both
    assert hub_people.groups_of(settings, courses, "ada") == ["learners"]


def test_no_role_reaches_into_servers_tokens_or_other_services():
    for role in hub_roles.roles(["course1"]):
        for scope in role["scopes"]:
            base, _, filtered = scope.partition("!")
            assert base != "access:servers", role
            assert "tokens" not in base, role
            assert base not in ("admin:users", "admin:servers", "admin:auth_state", "proxy", "shutdown"), role
            if base == "access:services":
                assert filtered.startswith("service="), role


def test_services_run_as_the_account_and_listen_on_this_machine_only(folder, tmp_path):
    files = hub_files.Files(tmp_path, tmp_path, {"course1": tmp_path}, tmp_path, {"PATH": "/bin"})
    listed = hub_roles.services(Settings(folder, service_port=7000), ["course1"], files)
    assert [service["name"] for service in listed] == ["medlabs", "course1", "idle-culler"]
    assert [service["user"] for service in listed[:2]] == ["medlabs", "medlabs"]
    assert [service["url"] for service in listed[:2]] == ["http://127.0.0.1:7000", "http://127.0.0.1:7001"]
    assert not any("TOKEN" in name for service in listed for name in service.get("environment", {}))


def test_a_unit_hides_the_cohort_the_hub_s_secrets_and_the_sources(place, monkeypatch):
    monkeypatch.setenv("MEDLABS_ROOT", str(place / "repo"))
    hidden = hub_files.unit_properties(Settings(place / "cohort"))["InaccessiblePaths"].split()
    repository = place / "repo"
    expected = [place / "cohort", "/var/lib/medlabs-hub/private", repository / ".git", repository / "course1_tiny"]
    assert hidden == [f"-{path}" for path in expected]


CANVAS = {"MEDLABS_LTI_PLATFORM": "canvas", "MEDLABS_LTI_CLIENT_ID": "10000000000001"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"MEDLABS_LTI_CLIENT_ID": ""}, "MEDLABS_LTI_CLIENT_ID is not set"),
        ({"MEDLABS_LTI_PLATFORM": ""}, "MEDLABS_LTI_ISSUER is not set"),
        ({"MEDLABS_LTI_PLATFORM": "blackboard"}, "write canvas, or the address of your Moodle"),
        ({"MEDLABS_LTI_PLATFORM": "http://moodle.example.org"}, "give an https:// address"),
        ({"MEDLABS_LTI_JWKS_URL": "ftp://x"}, "MEDLABS_LTI_JWKS_URL is 'ftp://x'"),
        ({"MEDLABS_LTI_AUTHORIZE_URL": "https://x/#y"}, "without what follows #"),
    ],
)
def test_lti_settings_that_cannot_be_used_are_named(changed, words):
    with pytest.raises(ValueError, match=words.replace("#", r"\#")):
        lti.read(CANVAS | changed)


def test_lti_knows_the_addresses_of_canvas_and_moodle():
    canvas = lti.read(CANVAS)
    assert canvas["issuer"] == "https://canvas.instructure.com"
    assert canvas["client_id"] == {"10000000000001"}
    assert canvas["username_key"] == "custom_roster_id"
    moodle = lti.read({"MEDLABS_LTI_PLATFORM": "https://moodle.example.org/", "MEDLABS_LTI_CLIENT_ID": "a b"})
    assert moodle["jwks_endpoint"] == "https://moodle.example.org/mod/lti/certs.php"
    assert moodle["authorize_url"] == "https://moodle.example.org/mod/lti/auth.php"
    assert moodle["client_id"] == {"a", "b"}


def test_who_is_taken_off_the_roster_is_out_and_who_stays_is_in_the_right_groups(place, monkeypatch):
    import asyncio
    import shutil
    from types import SimpleNamespace

    from jupyterhub.auth import NullAuthenticator

    monkeypatch.setenv("MEDLABS_ROOT", str(place / "repo"))
    cohort = place.parent / "renewed"
    shutil.copytree(place / "cohort", cohort)
    made = hub_people.authenticator(Settings(cohort, instructors=("prof",)), NullAuthenticator)()

    def asked(name):
        return asyncio.run(made.refresh_user(SimpleNamespace(name=name)))

    assert asked("ada")["groups"] == ["learners"]
    assert asked("prof")["groups"] == ["formgrade-course1_tiny", "instructors"]
    roster = (cohort / "roster.csv").read_text()
    (cohort / "roster.csv").write_text("".join(line for line in roster.splitlines(True) if not line.startswith("ada")))
    assert asked("ada") is False
    assert asked("ben")["groups"] == ["learners"]
    shutil.rmtree(cohort)
