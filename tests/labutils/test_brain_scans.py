"""Painted gliomas, and loaders on made files in each layout: what is mapped, what is refused and how."""

import gzip

import nibabel
import numpy as np
import pytest

from labutils import datasets
from labutils.datasets import brain_scans
from labutils.datasets.mni import halve, load_template


@pytest.fixture(scope="module")
def painted():
    return datasets.make_gliomas(4, 7)


def test_a_painted_scan_has_the_promised_form(painted):
    for scan in painted:
        assert scan.image.shape == (120, 120, 78, 4)
        assert scan.image.dtype == np.float32
        assert scan.label.dtype == np.uint8
        assert set(np.unique(scan.label)) <= {0, 1, 2, 3}
        outside = (scan.image == 0).all(axis=-1)
        assert (scan.image[~outside] > 0).all()
        assert not scan.label[outside].any()


def test_seeds_repeat_and_the_first_patients_do_not_depend_on_how_many(painted):
    again = datasets.make_gliomas(2, 7)
    assert np.array_equal(again[1].image, painted[1].image)
    assert not np.array_equal(painted[0].label, painted[1].label)


def test_contrasts_are_those_of_gliomas(painted):
    def mean(scan, channel, code):
        return np.median(scan.image[..., channel][scan.label == code])

    for scan in painted:
        healthy = (scan.image[..., 0] > 0) & (scan.label == 0)
        assert mean(scan, 0, 1) > np.median(scan.image[..., 0][healthy])  # oedema is bright on FLAIR
        if (scan.label == 3).sum() > 100:
            assert mean(scan, 2, 3) / mean(scan, 2, 2) > mean(scan, 1, 3) / mean(
                scan, 1, 2
            )  # the rim takes up contrast


def test_no_contrast_when_asked_and_bad_arguments():
    scan = datasets.paint_glioma(3, spacing=2, enhancing=False)
    assert not (scan.label == 3).any()
    with pytest.raises(ValueError, match="spacing"):
        datasets.paint_glioma(3, spacing=3)
    with pytest.raises(ValueError, match="scanner"):
        datasets.paint_glioma(3, spacing=2, scanner="C")


@pytest.mark.slow
def test_a_full_size_scan_takes_seconds_of_a_processor():
    import time

    load_template(1)
    start = time.process_time()
    scan = datasets.paint_glioma(5)
    assert scan.image.shape == (240, 240, 155, 4)
    assert time.process_time() - start < 10


def test_the_template_and_its_notice():
    template = load_template(2)
    total = template.grey + template.white + template.fluid
    assert 0.9 < total[template.mask].mean() < 1.1
    assert "Louis Collins" in datasets.MNI_NOTICE
    assert halve(np.ones((3, 4, 5))).shape == (2, 2, 3)


SHAPE = (6, 5, 4)


def save(path, values, affine=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4) if affine is None else affine), path)


def brats(folder, style, codes, *, case="case1", affine=None, low=1.0):
    sequences, suffix = {
        "2021": (("_flair", "_t1", "_t1ce", "_t2"), "_seg"),
        "2023": (("-t2f", "-t1n", "-t1c", "-t2w"), "-seg"),
    }[style]
    rng = np.random.default_rng(1)
    for number, sequence in enumerate(sequences):
        save(
            folder / case / f"{case}{sequence}.nii.gz", (rng.uniform(low, 9, SHAPE) + number).astype("float32"), affine
        )
    label = np.zeros(SHAPE, np.uint8)
    label[0, 0, : len(codes)] = codes
    save(folder / case / f"{case}{suffix}.nii.gz", label, affine)
    return folder / case


@pytest.mark.parametrize(("style", "codes"), [("2021", (1, 2, 4)), ("2023", (1, 2, 3))])
def test_brats_codes_are_mapped(tmp_path, style, codes):
    scan = datasets.load_brats(brats(tmp_path, style, codes))
    assert scan.label[0, 0].tolist() == [2, 1, 3, 0]
    assert scan.image.shape == (*SHAPE, 4)
    assert (np.diff(scan.image.mean(axis=(0, 1, 2))) > 0).all()  # FLAIR, T1w, T1-Gd, T2w in this order
    assert [path.name for path in datasets.list_brats(tmp_path)] == ["case1"]


def test_axes_are_turned_to_right_front_top(tmp_path):
    flipped = np.diag([-1.0, -1, 1, 1])
    scan = datasets.load_brats(brats(tmp_path, "2021", (1, 2, 4), affine=flipped))
    assert nibabel.aff2axcodes(scan.affine) == ("R", "A", "S")
    assert scan.label[-1, -1].tolist() == [2, 1, 3, 0]


def test_codes_of_another_year_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"seg.*\[0, 1, 2, 3\].*found 4"):
        datasets.load_brats(brats(tmp_path, "2023", (1, 2, 4)))
    with pytest.raises(ValueError, match=r"seg.*\[0, 1, 2, 4\].*found 3"):
        datasets.load_brats(brats(tmp_path, "2021", (1, 2, 3), case="case2"))


def test_a_missing_sequence_is_named(tmp_path):
    folder = brats(tmp_path, "2021", (1,))
    (folder / "case1_t1ce.nii.gz").unlink()
    with pytest.raises(ValueError, match="_t1ce"):
        datasets.load_brats(folder)
    with pytest.raises(ValueError, match="four sequences"):
        datasets.load_brats(tmp_path)


def test_negative_intensities_are_moved_up(tmp_path):
    scan = datasets.load_brats(brats(tmp_path, "2021", (1,), low=-5.0))
    assert scan.image.min() >= 0
    assert scan.image[..., 0].min() > 0


def decathlon(folder, image, label, case="BRATS_001"):
    task = folder / "Task01_BrainTumour"
    save(task / "imagesTr" / f"{case}.nii.gz", image)
    save(task / "labelsTr" / f"{case}.nii.gz", label)
    (task / "labelsTr" / f"._{case}.nii.gz").write_bytes(b"macOS")
    return task


def good_image():
    return np.random.default_rng(2).uniform(1, 9, (*SHAPE, 4)).astype("float32")


def test_the_decathlon_and_its_hidden_files(tmp_path):
    label = np.zeros(SHAPE, np.uint8)
    label[0, 0, :3] = 1, 2, 3
    decathlon(tmp_path, good_image(), label)
    assert datasets.list_decathlon(tmp_path) == ["BRATS_001"]
    scan = datasets.load_decathlon(tmp_path, "BRATS_001")
    assert scan.label[0, 0].tolist() == [1, 2, 3, 0]
    assert not datasets.load_decathlon(tmp_path, "BRATS_001", labels=False).label.any()


@pytest.mark.parametrize(
    ("image", "label", "words"),
    [
        (good_image()[..., 0], np.zeros(SHAPE, np.uint8), "expected 4 axes"),
        (good_image()[..., :3], np.zeros(SHAPE, np.uint8), "expected 4 channels"),
        (good_image(), np.zeros((6, 5, 3), np.uint8), "voxels as in the image"),
        (good_image(), np.full(SHAPE, 4, np.uint8), "found 4"),
        (good_image() * [1, 1, 0, 1], np.zeros(SHAPE, np.uint8), "channel 2 is 0 everywhere"),
        (good_image() * np.nan, np.zeros(SHAPE, np.uint8), "finite"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_file(tmp_path, image, label, words):
    decathlon(tmp_path, image.astype("float32"), label)
    with pytest.raises(ValueError, match=words) as error:
        datasets.load_decathlon(tmp_path, "BRATS_001")
    assert "BRATS_001" in str(error.value)


def test_a_truncated_file_is_named(tmp_path):
    task = decathlon(tmp_path, good_image(), np.zeros(SHAPE, np.uint8))
    path = task / "imagesTr" / "BRATS_001.nii.gz"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"BRATS_001.*whole NIfTI file"):
        datasets.load_decathlon(tmp_path, "BRATS_001")
    path.write_bytes(gzip.compress(b"not a scan"))
    with pytest.raises(ValueError, match="whole NIfTI file"):
        datasets.load_decathlon(tmp_path, "BRATS_001")


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="imagesTr"):
        datasets.load_decathlon(tmp_path, "BRATS_001")
    with pytest.raises(FileNotFoundError, match="no folder"):
        datasets.load_brats(tmp_path / "nowhere")
    decathlon(tmp_path, good_image(), np.zeros(SHAPE, np.uint8))
    with pytest.raises(FileNotFoundError, match="BRATS_777"):
        datasets.load_decathlon(tmp_path, "BRATS_777")
    assert brain_scans.list_decathlon(tmp_path / "Task01_BrainTumour") == ["BRATS_001"]
