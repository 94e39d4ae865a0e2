"""A workspace of the golden week, as `medlabs lab` lays it out."""

import pytest
from tiny_weeks import NAME, make_repository

from autograder import build, paths, workspace
from autograder.lab.desk import Desk
from autograder.lab.extension import Lab


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    root = tmp_path_factory.mktemp("repository")
    build.build_week(build.read_week(make_repository(root)))
    return root


@pytest.fixture
def space(repository, tmp_path, monkeypatch):
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(repository))
    folder = tmp_path / "workspace"
    workspace.lay_out({NAME: paths.release_folder(repository / NAME)}, folder)
    return folder


@pytest.fixture
def lab(space):
    return Lab(space, space, Desk(space))
