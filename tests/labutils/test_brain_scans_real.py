"""The loaders of brain scans on the real samples that lie beside the checkout."""

import shutil
from pathlib import Path

import nibabel
import numpy as np
import pytest

from labutils.datasets import list_decathlon, load_brats, load_decathlon

REAL = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def real():
    if not (REAL / "decathlon_msd").is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so the loaders were tried on made scans only")
    return REAL


def test_real_decathlon_cases(real):
    assert list_decathlon(real / "decathlon_msd") == ["BRATS_009", "BRATS_119"]
    scan = load_decathlon(real / "decathlon_msd", "BRATS_119")
    assert scan.image.shape == (240, 240, 31, 4)
    assert scan.image.min() == 0
    assert np.bincount(scan.label.ravel()).tolist() == [1_700_303, 62_778, 16_837, 5_682]
    inside = scan.image[..., 0] > 0
    assert scan.image[..., 0][scan.label == 1].mean() > scan.image[..., 0][inside & (scan.label == 0)].mean()
    assert nibabel.aff2axcodes(scan.affine) == ("R", "A", "S")


def test_real_whole_label_maps(real, tmp_path):
    task = tmp_path / "Task01_BrainTumour"
    (task / "imagesTr").mkdir(parents=True)
    shutil.copytree(real / "msd_task01_labels" / "labelsTr", task / "labelsTr")
    assert list_decathlon(tmp_path)[:2] == ["BRATS_001", "BRATS_002"]
    with pytest.raises(FileNotFoundError, match="BRATS_001"):
        load_decathlon(tmp_path, "BRATS_001")


def test_a_real_case_in_brats_layout_with_negative_intensities(real, tmp_path):
    source = next((real / "tcga_lgg").iterdir())
    case = tmp_path / "case"
    case.mkdir()
    for ours, theirs in {
        "flair": "fla_bet",
        "t1": "t1_bet",
        "t1ce": "t1c_bet",
        "t2": "t2_bet",
        "seg": "seg_simple_fusion",
    }.items():
        shutil.copy(next(source.glob(f"*_{theirs}.nii.gz")), case / f"case_{ours}.nii.gz")
    scan = load_brats(case)
    assert scan.image.shape == (240, 240, 155, 4)
    assert scan.image.min() == 0
    assert set(np.unique(scan.label)) == {0, 1, 2}
    raw = np.asarray(nibabel.load(case / "case_seg.nii.gz").dataobj)
    assert (scan.label == 1).sum() == (raw == 2).sum()
    assert np.array_equal(scan.label == 2, (raw == 1)[::-1, ::-1])  # stored to the left and back
