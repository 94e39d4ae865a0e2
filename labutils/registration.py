"""Rigid registration of two scans with SimpleITK: find the shift and the turn that lay one head over the other."""

from typing import NamedTuple

import numpy as np


class RigidResult(NamedTuple):
    """A rigid registration.

    Parameters
    ----------
    moved : ndarray of float32
        The moving volume laid over the fixed one, on the fixed grid.
    matrix : ndarray, shape (4, 4)
        From a place of the fixed scan to the same place of the head in the moving scan, in mm from the first voxel.
    metric : float
        Mattes mutual information at the end, negative; lower = better.
    """

    moved: np.ndarray
    matrix: np.ndarray
    metric: float


def rigid_matrix(angles, shift, centre):
    """Build the 4 x 4 matrix of a turn about `centre` followed by a shift.

    Parameters
    ----------
    angles : (float, float, float)
        Degrees about the x, y and z axis, applied in the order x, y, z.
    shift : (float, float, float)
        Millimetres.
    centre : (float, float, float)
        Millimetres from the first voxel.

    Returns
    -------
    ndarray, shape (4, 4)
        p -> R (p - centre) + centre + shift.
    """
    matrix = np.eye(4)
    for axis, angle in enumerate(np.radians(angles)):
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        turn = np.eye(3)
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        matrix[:3, :3] = turn @ matrix[:3, :3]
    centre = np.asarray(centre, float)
    matrix[:3, 3] = centre + np.asarray(shift, float) - matrix[:3, :3] @ centre
    return matrix


def resample(volume, matrix, spacing, *, nearest=False):
    """Look up `volume` at matrix(p) for every place p of its own grid.

    Parameters
    ----------
    volume : array, shape (x, y, z)
    matrix : array, shape (4, 4)
        In mm from the first voxel, as :func:`rigid_matrix` makes it.
    spacing : float
        Edge of a voxel in mm.
    nearest : bool
        Take the nearest voxel, as label codes need; otherwise interpolate between eight.

    Returns
    -------
    ndarray
        The same shape, 0 where the place lies outside.
    """
    from scipy import ndimage

    inner = np.asarray(matrix)[:3, :3]
    offset = np.asarray(matrix)[:3, 3] / spacing
    volume = np.asarray(volume)
    if nearest:
        return ndimage.affine_transform(volume, inner, offset, order=0)
    return ndimage.affine_transform(volume.astype(np.float32), inner, offset, order=1)


def register_rigid(fixed, moving, spacing, *, rng=0, iterations=60):
    """Find the shift and turn that lay `moving` over `fixed`.

    Mutual information (Mattes) judges a position: it asks how well the brightness in one scan tells the brightness in the
    other, so the two may be different sequences. It is searched coarse to fine, from the overlap of the centres of mass.

    Parameters
    ----------
    fixed, moving : array, shape (x, y, z)
    spacing : float
        Edge of a voxel in mm, the same for both.
    rng : int
        Seed of the voxels that are drawn to judge a position.
    iterations : int
        Steps a level at most.

    Returns
    -------
    RigidResult

    Raises
    ------
    ValueError
        If a volume has not three axes, or no contrast.
    """
    import SimpleITK as sitk

    for name, volume in (("fixed", fixed), ("moving", moving)):
        if np.ndim(volume) != 3 or np.ptp(volume) == 0:
            raise ValueError(f"{name} must be a volume (x, y, z) with some contrast; got shape {np.shape(volume)}.")
    images = []
    for volume in (fixed, moving):
        image = sitk.GetImageFromArray(
            np.ascontiguousarray(np.asarray(volume, np.float32).T)
        )  # SimpleITK's axes are z, y, x
        image.SetSpacing([float(spacing)] * 3)
        images.append(image)
    start = sitk.CenteredTransformInitializer(
        *images, sitk.Euler3DTransform(), sitk.CenteredTransformInitializerFilter.MOMENTS
    )
    method = sitk.ImageRegistrationMethod()
    method.SetGlobalDefaultNumberOfThreads(1)
    method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=32)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.15, seed=int(rng) + 1)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=2.0, minStep=0.01, numberOfIterations=iterations, relaxationFactor=0.6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2])
    method.SetSmoothingSigmasPerLevel([2, 1])
    method.SetInitialTransform(start, inPlace=False)
    found = method.Execute(*images)
    origin = np.array(found.TransformPoint((0.0, 0.0, 0.0)))
    matrix = np.eye(4)
    for axis in range(3):
        matrix[:3, axis] = np.array(found.TransformPoint(tuple(np.eye(3)[axis]))) - origin
    matrix[:3, 3] = origin
    return RigidResult(resample(moving, matrix, spacing), matrix, float(method.GetMetricValue()))


def distance_mm(found, true, mask, spacing):
    """How far apart two matrices put the voxels of a mask, in mm: the target registration error.

    Parameters
    ----------
    found, true : array, shape (4, 4)
    mask : array of bool, shape (x, y, z)
    spacing : float

    Returns
    -------
    ndarray of float, one number a voxel of the mask; lower = better
    """
    places = np.argwhere(mask) * float(spacing)
    places = np.c_[places, np.ones(len(places))].T
    return np.linalg.norm(((np.asarray(found) - np.asarray(true)) @ places)[:3], axis=0)
