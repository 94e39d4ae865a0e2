"""The files for Kubernetes: every key is one of its own, and no learner's pod reaches the scheduler."""

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
    "Service": client.V1Service,
}
# The chart's keys (values.schema.yaml of chart 4) below those that these values use; the chart refuses any other.
CHART = {
    "": {"hub", "proxy", "singleuser", "cull", "scheduling", "prePuller"},
    "hub": {"image", "db", "config", "extraEnv", "extraConfig", "services", "extraVolumes", "extraVolumeMounts", "networkPolicy"},
    "hub.networkPolicy": {"enabled", "ingress"},
    "proxy": {"chp"},
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
    return [document for name in ("service.yaml", "dask.yaml", "network-policies.yaml") for document in documents(name)]


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
    ],
)
def test_who_reaches_whom(source, target, port, open_):
    assert reaches(source, target, port) is open_


def test_without_the_policies_the_scheduler_would_be_open():
    """So the table above says something."""
    assert allows("Ingress", "from", [], PODS["scheduler"], PODS["learner"], 8786)


def test_services_and_policies_select_the_pods_that_there_are():
    pods = [d["spec"]["template"]["metadata"]["labels"] for d in manifests() if d["kind"] == "Deployment"]
    assert [pod["role"] for pod in pods] == ["service", "scheduler", "worker"]
    for document in manifests():
        if document["kind"] == "Service":
            assert any(document["spec"]["selector"].items() <= pod.items() for pod in pods), document
        if document["kind"] == "NetworkPolicy":
            assert any(selects(document["spec"]["podSelector"], pod) for pod in pods), document


def test_scheduler_and_workers_speak_tls_only_and_have_no_dashboard():
    for document in manifests():
        if document["kind"] != "Deployment":
            continue
        (container,) = document["spec"]["template"]["spec"]["containers"]
        words = " ".join(container["command"])
        if "distributed" in words:
            assert "--no-dashboard" in words
            assert "--tls-key" in words
        assert "tcp://" not in words
        assert container["resources"]["limits"]["memory"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert document["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


def test_the_hub_s_code_in_the_values_sets_roster_and_roles(place, monkeypatch):
    (values,) = documents("hub-values.yaml")
    environment = values["hub"]["extraEnv"] | {"MEDLABS_COHORT": str(place / "cohort"), "MEDLABS_ACCOUNT": "root"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MEDLABS_ROOT", str(place / "repo"))
    config = Config()
    exec(values["hub"]["extraConfig"]["medlabs"], {"c": config})
    assert config.JupyterHub.authenticator_class.__name__ == "RosterRosterLTI13Authenticator"
    assert config.LTI13Authenticator.issuer == "https://canvas.instructure.com"
    assert f"formgrade-{COURSE}" in [role["name"] for role in config.JupyterHub.load_roles]
    assert "access:services!service=medlabs" in config.Spawner.server_token_scopes
