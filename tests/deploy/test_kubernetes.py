"""The files for Kubernetes: every key is one of its own, and no learner's pod reaches the scheduler."""

import subprocess

import pytest
import running_hub
import yaml
from kubernetes import client
from tiny_weeks import COURSE
from traitlets.config import Config

FOLDER = running_hub.DEPLOY / "kubernetes"
KINDS = {
    "Deployment": client.V1Deployment,
    "NetworkPolicy": client.V1NetworkPolicy,
    "PersistentVolumeClaim": client.V1PersistentVolumeClaim,
    "Pod": client.V1Pod,
    "Service": client.V1Service,
}
# The chart's keys (values.schema.yaml of chart 4) below those that these values use; the chart refuses any other.
CHART = {
    "": {"hub", "proxy", "singleuser", "cull", "scheduling", "prePuller"},
    "hub": {"image", "db", "config", "extraEnv", "extraConfig", "services", "extraVolumes", "extraVolumeMounts", "networkPolicy"},
    "hub.networkPolicy": {"enabled", "ingress"},
    "proxy": {"chp", "https"},
    "proxy.https": {"enabled", "type", "hosts", "letsencrypt"},
    "proxy.https.letsencrypt": {"contactEmail"},
    "proxy.chp": {"networkPolicy"},
    "proxy.chp.networkPolicy": {"enabled", "egress"},
    "singleuser": {
        "image", "cmd", "defaultUrl", "uid", "fsGid", "allowPrivilegeEscalation", "extraEnv", "memory", "cpu", "storage",
        "cloudMetadata", "networkPolicy",
    },
    "singleuser.networkPolicy": {"enabled", "egressAllowRules", "egress"},
    "singleuser.networkPolicy.egressAllowRules": {"cloudMetadataServer", "nonPrivateIPs", "privateIPs"},
    "cull": {"enabled", "timeout", "every"},
}  # fmt: skip


def documents(name):
    return list(yaml.safe_load_all((FOLDER / name).read_text()))


def manifests():
    names = ("service.yaml", "dask.yaml", "instructor.yaml", "network-policies.yaml")
    return [document for name in names for document in documents(name)]


def pods():
    """Give every pod of the manifests: its labels, and what is said of it."""
    for document in manifests():
        if document["kind"] in ("Deployment", "Pod"):
            pod = document["spec"]["template"] if document["kind"] == "Deployment" else document
            yield pod["metadata"]["labels"], pod["spec"]


@pytest.mark.parametrize("document", manifests(), ids=lambda d: f"{d['kind']}-{d['metadata']['name']}")
def test_kubernetes_own_description_knows_every_key_and_value(document):
    assert KINDS[document["kind"]].model_validate(document).metadata.name == document["metadata"]["name"]


def test_a_key_that_does_not_exist_is_found():
    document = documents("service.yaml")[1]
    document["spec"]["template"]["spec"]["containers"][0]["securityContext"]["allowEverything"] = True
    with pytest.raises(ValueError, match="allowEverything"):
        KINDS["Deployment"].model_validate(document)


def test_the_values_have_the_chart_s_keys():
    (values,) = documents("hub-values.yaml")
    for place, allowed in CHART.items():
        content = values
        for key in filter(None, place.split(".")):
            content = content[key]
        assert set(content) <= allowed, place


# --- Who reaches whom, worked out as Kubernetes does: what no policy selects is open, what one selects is closed but for its rules.

LEARNER = {"app": "jupyterhub", "component": "singleuser-server", "release": "hub"}
PODS = {
    "learner": LEARNER,
    "hub": {"app": "jupyterhub", "component": "hub"},
    "proxy": {"app": "jupyterhub", "component": "proxy"},
    "stranger": {"app": "something-else"},
    "service": {"app": "medlabs", "role": "service"},
    "scheduler": {"app": "medlabs", "role": "scheduler"},
    "worker": {"app": "medlabs", "role": "worker"},
    "instructor": {"app": "medlabs", "role": "instructor"},
    "database": {"app": "medlabs-database"},
}


def selects(selector, labels):
    assert set(selector) <= {"matchLabels"}, "the only kind of selector in these files"
    return selector.get("matchLabels", {}).items() <= labels.items()


def allows(direction, key, policies, here, there, port):
    """Say whether the policies of one side let a connection pass."""
    mine = [
        policy["spec"]
        for policy in policies
        if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], here)
    ]
    if not mine:
        return True
    for rule in (rule for spec in mine for rule in spec.get(direction.lower(), [])):
        peers = rule.get(key)
        met = peers is None or any("podSelector" in peer and selects(peer["podSelector"], there) for peer in peers)
        if met and ("ports" not in rule or any(p["port"] == port and p["protocol"] == "TCP" for p in rule["ports"])):
            return True
    return False


def reaches(source, target, port):
    (values,) = documents("hub-values.yaml")
    learners = {
        "spec": {
            "podSelector": {"matchLabels": {"component": "singleuser-server"}},
            "policyTypes": ["Egress"],
            "egress": values["singleuser"]["networkPolicy"]["egress"],
        }
    }
    policies = [*documents("network-policies.yaml"), learners]
    ends = PODS[source], PODS[target]
    return allows("Egress", "to", policies, *ends, port) and allows("Ingress", "from", policies, *ends[::-1], port)


@pytest.mark.parametrize(
    ("source", "target", "port", "open_"),
    [
        ("learner", "service", 8787, True),
        ("proxy", "service", 8787, True),
        ("service", "scheduler", 8786, True),
        ("worker", "scheduler", 8786, True),
        ("scheduler", "worker", 40_000, True),
        ("service", "hub", 8081, True),
        ("service", "database", 5432, True),
        ("learner", "scheduler", 8786, False),
        ("learner", "worker", 40_000, False),
        ("learner", "database", 5432, False),
        ("learner", "service", 22, False),
        ("hub", "scheduler", 8786, False),
        ("proxy", "scheduler", 8786, False),
        ("stranger", "scheduler", 8786, False),
        ("stranger", "service", 8787, False),
        ("worker", "service", 8787, False),
        ("worker", "hub", 8081, False),
        ("worker", "database", 5432, False),
        ("learner", "instructor", 8888, False),
        ("service", "instructor", 8888, False),
        ("instructor", "service", 8787, False),
        ("instructor", "scheduler", 8786, False),
    ],
)
def test_who_reaches_whom(source, target, port, open_):
    assert reaches(source, target, port) is open_


def test_without_the_policies_the_scheduler_would_be_open():
    """So the table above says something."""
    assert allows("Ingress", "from", [], PODS["scheduler"], PODS["learner"], 8786)


def test_services_and_policies_select_the_pods_that_there_are():
    there = [labels for labels, _ in pods()]
    assert [labels["role"] for labels in there] == ["service", "scheduler", "worker", "instructor"]
    for document in manifests():
        if document["kind"] == "Service":
            assert any(document["spec"]["selector"].items() <= labels.items() for labels in there), document
        if document["kind"] == "NetworkPolicy":
            assert any(selects(document["spec"]["podSelector"], labels) for labels in there), document


def test_scheduler_and_workers_speak_tls_only_and_have_no_dashboard():
    for _, spec in pods():
        (container,) = spec["containers"]
        words = " ".join(container["command"])
        if "distributed" in words:
            assert "--no-dashboard" in words
            assert "--tls-key" in words
        assert "tcp://" not in words
        assert container["resources"]["limits"]["memory"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert spec["automountServiceAccountToken"] is False


def test_the_instructor_s_pod_has_the_cohort_and_what_the_sandbox_of_a_worker_has():
    found = {labels["role"]: spec for labels, spec in pods()}
    instructor, worker = found["instructor"], found["worker"]
    for name in ("hostUsers", "securityContext"):
        assert instructor[name] == worker[name]
    (ours,), (theirs,) = instructor["containers"], worker["containers"]
    assert (ours["image"], ours["securityContext"]) == (theirs["image"], theirs["securityContext"])
    assert instructor["volumes"] == [volume for volume in found["service"]["volumes"] if volume["name"] == "cohort"]


def test_service_and_hub_look_where_the_page_makes_the_cohort():
    (values,) = documents("hub-values.yaml")
    (service,) = next(spec for labels, spec in pods() if labels["role"] == "service")["containers"]
    folder = values["hub"]["extraEnv"]["MEDLABS_COHORT"]
    assert service["command"][service["command"].index("--cohort") + 1] == folder
    assert f"cohort create autumn --roster /tmp/roster.csv --dir {folder}\n" in (
        running_hub.ROOT / "docs" / "deploy.md"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("weeks", "there"),
    [
        (None, {path.parent.name for path in running_hub.ROOT.glob("course*/week*/week.toml")}),
        ("course1_diagnosis/week1_chest_xray course2_*/week1_*", {"week1_chest_xray", "week1_risk_scores"}),
    ],
    ids=["all", "some"],
)
def test_learners_image_holds_the_weeks_that_it_is_told(tmp_path, weeks, there):
    """The lines of the Dockerfile, run on the checkout."""
    stage = (running_hub.DEPLOY / "Dockerfile").read_text().partition(" AS seen\n")[2].partition("\nFROM ")[0]
    default, _, script = stage.partition("ARG WEEKS=")[2].partition("\nRUN ")
    script = script.replace("/opt/all", str(running_hub.ROOT)).replace("/opt/courses", str(tmp_path))
    weeks = default.strip('"') if weeks is None else weeks
    subprocess.run(["sh", "-c", script], env={"PATH": "/usr/bin:/bin", "WEEKS": weeks}, check=True)
    assert {path.parent.name for path in tmp_path.glob("course*/week*/week.toml")} == there
    assert {path.parent.name for path in tmp_path.glob("course*/release/*/assignment.ipynb")} == there
    assert not list(tmp_path.rglob("*.py"))


def test_the_hub_s_code_in_the_values_sets_roster_and_roles(place, monkeypatch):
    (values,) = documents("hub-values.yaml")
    environment = values["hub"]["extraEnv"] | {"MEDLABS_COHORT": str(place / "cohort"), "MEDLABS_ACCOUNT": "root"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MEDLABS_ROOT", str(place / "repo"))
    config = Config()
    config.JupyterHub.load_roles = [
        {"name": "jupyterhub-idle-culler", "services": ["jupyterhub-idle-culler"]}
    ]  # as the chart
    exec(values["hub"]["extraConfig"]["medlabs"], {"c": config})
    assert config.JupyterHub.authenticator_class.__name__ == "RosterRosterLTI13Authenticator"
    assert config.LTI13Authenticator.issuer == "https://canvas.instructure.com"
    roles = [role["name"] for role in config.JupyterHub.load_roles]
    assert {"jupyterhub-idle-culler", "user", "instructors", f"formgrade-{COURSE}"} <= set(roles)
    assert "idle-culler" not in roles, "one host's, whose service is not there"
    assert "access:services!service=medlabs" in config.Spawner.server_token_scopes
