"""Loaders for real brain scans: the Decathlon and the BraTS layouts, brought to one order of axes, channels and labels."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from labutils.datasets.gliomas import BrainScan

# BraTS names of the sequences, to 2021 and from 2023, in the order of labutils.datasets.CHANNELS.
_SUFFIXES = {
    "to 2021": (("_flair", "_t1", "_t1ce", "_t2"), "_seg", {0: 0, 1: 2, 2: 1, 4: 3}),
    "2023": (("-t2f", "-t1n", "-t1c", "-t2w"), "-seg", {0: 0, 1: 2, 2: 1, 3: 3}),
}
_DECATHLON = {0: 0, 1: 1, 2: 2, 3: 3}
_ENDS = (".nii.gz", ".nii")


def load_decathlon(folder, case, *, labels=True):
    """Load one case of the Medical Segmentation Decathlon, task 1.

    Parameters
    ----------
    folder : str or Path
        ``Task01_BrainTumour`` itself or the folder that holds it.
    case : str
        Such as "BRATS_119"; :func:`list_decathlon` names all.
    labels : bool
        Whether a label map is wanted; without it the label of the result is all 0.

    Returns
    -------
    BrainScan
        Axes to the right, front and top; label codes of the course (they are the Decathlon's own).

    Raises
    ------
    FileNotFoundError
        If the case is not there: the message names what was looked for.
    ValueError
        If a file cannot be read or does not hold what it should: the message names the file, what was expected
        and what was found.
    """
    folder = _task_folder(folder)
    path = _find(folder / "imagesTr", case) or _find(folder / "imagesTs", case)
    if path is None:
        raise FileNotFoundError(f"There is no {case}.nii.gz in {folder / 'imagesTr'} or imagesTs.")
    image, affine = _read(path, 4)
    if image.shape[3] != 4:
        raise ValueError(
            f"{path}: expected 4 channels (FLAIR, T1w, T1-Gd, T2w) on the last axis; got {image.shape[3]}."
        )
    if not labels:
        return BrainScan(_intensities(image, path), np.zeros(image.shape[:3], np.uint8), affine, case)
    path_label = _find(folder / "labelsTr", case)
    if path_label is None:
        raise FileNotFoundError(
            f"There is no {case}.nii.gz in {folder / 'labelsTr'}; labels=False loads the image alone."
        )
    label, _ = _read(path_label, 3)
    return BrainScan(_intensities(image, path), _mapped(label, path_label, _DECATHLON, image.shape[:3]), affine, case)


def list_decathlon(folder):
    """Name the labelled cases of a Decathlon folder, in order; files whose names start with a dot are no cases."""
    found = {_stem(path) for path in (_task_folder(folder) / "labelsTr").glob("*") if path.name.endswith(_ENDS)}
    return sorted(name for name in found if not name.startswith("."))


def load_brats(folder, *, labels=True):
    """Load one case of BraTS (to 2021, or 2023).

    Parameters
    ----------
    folder : str or Path
        The folder of the case, with one file a sequence: ``CASE_flair, _t1, _t1ce, _t2, _seg`` to 2021 and
        ``CASE-t2f, -t1n, -t1c,
        -t2w, -seg`` in 2023, each .nii or .nii.gz.
    labels : bool
        Whether a label map is wanted.

    Returns
    -------
    BrainScan
        Axes to the right, front and top (BraTS files are stored to the left and back); the codes are mapped:
        BraTS calls necrosis 1
        and oedema 2, and enhancing tumour 4 to 2021 and 3 since. Some preparations leave negative
        intensities; such a channel is moved up as a whole, so that 0 still means outside the brain.

    Raises
    ------
    FileNotFoundError, ValueError
        As :func:`load_decathlon`. A code that the year does not know (4 in 2023, 3 before) is refused.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}: give the folder of one case.")
    files = {
        _stem(path): path
        for path in sorted(folder.iterdir())
        if path.name.endswith(_ENDS) and not path.name.startswith(".")
    }
    sequences, suffix, codes = _year(folder, files)
    parts = []
    for sequence in sequences:
        path = _one(folder, files, sequence)
        image, affine = _read(path, 3)
        if parts and image.shape != parts[0].shape:
            raise ValueError(f"{path}: expected {parts[0].shape} voxels as in the other sequences; got {image.shape}.")
        parts.append(image)
    image = _intensities(np.stack(parts, axis=-1), folder)
    label = np.zeros(image.shape[:3], np.uint8)
    if labels:
        path = _one(folder, files, suffix)
        label = _mapped(_read(path, 3)[0], path, codes, image.shape[:3])
    return BrainScan(image, label, affine, folder.name)


def list_brats(folder):
    """List the case folders below a BraTS folder, in order."""
    folder = Path(folder).expanduser()
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_dir() and not path.name.startswith(".") and any(path.glob("[!.]*[_-]seg.nii*"))
    )


def _year(folder, files):
    for sequences, suffix, codes in _SUFFIXES.values():
        if any(name.endswith(sequences[0]) for name in files):
            return sequences, suffix, codes
    held = ", ".join(files) or "no NIfTI file"
    raise ValueError(
        f"{folder}: expected the four sequences _flair, _t1, _t1ce, _t2 (to 2021) or -t2f, -t1n, -t1c, -t2w "
        f"(2023); found {held}."
    )


def _one(folder, files, suffix):
    named = [path for name, path in files.items() if name.endswith(suffix)]
    if not named:
        raise ValueError(f"{folder}: expected a file that ends in {suffix}.nii.gz; found {', '.join(files)}.")
    return named[0]


def _task_folder(folder):
    folder = Path(folder).expanduser()
    inner = folder / "Task01_BrainTumour"
    folder = inner if inner.is_dir() else folder
    if not (folder / "imagesTr").is_dir():
        raise FileNotFoundError(
            f"{folder} holds no imagesTr: give the folder Task01_BrainTumour or the one that holds it."
        )
    return folder


def _find(folder, case):
    return next((path for end in _ENDS if (path := folder / f"{case}{end}").is_file()), None)


def _stem(path):
    return path.name.removesuffix(".gz").removesuffix(".nii")


def _read(path, n_axes):
    """Read a NIfTI file with its axes turned to right, front, top; refuse what is not whole."""
    import nibabel

    try:
        file = nibabel.as_closest_canonical(nibabel.load(path))
        values = np.asarray(file.dataobj)
    except (
        EOFError,
        gzip.BadGzipFile,
        zlib.error,
        OSError,
        ValueError,
        nibabel.filebasedimages.ImageFileError,
    ) as error:
        raise ValueError(
            f"{path}: expected a whole NIfTI file; it cannot be read ({error}). Copy or download it again."
        ) from None
    if values.ndim != n_axes:
        wanted = "(x, y, z, channel)" if n_axes == 4 else "(x, y, z)"
        raise ValueError(f"{path}: expected {n_axes} axes {wanted}; got shape {values.shape}.")
    return values, file.affine


def _mapped(label, path, codes, shape):
    if label.shape != shape:
        raise ValueError(f"{path}: expected {shape} voxels as in the image; got {label.shape}.")
    found = np.unique(label)
    unknown = [float(code) for code in found if code not in codes]
    if unknown:
        raise ValueError(
            f"{path}: expected the label codes {sorted(codes)}; found {unknown[0]:g} as well. Is it the map of "
            f"another year or collection?"
        )
    out = np.zeros(shape, np.uint8)
    for code in found:
        out[label == code] = codes[int(code)]
    return out


def _intensities(image, path):
    """Return float32 intensities: finite, 0 outside the brain, positive inside."""
    image = np.asarray(image, dtype=np.float32)
    if not np.isfinite(image).all():
        raise ValueError(f"{path}: expected finite intensities; found NaN or infinite ones.")
    empty = [channel for channel in range(image.shape[-1]) if not image[..., channel].any()]
    if empty:
        raise ValueError(f"{path}: expected four channels with a brain in each; channel {empty[0]} is 0 everywhere.")
    if image.min() >= 0:
        return image
    inside = (image != 0).any(axis=-1)
    for channel in range(image.shape[-1]):  # moved up as a whole, so that order and contrast stay
        low = image[..., channel].min()
        if low < 0:
            image[..., channel] = np.where(inside, image[..., channel] - low + 1, 0)
    return image
