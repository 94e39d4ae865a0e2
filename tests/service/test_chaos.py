"""A short storm: service, workers, scheduler and database are killed, and every mark is what it would have been."""

import pytest
from service import chaos


@pytest.mark.slow
@pytest.mark.parametrize(("dask", "seed"), [(False, 11), (True, 12)], ids=["local workers", "Dask cluster"])
def test_no_mark_is_lost_or_changed(tmp_path, dask, seed):
    got, wanted, per, killed = chaos.run(tmp_path, kills=4, submissions=24, seed=seed, dask=dask, learners=8)
    assert {key: value or 0.0 for key, value in got.items() if key in wanted} == wanted
    assert all(not value for key, value in got.items() if key not in wanted)
    assert len(per) == 24
    assert set(per.values()) == {1}, "each submission has exactly one final record"
    assert sum(killed.values()) == 4
