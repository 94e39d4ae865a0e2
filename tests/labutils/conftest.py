"""Fixtures for tests of data sets: a folder of their own for downloads, and a server on this machine."""

import pytest
from file_server import FileServer


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder that MEDLABS_DATA names; it does not exist yet."""
    monkeypatch.setenv("MEDLABS_DATA", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = FileServer()
    yield server
    server.close()
