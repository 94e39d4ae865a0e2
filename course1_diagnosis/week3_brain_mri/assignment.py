# %% [markdown]
# # Segment brain tumours on MRI
#
# You write the eight small functions that stand between a scan of the head and an outline of a tumour that can be trusted.
# Then you use them: you train a small 3D U-Net, run a larger one over whole scans, and close the first course with a model card.
#
# **You will be able to**
#
# - cut standardised sub-volumes out of a scan with four channels, and keep image and label together;
# - compute Dice and the soft Dice loss over the right axes, also on a batch;
# - predict a whole scan patch by patch;
# - state the voxel sensitivity and specificity of each part of a tumour, with an interval over patients.
#
# **You need** two hours, the lesson and the four labs, and no graphics card. The scans of this notebook are *synthetic*: gliomas
# painted by the course into an average brain. No patient stands behind them.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `get_sub_volume` | {{points:get_sub_volume}} |
# | 2 | `standardize` | {{points:standardize}} |
# | 3 | `single_class_dice_coefficient` | {{points:single_class_dice_coefficient}} |
# | 4 | `dice_coefficient` | {{points:dice_coefficient}} |
# | 5 | `soft_dice_loss` | {{points:soft_dice_loss}} |
# | 6 | `compute_class_sens_spec` | {{points:compute_class_sens_spec}} |
# | 7 | `batched_axes` | {{points:batched_axes}} |
# | 8 | `predict_volume` | {{points:predict_volume}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other shapes, ties, empty masks. They ask for nothing
# that the statement does not say. An exercise earns its points or none. The part after exercise 8 is not graded. Where a
# message says that it got `Ellipsis`, a `...` still stands in your answer.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import tensorflow as tf
from keras import ops

# %% [markdown]
# The second defines little helpers for the checks, and two losses of one volume for exercise 7.


# %% nbgrader={"grade": false, "grade_id": "helpers_of_the_checks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def numbers_match(got, expected, tol=1e-5):
    """Whether `got` holds the numbers of `expected` in the same shape; NaN matches NaN."""
    try:
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and np.allclose(got, expected, rtol=tol, atol=tol, equal_nan=True)


def call_answer(answer, *arguments, case, **named):
    """Call an answer; if it stops with an error, say in which kind of case."""
    try:
        return answer(*arguments, **named)
    except Exception:
        raise AssertionError(f"{case}: your function stopped with an error instead of returning a result.") from None


def slope(loss, y_true, y_pred):
    """The gradient of a loss with respect to the predictions; None if it is cut off."""
    y_pred = tf.constant(y_pred, dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = loss(y_true, y_pred)
    return tape.gradient(value, y_pred)


def soft_overlap(y_true, y_pred, axis=(1, 2, 3)):
    """The soft Dice loss of one volume (class, x, y, z), for exercise 7: the mean over what `axis` leaves."""
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    size = ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + 1e-5
    return 1 - ops.mean((2 * ops.sum(y_true * y_pred, axis=axis) + 1e-5) / size)


def squared_error(y_true, y_pred, axis=(1, 2, 3)):
    """A loss of one volume (class, x, y, z): squared error over root of size for each class, then the mean over classes."""
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    size = ops.sum(y_true, axis=axis) + 1
    return ops.mean(ops.sum((y_true - y_pred) ** 2, axis=axis) / ops.sqrt(size))


# %% [markdown]
# ## Exercise 1: cut a sub-volume
#
# A scan of 240 × 240 × 155 voxels with four channels does not fit into the memory of a training step, and nearly all of it is
# background. So a network is trained on random blocks, and blocks that hold almost nothing but background are thrown back.
#
# Write `get_sub_volume(image, label, orig_x=240, orig_y=240, orig_z=155, output_x=160, output_y=160, output_z=16,
# num_classes=4, max_tries=1000, background_threshold=0.95)`.
#
# | | |
# |---|---|
# | **in** `image` | array (orig_x, orig_y, orig_z, channel) |
# | **in** `label` | array of whole numbers (orig_x, orig_y, orig_z): 0 is background, the others 1 to num_classes − 1 |
# | **in** `orig_x` … `output_z` | voxels of the scan, and of the block to cut; a block may be as large as the scan |
# | **out** | the pair `(X, y)`, or a single `None` |
# | `X` | array (channel, output_x, output_y, output_z): the voxels of the block, channel first, unchanged otherwise |
# | `y` | array (num_classes − 1, output_x, output_y, output_z): 1 where the label is 1, 2, … and 0 elsewhere; one map a class, the background left out |
#
# - Draw the corner of the block at random; **every** place where the block fits can be drawn, the last one on each axis too.
# - Take the block if the share of its voxels with label 0 is **below** `background_threshold` (equal is not below).
# - Else draw again. After `max_tries` draws in all without a block, return `None`.
# - `image` and `label` are not changed.
#
# **By hand.** A line of voxels (orig_x = 4, the other sizes 1), labels 0, 0, 2, 1, blocks of 2. There are 4 − 2 + 1 = 3 places. Place 0
# holds 0, 0: background share 1. Place 1 holds 0, 2: share 0.5, and with num_classes = 3, y is (0, 0) for class 1 and (0, 1) for class 2.
#
# <details><summary>Hint 1: the direction</summary>
#
# One loop over the tries. In it: three random starts, one block of the label, its share of zeros. Only when that is small enough, cut the
# *same* block from the image and move the axes.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `rng = np.random.default_rng()` and `x = rng.integers(0, orig_x - output_x + 1)`: the upper end is left out, hence the + 1.
# `np.moveaxis(image[x : x + output_x, …], -1, 0)` puts the channels first; `np.stack([codes == c for c in range(1, num_classes)])`
# is one-hot.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_sub_volume", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_sub_volume(
    image,
    label,
    orig_x=240,
    orig_y=240,
    orig_z=155,
    output_x=160,
    output_y=160,
    output_z=16,
    num_classes=4,
    max_tries=1000,
    background_threshold=0.95,
):
    """A random block (X, y) with little background, channels and classes first; None if none is found."""
    ### BEGIN SOLUTION
    ### STUB: rng = np.random.default_rng()
    ### STUB: for _ in range(max_tries):
    ### STUB:     x = ...  # a random start; likewise y and z
    ### STUB:     codes = ...  # the block of the label
    ### STUB:     share = ...  # share of background in it
    ### STUB:     # if share is below the threshold: return X, y
    ### STUB: return ...  # nothing found
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x = rng.integers(0, orig_x - output_x + 1)
        y = rng.integers(0, orig_y - output_y + 1)
        z = rng.integers(0, orig_z - output_z + 1)
        codes = label[x : x + output_x, y : y + output_y, z : z + output_z]
        if np.mean(codes == 0) < background_threshold:
            block = image[x : x + output_x, y : y + output_y, z : z + output_z]
            one_hot = np.stack([codes == c for c in range(1, num_classes)]).astype("float32")
            return np.moveaxis(block, -1, 0).copy(), one_hot
    return None
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** A scan whose voxels are all different, so that a block tells where it comes from.

# %% nbgrader={"grade": true, "grade_id": "check_get_sub_volume", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
numbered = np.arange(6 * 5 * 4 * 2, dtype=float).reshape(6, 5, 4, 2)
codes = np.arange(6 * 5 * 4).reshape(6, 5, 4) // 3 % 4
sizes = {"orig_x": 6, "orig_y": 5, "orig_z": 4, "output_x": 3, "output_y": 2, "output_z": 4}
got = get_sub_volume(numbered.copy(), codes.copy(), **sizes)
assert isinstance(got, (tuple, list)) and len(got) == 2, (
    f"A quarter of the voxels is background: got {type(got).__name__}, expected the pair (X, y)."
)
assert np.shape(got[0]) == (2, 3, 2, 4) and np.shape(got[1]) == (3, 3, 2, 4), (
    f"Blocks of 3 x 2 x 4, two channels, four classes: got shapes {np.shape(got[0])} and {np.shape(got[1])}, expected (2, 3, 2, 4) and "
    "(3, 3, 2, 4). Channels and classes go first, and the background is no class."
)
start = np.unravel_index(int(np.asarray(got[0])[0, 0, 0, 0]), numbered.shape)[:3]
cut = tuple(slice(a, a + n) for a, n in zip(start, (3, 2, 4), strict=True))
assert numbers_match(got[0], np.moveaxis(numbered[cut], -1, 0)), (
    f"X: got numbers that are no block of the image, expected those of the block that starts at {start}. Move the channel axis; do not reshape."
)
assert numbers_match(got[1], [codes[cut] == c for c in (1, 2, 3)]), (
    f"y: got other labels than those of X's block, expected one map each for the labels 1, 2, 3 at {start}. Cut both at the same place."
)
got = get_sub_volume(numbered, np.zeros((6, 5, 4), int), **sizes, max_tries=5)
assert got is None, f"Nothing but background: got {type(got).__name__}, expected None after max_tries draws."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_301)


def a_scan(shape, channels, dtype):
    count = int(np.prod(shape))
    ids = np.arange(count).reshape(shape)
    return np.stack([ids + channel * count for channel in range(channels)], axis=-1).astype(dtype), ids


def judged(image, label, sizes, case, **options):
    """Call, and return the start of the block, or None."""
    copies = image.copy(), label.copy()
    n_classes, threshold = options.get("num_classes", 4), options.get("background_threshold", 0.95)
    names = ("x", "y", "z")
    orig = {f"orig_{name}": size for name, size in zip(names, label.shape, strict=True)}
    out = {f"output_{name}": size for name, size in zip(names, sizes, strict=True)}
    answer = call_answer(get_sub_volume, image, label, case=case, **orig, **out, **options)
    assert np.array_equal(image, copies[0]) and np.array_equal(label, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )
    if answer is None:
        return None
    good = isinstance(answer, (tuple, list)) and len(answer) == 2
    assert good, f"{case}: return the pair (X, y), or a single None."
    x, y = answer
    assert np.shape(x) == (image.shape[-1], *sizes), f"{case}: X has another shape than (channel, x, y, z)."
    assert np.shape(y) == (n_classes - 1, *sizes), f"{case}: y has another shape than (num_classes - 1, x, y, z)."
    start = np.unravel_index(int(np.asarray(x)[0, 0, 0, 0]), label.shape)
    cut = tuple(slice(a, a + n) for a, n in zip(start, sizes, strict=True))
    assert label[cut].shape == tuple(sizes) and numbers_match(x, np.moveaxis(image[cut], -1, 0)), (
        f"{case}: X is not a block of the image with its channels moved to the front."
    )
    assert numbers_match(y, [label[cut] == c for c in range(1, n_classes)]), (
        f"{case}: y does not hold the labels at the place of X, one map a class."
    )
    assert (label[cut] == 0).mean() < threshold, f"{case}: a block with too much background was returned."
    return tuple(int(a) for a in start)


for shape, sizes in (((7, 6, 5), (3, 4, 2)), ((5, 7, 6), (5, 3, 6)), ((4, 4, 4), (4, 4, 4)), ((9, 3, 4), (2, 3, 2))):
    for channels, n_classes, dtype in ((1, 2, "float32"), (4, 4, "int16"), (3, 6, "float64")):
        image, ids = a_scan(shape, channels, dtype)
        label = draw.integers(0, n_classes, shape)
        case = "Another size of scan and block, other numbers of channels and classes"
        found = judged(image, label, sizes, case, num_classes=n_classes)
        assert found is not None, f"{case}: None came back although every block holds enough tumour."

image, ids = a_scan((5, 4, 4), 1, "float32")
full = np.ones((5, 4, 4), dtype="uint8")
seen = {judged(image, full, (3, 2, 2), "Random places", num_classes=2) for _ in range(90)}
assert len(seen) > 2, "Random places: the block is cut at the same place again and again."
for axis in range(3):
    ever = {start[axis] for start in seen}
    assert ever == {0, 1, 2}, "Random places: some place where the block fits is never drawn. Count the places."

half = np.zeros((4, 4, 2), dtype=int)
half[:, ::2] = 2
image, ids = a_scan(half.shape, 2, "float64")
for _ in range(5):
    equal = judged(image, half, (2, 2, 2), "A share equal to the threshold", background_threshold=0.5, max_tries=20)
    assert equal is None, "A share of background equal to the threshold is not below it."
    above = judged(image, half, (2, 2, 2), "A share below the threshold", background_threshold=0.625)
    assert above is not None, "A block below the threshold exists everywhere, and None came back."
rare = np.zeros((8, 4, 4), dtype=int)
rare[7, 3, 3] = 1
image, ids = a_scan(rare.shape, 1, "float64")
options = {"background_threshold": 0.9375}
for _ in range(3):
    found = judged(image, rare, (2, 2, 2), "One good place among many", **options)
    assert found == (6, 2, 2), "One good place among many, a thousand tries: it was not found."
tries = [judged(image, rare, (2, 2, 2), "A single try", max_tries=1, **options) for _ in range(25)]
assert tries.count(None) > 12, (
    "With max_tries=1 only one block may be looked at, and None comes back if it does not fit."
)
line = np.array([[[0, 0, 2, 1]]])
image, ids = a_scan(line.shape, 1, "float64")
starts = {judged(image, line, (1, 1, 2), "A line of voxels", num_classes=3) for _ in range(40)}
assert starts <= {(0, 0, 1), (0, 0, 2)}, "A line of voxels: a block of nothing but background came back."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: standardise a block
#
# The numbers of an MRI scan have no unit: the same brain gives 200 on one machine and 1500 on another. The classic remedy brings every slice
# of every channel to mean 0 and standard deviation 1.
#
# Write `standardize(image)`.
#
# | | |
# |---|---|
# | **in** `image` | array (channel, x, y, z), the X of exercise 1; any width of int or float |
# | **out** | array of floats of the same shape: each (x, y) slice of each channel and z, minus its mean, over its standard deviation |
#
# The standard deviation divides by the number of voxels (NumPy's default, ddof 0). A slice whose voxels are all equal has
# sd 0: it is only centred, so it becomes all 0. `image` is not changed.
#
# **By hand.** A slice with the voxels 1, 3, 5, 7: mean 4; squared distances 9, 1, 1, 9, mean 5; sd √5 = 2.236. It becomes −1.342,
# −0.447, 0.447, 1.342.
#
# <details><summary>Hint 1: the direction</summary>
#
# One mean for each pair (channel, z): so average over the axes of x and y, which are the axes 1 and 2.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `image.mean(axis=(1, 2), keepdims=True)` keeps the shape (channel, 1, 1, z), which subtracts from every voxel. `np.where(sd == 0, 1, sd)`
# divides by 1 where there is nothing to divide by.
# </details>


# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(image):
    """Each z-slice of each channel with mean 0 and sd 1 (only centred where the sd is 0)."""
    ### BEGIN SOLUTION
    ### STUB: mean = ...  # one number for each channel and z
    ### STUB: sd = ...  # likewise
    ### STUB: return ...
    image = np.asarray(image, dtype=float)
    mean = image.mean(axis=(1, 2), keepdims=True)
    sd = image.std(axis=(1, 2), keepdims=True)
    return (image - mean) / np.where(sd == 0, 1, sd)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** Two channels, two slices; one of the four has no contrast at all.

# %% nbgrader={"grade": true, "grade_id": "check_standardize", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
block = np.zeros((2, 2, 2, 2))
block[0, :, :, 0] = [[1, 3], [5, 7]]
block[0, :, :, 1] = [[10, 30], [50, 70]]
block[1, :, :, 0] = [[7, 7], [7, 7]]
block[1, :, :, 1] = [[0, 0], [0, 4]]
got = standardize(block.copy())
assert np.shape(got) == (2, 2, 2, 2), f"A block (2, 2, 2, 2): got shape {np.shape(got)}, expected the same."
hand = np.array([[-1.341641, -0.447214], [0.447214, 1.341641]])
assert numbers_match(np.asarray(got)[0, :, :, 0], hand, 1e-4), (
    f"The slice 1, 3, 5, 7: got {np.asarray(got)[0, :, :, 0].round(3).tolist()}, expected {hand.round(3).tolist()}. "
    "Mean and sd belong to this slice of this channel alone, with ddof 0."
)
assert numbers_match(np.asarray(got)[0, :, :, 1], hand, 1e-4), (
    f"The slice 10, 30, 50, 70: got {np.asarray(got)[0, :, :, 1].round(3).tolist()}, expected the same as before: the scale goes away."
)
assert numbers_match(np.asarray(got)[1, :, :, 0], np.zeros((2, 2))), (
    f"A slice of nothing but 7: got {np.asarray(got)[1, :, :, 0].tolist()}, expected zeros. Its sd is 0: centre it, do not divide."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_302)


def by_loops(image):
    image = np.array(image, dtype=float)
    out = np.zeros_like(image)
    for channel in range(image.shape[0]):
        for z in range(image.shape[3]):
            values = image[channel, :, :, z].ravel().tolist()
            mean = sum(values) / len(values)
            sd = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
            out[channel, :, :, z] = (image[channel, :, :, z] - mean) / (sd if sd > 0 else 1.0)
    return out


def judged(image, case, tol=1e-4):
    before = image.copy()
    answer = call_answer(standardize, image, case=case)
    assert np.shape(answer) == image.shape, f"{case}: the shape must stay as it was."
    assert numbers_match(answer, by_loops(before), tol), (
        f"{case}: a slice is not (voxel - mean) / sd of that slice of that channel."
    )
    assert image.dtype == before.dtype and np.array_equal(image, before), (
        f"{case}: your function changed the array that it was given."
    )


for shape in ((4, 6, 5, 3), (1, 3, 7, 2), (2, 4, 4, 4), (3, 2, 2, 1), (2, 1, 5, 4)):
    for dtype in ("float32", "float64", "int16", "uint8", "int64"):
        judged((30 + 40 * draw.random(shape)).astype(dtype), f"A block of type {dtype}")
    judged(100 * draw.standard_normal(shape), "Negative intensities")
    judged(0.001 * draw.standard_normal(shape), "Tiny numbers (a small sd is not 0)")
flat = draw.integers(1, 9, (3, 4, 5, 4)).astype(float)
flat[1, :, :, 2] = 3
flat[2] = 0
judged(flat, "Slices without contrast")
judged(flat.astype("int32"), "Slices without contrast, whole numbers")
judged(np.asfortranarray(draw.random((2, 5, 3, 4)))[:, ::-1], "A view into a larger array")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: measure the overlap of one class
#
# Of a brain of a million voxels, a tumour has some ten thousand: accuracy would be splendid for an empty outline. **Dice** looks at the
# tumour alone: twice the overlap, over the sum of both sizes. A small ε in numerator and denominator decides what two empty masks get:
#
# $$\mathrm{Dice} = \frac{2\sum_i t_i\,p_i + \varepsilon}{\sum_i t_i + \sum_i p_i + \varepsilon}$$
#
# Write `single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5)`.
#
# | | |
# |---|---|
# | **in** `y_true`, `y_pred` | arrays or tensors (x, y, z), any width of int or float; t is 1 in the class and 0 elsewhere, p may be anything from 0 to 1. Nothing is thresholded |
# | **in** `axis` | the axes to sum over |
# | **in** `epsilon` | ε; with ε = 0, two empty masks give 0/0 = NaN, not an error |
# | **out** | one number: a scalar tensor (a NumPy scalar counts as well); if `axis` leaves axes over, one number for each place of them |
#
# The inputs are not changed.
#
# **By hand.** Truth 1, 1, 0, 0, prediction 1, 0, 0, 1, ε = 1: overlap 1, sizes 2 and 2, so (2 + 1)/(4 + 1) = 0.6. Both empty: 1/1 = 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# A product of the two masks is 1 just where both are. Bring both to float32 first (`ops.cast`): TensorFlow does not multiply whole numbers
# with floats.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `2 * ops.sum(y_true * y_pred, axis=axis) + epsilon` is the numerator.
# </details>


# %% nbgrader={"grade": false, "grade_id": "single_class_dice_coefficient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    """Dice's overlap of one class, from 0 to 1."""
    ### BEGIN SOLUTION
    ### STUB: y_true = ops.cast(y_true, "float32")
    ### STUB: y_pred = ops.cast(y_pred, "float32")
    ### STUB: numerator = ...
    ### STUB: denominator = ...
    ### STUB: return numerator / denominator
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    numerator = 2 * ops.sum(y_true * y_pred, axis=axis) + epsilon
    denominator = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon
    return numerator / denominator
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example by hand, soft predictions, two empty masks.

# %% nbgrader={"grade": true, "grade_id": "check_single_class_dice_coefficient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
truth = np.array([1, 1, 0, 0]).reshape(2, 2, 1)
guess = np.array([1, 0, 0, 1]).reshape(2, 2, 1)
got = single_class_dice_coefficient(truth, guess, epsilon=1)
assert numbers_match(got, 0.6), (
    f"The example by hand: got {np.asarray(got)}, expected one number, 0.6. Likely causes: 0.4 the overlap not doubled, 1.2 ε missing "
    "below, 0.5 ε missing; four numbers: the masks were not summed."
)
soft = np.array([0.5, 0.25, 0.25, 0.0]).reshape(2, 2, 1)
got = single_class_dice_coefficient(tf.constant(truth), tf.constant(soft, tf.float32))
assert numbers_match(got, 0.5, 1e-4), (
    f"Truth 1, 1, 0, 0, prediction 0.5, 0.25, 0.25, 0 as tensors: got {np.asarray(got)}, expected 1.5 / 3 = 0.5. No threshold, no squares."
)
got = single_class_dice_coefficient(0 * truth, 0 * guess)
assert numbers_match(got, 1.0), f"Two empty masks: got {np.asarray(got)}, expected ε / ε = 1. Is ε in both parts?"
### BEGIN HIDDEN TESTS

draw = np.random.default_rng(31_303)


def by_loops(truth, guess, epsilon):
    overlap = size = 0.0
    for t, p in zip(np.asarray(truth, float).ravel().tolist(), np.asarray(guess, float).ravel().tolist(), strict=True):
        overlap += 2 * t * p
        size += t + p
    return (overlap + epsilon) / (size + epsilon) if size + epsilon else float("nan")


def judged(truth, guess, case, epsilon=1e-5, wrap=np.array, tol=1e-4):
    copies = np.array(truth), np.array(guess)
    answer = call_answer(single_class_dice_coefficient, wrap(truth), wrap(guess), epsilon=epsilon, case=case)
    assert numbers_match(answer, by_loops(*copies, epsilon), tol), (
        f"{case}: the result is not (twice the overlap + epsilon) / (both sizes + epsilon)."
    )
    assert np.array_equal(truth, copies[0]) and np.array_equal(guess, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )


for shape in ((3, 4, 2), (1, 1, 1), (5, 1, 3), (7, 6, 5)):
    for true_type in ("int8", "uint8", "int64", "float32", "float64"):
        truth = (draw.random(shape) < 0.4).astype(true_type)
        for guess in (
            draw.random(shape),
            draw.random(shape).astype("float32"),
            (draw.random(shape) < 0.5).astype("uint8"),
        ):
            judged(truth, guess, "Another shape and type, arrays")
            judged(truth, guess, "Another shape and type, tensors", wrap=tf.constant)
            judged(truth, guess, "A larger epsilon", epsilon=0.25)
big = np.ones((20, 20, 4), dtype="uint8")
judged(big, big, "Masks of whole numbers with many voxels")
judged(big, 0 * big, "A prediction of nothing")
judged(big, big.astype(float) / 2, "Half certain everywhere")
nothing = np.zeros((3, 3, 3))
judged(nothing, nothing, "Two empty masks")
judged(nothing, nothing, "Two empty masks, epsilon 0 (0/0 is NaN)", epsilon=0)
judged(nothing, np.ones((3, 3, 3)), "An empty truth", epsilon=0.5)
two = draw.integers(0, 2, (2, 3, 3, 3)).astype(float)
other = draw.random((2, 3, 3, 3))
answer = call_answer(single_class_dice_coefficient, two, other, axis=(1, 2, 3), case="Axes that leave one over")
assert numbers_match(answer, [by_loops(t, p, 1e-5) for t, p in zip(two, other, strict=True)], 1e-4), (
    "Axes that leave one over: sum over the axes that are named, and over no others."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: take the mean over classes
#
# A tumour has three parts. Its Dice is the mean of the three: the small enhancing part counts as much as the large oedema.
#
# Write `dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5)`.
#
# | | |
# |---|---|
# | **in** `y_true`, `y_pred` | arrays or tensors (class, x, y, z), any width of int or float |
# | **in** `axis`, `epsilon` | the axes of space to sum over, and ε, as in exercise 3; with ε = 0, a class that is empty in both makes the mean NaN |
# | **out** | one number: the mean over classes of (2Σtp + ε)/(Σt + Σp + ε) |
#
# Write it so that it stands alone: it should not need your exercise 3. The inputs are not changed.
#
# **By hand.** Class 0 has Dice 1 on a thousand voxels, class 1 has Dice 0.5 on four. The mean is 0.75, although nearly all voxels are right.
#
# <details><summary>Hint 1: the direction</summary>
#
# Divide first, class by class; average afterwards. Summing everything before the division would let the large class decide.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# The same two lines as in exercise 3 with the new axes leave one number a class; `ops.mean(...)` of them is the result.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dice_coefficient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    """Mean over classes of Dice's overlap, from 0 to 1."""
    ### BEGIN SOLUTION
    ### STUB: y_true = ops.cast(y_true, "float32")
    ### STUB: y_pred = ops.cast(y_pred, "float32")
    ### STUB: per_class = ...  # one number a class
    ### STUB: return ...  # their mean
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    numerator = 2 * ops.sum(y_true * y_pred, axis=axis) + epsilon
    denominator = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon
    return ops.mean(numerator / denominator)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** Two classes of unequal size.

# %% nbgrader={"grade": true, "grade_id": "check_dice_coefficient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
truth, guess = np.zeros((2, 4, 4, 2)), np.zeros((2, 4, 4, 2))
truth[0, :3] = guess[0, :3] = 1
truth[1, 3, :2, 0] = guess[1, 3, 1:3, 0] = 1
got = dice_coefficient(truth, guess)
assert numbers_match(got, 0.75, 1e-4), (
    f"Class 0 perfect on 24 voxels, class 1 half right on 2: got {np.asarray(got)}, expected one number, (1 + 0.5) / 2 = 0.75. "
    "Likely causes: 0.96 the classes were added up before dividing, 1.5 a sum instead of a mean, two numbers: no mean."
)
got = dice_coefficient(tf.constant(truth, tf.int32), tf.constant(0 * guess, tf.float32), epsilon=1.0)
assert numbers_match(got, (1 / 25 + 1 / 3) / 2, 1e-4), (
    f"Nothing predicted, ε = 1, tensors: got {np.asarray(got)}, expected (1/25 + 1/3) / 2 = 0.187. ε goes into each class."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_304)


def by_loops(truth, guess, epsilon):
    values = []
    for t, p in zip(np.asarray(truth, float), np.asarray(guess, float), strict=True):
        overlap = sum(2 * a * b for a, b in zip(t.ravel().tolist(), p.ravel().tolist(), strict=True)) + epsilon
        size = sum(t.ravel().tolist()) + sum(p.ravel().tolist()) + epsilon
        values.append(overlap / size if size else float("nan"))
    return sum(values) / len(values)


def judged(truth, guess, case, epsilon=1e-5, wrap=np.array):
    copies = np.array(truth), np.array(guess)
    answer = call_answer(dice_coefficient, wrap(truth), wrap(guess), epsilon=epsilon, case=case)
    assert numbers_match(answer, by_loops(*copies, epsilon), 1e-4), (
        f"{case}: the result is not the mean over classes of Dice's overlap."
    )
    assert np.array_equal(truth, copies[0]) and np.array_equal(guess, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )


for shape in ((3, 4, 2, 5), (1, 3, 3, 3), (5, 2, 2, 2), (2, 6, 5, 4), (4, 4, 4, 4)):
    share = draw.uniform(0.05, 0.9, (shape[0], 1, 1, 1))
    for true_type in ("int8", "uint8", "int64", "float32", "float64"):
        truth = (draw.random(shape) < share).astype(true_type)
        for guess in (draw.random(shape), draw.random(shape).astype("float32") * share.astype("float32")):
            judged(truth, guess, "Other numbers of classes and voxels, arrays")
            judged(truth, guess, "Other numbers of classes and voxels, tensors", wrap=tf.constant)
            judged(truth, guess, "A larger epsilon", epsilon=0.5)
truth = np.zeros((3, 3, 3, 3))
truth[0] = 1
judged(truth, truth, "Classes that are empty in both")
judged(truth, truth, "A class that is empty in both, epsilon 0 (NaN)", epsilon=0)
judged(truth, 1 - truth, "Everything the wrong way round")
swapped = draw.integers(0, 2, (3, 3, 2, 4)).astype(float), draw.random((3, 3, 2, 4))
last = [np.moveaxis(part, 0, -1) for part in swapped]
answer = call_answer(dice_coefficient, *last, axis=(0, 1, 2), case="Classes last, and axes that say so")
assert numbers_match(answer, by_loops(*swapped, 1e-5), 1e-4), "Classes last: sum over the axes that are named."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: turn it into a loss
#
# A network learns by small steps downhill, so the loss must be smooth and 0 when all is right. The **soft Dice loss** (Milletari and others,
# *V-Net*, 2016) has squares in the denominator:
#
# $$\mathcal L = 1 - \operatorname*{mean}_{c} \frac{2\sum_i t_{ci}\,p_{ci} + \varepsilon}{\sum_i t_{ci}^2 + \sum_i p_{ci}^2 + \varepsilon}$$
#
# Write `soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5)`.
#
# | | |
# |---|---|
# | **in** `y_true`, `y_pred` | arrays or tensors (class, x, y, z), any width of int or float |
# | **in** `axis`, `epsilon` | the axes of space to sum over, and ε; with ε = 0, a class that is empty in both makes the loss NaN |
# | **out** | one number, a scalar **tensor**; gradients pass through it to `y_pred` |
#
# The inputs are not changed.
#
# **By hand.** One class, truth 1, 0, prediction 0.5, 0.5: 2 · 0.5 = 1 above, 1 + 0.25 + 0.25 = 1.5 below, loss 1 − 0.667 = 0.333.
#
# <details><summary>Hint 1: the direction</summary>
#
# Exercise 4 with squares below, and turned upside down. Stay with `ops`: NumPy would cut the gradient off.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# The denominator is `ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon`; the result `1 - ops.mean(...)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "soft_dice_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    """1 minus the mean over classes of the soft Dice overlap; 0 is perfect."""
    ### BEGIN SOLUTION
    ### STUB: y_true = ops.cast(y_true, "float32")
    ### STUB: y_pred = ops.cast(y_pred, "float32")
    ### STUB: numerator = ...
    ### STUB: denominator = ...
    ### STUB: return ...
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    numerator = 2 * ops.sum(y_true * y_pred, axis=axis) + epsilon
    denominator = ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon
    return 1 - ops.mean(numerator / denominator)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The example by hand, two classes, and the gradient.

# %% nbgrader={"grade": true, "grade_id": "check_soft_dice_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = soft_dice_loss(np.array([1, 0]).reshape(1, 2, 1, 1), np.array([0.5, 0.5]).reshape(1, 2, 1, 1))
assert numbers_match(got, 1 / 3, 1e-4), (
    f"The example by hand: got {np.asarray(got)}, expected one number, 0.333. Likely causes: 0.5 the squares are missing, 0.667 it is not "
    "yet 1 minus the overlap."
)
truth, guess = np.zeros((2, 3, 2, 2)), np.full((2, 3, 2, 2), 0.5)
truth[0], truth[1, 0, 0, 0] = 1, 1
got = soft_dice_loss(tf.constant(truth, tf.float32), tf.constant(guess, tf.float32))
assert numbers_match(got, 1 - (12 / 15 + 1 / 4) / 2, 1e-4), (
    f"Two classes of 12 and 1 voxels, 0.5 everywhere: got {np.asarray(got)}, expected 1 - (0.8 + 0.25) / 2 = 0.475. Divide class by class, then average."
)
assert tf.is_tensor(got), (
    f"Tensors in: got {type(got).__name__}, expected a scalar tensor: NumPy cuts the gradient off."
)
gradient = slope(soft_dice_loss, truth, guess)
assert gradient is not None, "The gradient: got None, expected one number per voxel. Compute with ops or tf."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_305)


def by_loops(truth, guess, epsilon):
    values = []
    for t, p in zip(np.asarray(truth, float), np.asarray(guess, float), strict=True):
        t, p = t.ravel().tolist(), p.ravel().tolist()
        overlap = sum(2 * a * b for a, b in zip(t, p, strict=True)) + epsilon
        size = sum(a * a for a in t) + sum(b * b for b in p) + epsilon
        values.append(overlap / size if size else float("nan"))
    return 1 - sum(values) / len(values)


def judged(truth, guess, case, epsilon=1e-5, wrap=np.array):
    copies = np.array(truth), np.array(guess)
    answer = call_answer(soft_dice_loss, wrap(truth), wrap(guess), epsilon=epsilon, case=case)
    assert tf.is_tensor(answer), f"{case}: return a scalar tensor."
    assert numbers_match(answer, by_loops(*copies, epsilon), 1e-4), (
        f"{case}: the result is not 1 minus the mean over classes of the soft overlap, squares below."
    )
    assert np.array_equal(truth, copies[0]) and np.array_equal(guess, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )


for shape in ((3, 4, 2, 5), (1, 3, 3, 3), (5, 2, 2, 2), (2, 6, 5, 4)):
    for true_type in ("int8", "uint8", "int64", "float32", "float64"):
        truth = (draw.random(shape) < 0.3).astype(true_type)
        for guess in (draw.random(shape), (draw.random(shape) / 2).astype("float32")):
            judged(truth, guess, "Other numbers of classes and voxels, arrays")
            judged(truth, guess, "Other numbers of classes and voxels, tensors", wrap=tf.constant)
            judged(truth, guess, "A larger epsilon", epsilon=0.5)
truth = np.zeros((3, 3, 3, 3))
truth[0] = 1
judged(truth, truth, "A perfect prediction with empty classes")
judged(truth, truth, "A class that is empty in both, epsilon 0 (NaN)", epsilon=0)
judged(truth, 1 - truth, "Everything the wrong way round")
judged(truth, truth.astype("uint8"), "Predictions as whole numbers")
swapped = draw.integers(0, 2, (3, 3, 2, 4)).astype(float), draw.random((3, 3, 2, 4))
last = [np.moveaxis(part, 0, -1) for part in swapped]
answer = call_answer(soft_dice_loss, *last, axis=(0, 1, 2), case="Classes last, and axes that say so")
assert numbers_match(answer, by_loops(*swapped, 1e-5), 1e-4), "Classes last: sum over the axes that are named."
truth, guess = draw.integers(0, 2, (2, 3, 2, 2)), draw.uniform(0.2, 0.8, (2, 3, 2, 2))
gradient = slope(soft_dice_loss, truth, guess)
assert gradient is not None, "No gradient reaches the predictions: the loss must be computed with tensor operations."
for place in ((0, 0, 0, 0), (1, 2, 1, 1), (1, 0, 1, 0)):
    up, down = guess.copy(), guess.copy()
    up[place] += 1e-4
    down[place] -= 1e-4
    expected = (by_loops(truth, up, 1e-5) - by_loops(truth, down, 1e-5)) / 2e-4
    assert numbers_match(gradient[place], expected, 1e-2), "The gradient is not the slope of the loss."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: count what is found and what is left alone
#
# Dice mixes two kinds of mistakes. A surgeon asks for them apart: which share of the tumour's voxels was found (*sensitivity*), and which
# share of all other voxels was left alone (*specificity*)?
#
# Write `compute_class_sens_spec(pred, label, class_num)`.
#
# | | |
# |---|---|
# | **in** `pred`, `label` | arrays of 0 and 1, (class, x, y, z), bool or any width of int or float |
# | **in** `class_num` | which class: a place on the first axis, from 0 |
# | **out** | the pair `(sensitivity, specificity)`: TP/(TP + FN) and TN/(TN + FP) of that class, counted over all voxels |
#
# Without a voxel of the class the sensitivity is 0/0, without any other voxel the specificity is: return NaN there, never an error. The inputs are not changed.
#
# **By hand.** Truth 1, 1, 1, 1, 0, 0, 0, 0, prediction 1, 1, 0, 0, 1, 0, 0, 0: two of four found, sensitivity 0.5; three of four left alone,
# specificity 0.75.
#
# <details><summary>Hint 1: the direction</summary>
#
# Take `pred[class_num]` and `label[class_num]`, and count the four combinations of 0 and 1.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `tp = np.sum((p == 1) & (t == 1))`. A sum of NumPy gives a NumPy number: `tp / (tp + fn)` is then NaN for 0/0, where plain Python raises. (NumPy
# may warn. A warning costs no points.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "compute_class_sens_spec", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_class_sens_spec(pred, label, class_num):
    """Voxel sensitivity and specificity of one class: the pair (sensitivity, specificity)."""
    ### BEGIN SOLUTION
    ### STUB: p, t = ..., ...  # the maps of this class
    ### STUB: tp, fn = ..., ...
    ### STUB: tn, fp = ..., ...
    ### STUB: return tp / (tp + fn), tn / (tn + fp)
    p, t = np.asarray(pred)[class_num], np.asarray(label)[class_num]
    tp, fn = np.sum((p == 1) & (t == 1)), np.sum((p == 0) & (t == 1))
    tn, fp = np.sum((p == 0) & (t == 0)), np.sum((p == 1) & (t == 0))
    with np.errstate(invalid="ignore"):
        return tp / (tp + fn), tn / (tn + fp)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The example by hand as the second of two classes, then an empty class.

# %% nbgrader={"grade": true, "grade_id": "check_compute_class_sens_spec", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
label = np.array([[1, 1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0]]).reshape(2, 4, 2, 1)
pred = np.array([[1, 1, 1, 0, 1, 1, 0, 1], [1, 1, 0, 0, 1, 0, 0, 0]]).reshape(2, 4, 2, 1)
got = compute_class_sens_spec(pred, label, 1)
assert isinstance(got, (tuple, list)) and len(got) == 2, (
    f"The example by hand: got {type(got).__name__}, expected the pair (sensitivity, specificity)."
)
assert numbers_match(got, [0.5, 0.75]), (
    f"The example by hand: got {[float(v) for v in got]}, expected (0.5, 0.75). Likely causes: (0.667, 0.6) divided by what was predicted, "
    "(0.75, 0.5) swapped, (0.833, 0.5) the other class."
)
got = compute_class_sens_spec(pred[:, 2:].astype(bool), label[:, 2:].astype(bool), 1)
assert numbers_match(got, [np.nan, 0.75]), (
    f"A class without a voxel, as bool: got {[float(v) for v in got]}, expected (nan, 0.75): 0/0 is NaN."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_306)


def by_loops(pred, label, class_num):
    found = there = alone = other = 0
    for p, t in zip(pred[class_num].ravel().tolist(), label[class_num].ravel().tolist(), strict=True):
        if t:
            there, found = there + 1, found + bool(p)
        else:
            other, alone = other + 1, alone + (not p)
    return [found / there if there else float("nan"), alone / other if other else float("nan")]


def judged(pred, label, class_num, case):
    copies = pred.copy(), label.copy()
    answer = call_answer(compute_class_sens_spec, pred, label, class_num, case=case)
    assert isinstance(answer, (tuple, list)) and len(answer) == 2, (
        f"{case}: return the pair (sensitivity, specificity)."
    )
    assert numbers_match(answer, by_loops(*copies, class_num)), (
        f"{case}: got something else than TP/(TP + FN) and TN/(TN + FP) of that class (NaN for 0/0)."
    )
    assert np.array_equal(pred, copies[0]) and np.array_equal(label, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )


for shape in ((3, 4, 3, 2), (1, 5, 5, 5), (4, 2, 2, 2), (2, 9, 8, 7)):
    for dtype in ("bool", "uint8", "int8", "int64", "float32", "float64"):
        label = (draw.random(shape) < 0.3).astype(dtype)
        pred = (draw.random(shape) < 0.4).astype(dtype)
        for class_num in range(shape[0]):
            judged(pred, label, class_num, f"Arrays of type {dtype}, every class")
many = np.zeros((2, 20, 20, 20), "uint8")
many[0, :10] = 1
judged(np.roll(many, 3, axis=1), many, 0, "Many voxels, small whole numbers")
judged(many, many, 1, "A class without a voxel (0/0 is NaN)")
judged(1 - many, 1 - many, 1, "Nothing but the class (0/0 is NaN)")
judged(1 - many, many, 0, "Everything wrong")
judged(many, 1 - many, 1, "Nothing predicted")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: repair a loss that meets a batch
#
# Networks are trained on batches: (n, class, x, y, z). Hand such a batch to a loss that sums over the axes (1, 2, 3), and no error
# appears. It just sums over class, x and y, and keeps apart n and **z**. Slices without tumour then count like classes, and the network is
# taught something else.
#
# Write `batched_axes(loss)`.
#
# | | |
# |---|---|
# | **in** `loss` | a function `loss(y_true, y_pred, axis=(1, 2, 3))` for **one** volume (class, x, y, z). `axis` names the axes of space; over everything that they leave, it takes the mean |
# | **out** | a function `batch_loss(y_true, y_pred)` for batches (n, class, x, y, z): the mean over the n volumes of the loss of each. A scalar tensor; gradients pass through |
#
# **By hand.** A batch of one volume, one class, 2 × 2 × 3 voxels. The tumour fills the first z-slice, where the network says 0.28; elsewhere
# it says 0.05. The soft Dice loss of the volume is 1 − 2.24/(4 + 0.3136 + 0.02) = 0.48. With the axes left at (1, 2, 3) it is the mean of
# three slices: 1 − 0.52, 1 − 0 and 1 − 0, that is 0.83.
#
# <details><summary>Hint 1: the direction</summary>
#
# The batch axis came in front, so every axis of space moved by one. Or: call the loss for one volume after the other and average.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Return an inner function whose only line is `return loss(y_true, y_pred, axis=(2, 3, 4))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "batched_axes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batched_axes(loss):
    """Make batch_loss(y_true, y_pred), the mean of `loss` over the volumes of a batch, out of the loss of one volume."""

    ### BEGIN SOLUTION
    ### STUB: def batch_loss(y_true, y_pred):
    ### STUB:     return ...
    ### STUB:
    ### STUB: return batch_loss
    def batch_loss(y_true, y_pred):
        return loss(y_true, y_pred, axis=(2, 3, 4))

    return batch_loss
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The toy above with a loss of the check's own, then two volumes.


# %% nbgrader={"grade": true, "grade_id": "check_batched_axes", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
toy_true, toy_pred = np.zeros((1, 1, 2, 2, 3)), np.full((1, 1, 2, 2, 3), 0.05)
toy_true[..., 0], toy_pred[..., 0] = 1, 0.28
got = batched_axes(soft_overlap)(toy_true, toy_pred)
assert numbers_match(got, 0.4831, 1e-3), (
    f"The toy: got {np.asarray(got)}, expected one number, 0.48. Likely causes: 0.83 the axes are still (1, 2, 3), two or more numbers: no mean."
)
two_true = np.concatenate([toy_true, np.ones_like(toy_true)])
two_pred = np.concatenate([toy_pred, np.full_like(toy_pred, 0.5)])
got = batched_axes(soft_overlap)(tf.constant(two_true, tf.float32), tf.constant(two_pred, tf.float32))
assert numbers_match(got, (0.4831 + 0.2) / 2, 1e-3), (
    f"Two volumes with losses 0.48 and 0.2: got {np.asarray(got)}, expected their mean, 0.34. Do not add the volumes up before dividing (0.26)."
)
gradient = slope(batched_axes(soft_overlap), two_true, two_pred)
assert gradient is not None, "The gradient: got None, expected one number per voxel. Do not turn tensors into arrays."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_307)


def by_loops(kind, truth, guess):
    volumes = []
    for t_volume, p_volume in zip(np.asarray(truth, float), np.asarray(guess, float), strict=True):
        classes = []
        for t, p in zip(t_volume, p_volume, strict=True):
            if kind == "overlap":
                classes.append(1 - (2 * (t * p).sum() + 1e-5) / ((t * t).sum() + (p * p).sum() + 1e-5))
            else:
                classes.append(((t - p) ** 2).sum() / np.sqrt(t.sum() + 1))
        volumes.append(sum(classes) / len(classes))
    return sum(volumes) / len(volumes)


def judged(truth, guess, case, wrap=np.array):
    copies = np.array(truth), np.array(guess)
    for kind, one in (("overlap", soft_overlap), ("squares", squared_error)):
        batch_loss = call_answer(batched_axes, one, case=case)
        answer = call_answer(batch_loss, wrap(truth), wrap(guess), case=case)
        assert numbers_match(answer, by_loops(kind, *copies), 1e-4), (
            f"{case}: the result is not the mean over the volumes of the loss that was given."
        )
    assert np.array_equal(truth, copies[0]) and np.array_equal(guess, copies[1]), (
        f"{case}: your function changed an array that it was given."
    )


for shape in ((1, 1, 2, 3, 4), (2, 3, 4, 2, 3), (4, 2, 3, 3, 3), (3, 3, 3, 3, 3), (5, 1, 2, 2, 6)):
    truth = (draw.random(shape) < draw.uniform(0.05, 0.8, (shape[0], 1, 1, 1, 1))).astype("float32")
    guess = draw.random(shape).astype("float32")
    judged(truth, guess, "Other batches, classes and sizes, arrays")
    judged(truth, guess, "Other batches, classes and sizes, tensors", wrap=tf.constant)
    judged(truth.astype("uint8"), guess.astype("float64"), "Other types")
truth = draw.integers(0, 2, (3, 2, 2, 2, 3)).astype("float32")
guess = draw.uniform(0.2, 0.8, truth.shape).astype("float32")
first = call_answer(batched_axes, soft_overlap, case="Two losses")
second = call_answer(batched_axes, squared_error, case="Two losses")
assert numbers_match(call_answer(first, truth, guess, case="Two losses"), by_loops("overlap", truth, guess), 1e-4), (
    "Two losses, one built after the other: each must keep its own."
)
gradient = slope(first, truth, guess)
assert gradient is not None, "No gradient reaches the predictions."
for place in ((0, 0, 0, 0, 0), (2, 1, 1, 1, 2)):
    up, down = guess.astype(float), guess.astype(float)
    up[place] += 1e-4
    down[place] -= 1e-4
    expected = (by_loops("overlap", truth, up) - by_loops("overlap", truth, down)) / 2e-4
    assert numbers_match(gradient[place], expected, 1e-2), "The gradient is not the slope of the mean loss."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8: predict a whole scan
#
# A network that learnt on blocks must say something about every voxel of the scan. So let a window slide over it, and average where windows overlap: a voxel
# at the rim of one block stands in the middle of another, where the network sees what is around it.
#
# Write `predict_volume(model, image, patch, overlap)`.
#
# | | |
# |---|---|
# | **in** `model` | a function: from a batch (n, px, py, pz, channel) to scores (n, px, py, pz, class), as array or tensor; any n from 1. The blocks must have exactly the size of the patch |
# | **in** `image` | array (x, y, z, channel), channels **last** |
# | **in** `patch` | (px, py, pz), whole numbers |
# | **in** `overlap` | the share of a patch that it has in common with the next, from 0 to below 1 |
# | **out** | array (x, y, z, class): for each voxel the mean of the scores of all patches that cover it |
#
# - On each axis patches start at 0 and go on in steps of max(1, int(patch × (1 − overlap))), as long as they end before the scan does; the last one is **flush with
#   the end** of the scan. Every combination of starts is used once.
# - Where the scan is shorter than the patch, fill it up with zeros at its end, and cut the result back.
# - `image` is not changed.
#
# **By hand.** 9 voxels, patch 4, overlap 0.25: step 3. Starts 0 and 3 end before the scan (at 4 and 7); the next would end at 10, so
# the last start is 9 − 4 = 5. Voxel 3 is covered by the patches at 0 and 3, voxel 6 by those at 3 and 5.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two arrays of the size of the scan: the running sum of the scores, and how many patches have covered each voxel. At the end divide one by the other.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Starts of one axis: `[*range(0, size - p, step), size - p]`. One patch: `model(block[None])[0]`. Fill up with
# `np.pad(image, [(0, max(p - n, 0)) ... , (0, 0)])`, and keep the old shape to cut back.
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_volume", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_volume(model, image, patch, overlap):
    """Scores of every voxel (x, y, z, class): the mean over all patches that cover it."""
    ### BEGIN SOLUTION
    ### STUB: shape = np.shape(image)[:3]
    ### STUB: # fill up, list the starts of each axis, add scores and counts patch by patch
    ### STUB: total, times = ..., ...
    ### STUB: return ...  # cut back to shape
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape, strict=True)), (0, 0)])

    def starts(size, p):
        step = max(1, int(p * (1 - overlap)))
        return [*range(0, size - p, step), size - p]

    total, times = 0, np.zeros((*image.shape[:3], 1))
    for x in starts(image.shape[0], patch[0]):
        for y in starts(image.shape[1], patch[1]):
            for z in starts(image.shape[2], patch[2]):
                block = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                scores = np.asarray(model(image[block][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], scores.shape[-1]))
                total[block] += scores
                times[block] += 1
    return (total / times)[: shape[0], : shape[1], : shape[2]]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 8.** A model that gives every voxel back, and one whose score depends on the place in the patch.


# %% nbgrader={"grade": true, "grade_id": "check_predict_volume", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def gives_back(blocks):
    return np.asarray(blocks, float)


def says_where(blocks):
    place = np.arange(np.shape(blocks)[1], dtype=float)[None, :, None, None, None]
    return place + 0 * np.asarray(blocks, float)[..., :1]


scan = np.arange(9 * 4 * 5 * 2, dtype=float).reshape(9, 4, 5, 2)
got = predict_volume(gives_back, scan.copy(), (4, 2, 3), 0.5)
assert np.shape(got) == (9, 4, 5, 2), (
    f"A scan of 9 x 4 x 5, two classes: got shape {np.shape(got)}, expected (9, 4, 5, 2)."
)
assert numbers_match(got, scan), (
    "A model that gives every voxel back: got other numbers than the scan, expected the scan itself. Divide by how many patches cover a voxel, and leave no voxel out at the end."
)
got = np.asarray(predict_volume(says_where, np.zeros((9, 1, 1, 1)), (4, 1, 1), 0.25)).ravel()
assert numbers_match(got, [0, 1, 2, 1.5, 1, 1, 2, 2, 3], 1e-4), (
    f"The example by hand, each voxel's place in its patch: got {got.round(2).tolist()}, expected [0, 1, 2, 1.5, 1, 1, 2, 2, 3]: starts 0, 3, 5, and the mean where patches overlap."
)
got = predict_volume(gives_back, scan[:3], (4, 4, 4), 0.0)
assert np.shape(got) == (3, 4, 5, 2) and numbers_match(got, scan[:3]), (
    f"A scan shorter than the patch: got shape {np.shape(got)}, expected the scan back. Fill up with zeros at the end, then cut back."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_308)


def two_classes(blocks):
    blocks = np.asarray(blocks, float)
    px, py, pz = blocks.shape[1:4]
    place = 1 + np.arange(px)[:, None, None] + 0.5 * np.arange(py)[None, :, None] ** 2 - 0.25 * np.arange(pz)
    return np.stack([place * blocks.sum(axis=-1), place + blocks.mean(axis=(1, 2, 3, 4))[:, None, None, None]], axis=-1)


def as_tensor(blocks):
    return tf.constant(two_classes(blocks))


def own_starts(size, p, overlap):
    starts, step = [], max(1, int(p * (1 - overlap)))
    while len(starts) == 0 or starts[-1] + p < size:
        nxt = starts[-1] + step if starts else 0
        starts.append(min(nxt, max(size - p, 0)))
    return starts


def by_loops(model, image, patch, overlap):
    full = [max(n, p) for n, p in zip(image.shape[:3], patch, strict=True)]
    filled = np.zeros((*full, image.shape[3]))
    filled[: image.shape[0], : image.shape[1], : image.shape[2]] = image
    scores = {}
    for x in own_starts(full[0], patch[0], overlap):
        for y in own_starts(full[1], patch[1], overlap):
            for z in own_starts(full[2], patch[2], overlap):
                out = model(filled[x : x + patch[0], y : y + patch[1], z : z + patch[2]][None])[0]
                for i, j, k in np.ndindex(*patch):
                    scores.setdefault((x + i, y + j, z + k), []).append(out[i, j, k])
    result = np.zeros((*image.shape[:3], 2))
    for place in np.ndindex(*image.shape[:3]):
        result[place] = np.mean(scores[place], axis=0)
    return result


def judged(image, patch, overlap, case, model=two_classes):
    before = image.copy()
    answer = call_answer(predict_volume, model, image, patch, overlap, case=case)
    assert np.shape(answer) == (*before.shape[:3], 2), f"{case}: the result must have the shape (x, y, z, class)."
    assert numbers_match(answer, by_loops(two_classes, before.astype(float), patch, overlap), 1e-3), (
        f"{case}: a voxel is not the mean over the patches that cover it, with starts as the statement says."
    )
    assert image.dtype == before.dtype and np.array_equal(image, before), (
        f"{case}: your function changed the array that it was given."
    )


for shape, patch in (
    ((8, 8, 8), (4, 4, 4)),
    ((9, 7, 5), (4, 2, 4)),
    ((10, 4, 3), (4, 4, 1)),
    ((5, 6, 7), (8, 4, 4)),
    ((3, 2, 1), (4, 4, 4)),
    ((4, 8, 4), (4, 4, 4)),
):
    for overlap in (0.0, 0.25, 0.5, 0.75):
        judged(draw.random((*shape, 3)), patch, overlap, "Other sizes of scan and patch, other overlaps")
judged(draw.random((6, 5, 5, 1)).astype("float32"), (4, 4, 4), 0.5, "One channel, single precision")
judged(draw.integers(0, 200, (6, 5, 5, 2)).astype("int16"), (4, 4, 4), 0.5, "Whole numbers")
judged(draw.random((6, 5, 5, 2)), [2, 4, 4], 0.5, "Patch sizes as a list, a model that gives tensors", model=as_tensor)
judged(draw.random((6, 3, 3, 2)), (2, 2, 2), 0.75, "A step that would fall below one voxel")
### END HIDDEN TESTS

# %% [markdown]
# ## Then: put your functions to work
#
# From here on nothing is graded, and the cells take about a minute together. They use *your* functions, so run them when all eight checks
# pass. What they need more than the exercises did:

# %% tags=["ungraded"]
import keras  # to train a network
import pandas as pd  # for tables

from labutils import datasets, models, plots, plots_brain, segmentation, segmentation_scores  # scans, networks, figures

print(datasets.MNI_NOTICE)

# %% [markdown]
# Six painted patients to train on, two to watch, and six more to test on later; one scan each, with voxels of 2 mm. Nobody is in two parts.

# %% tags=["ungraded"]
train_scans = datasets.make_gliomas(6, rng=31_401)
watch_scans, test_scans = datasets.make_gliomas(2, rng=31_402), datasets.make_gliomas(6, rng=31_403)
for name, scans in {"training": train_scans, "watching": watch_scans, "test": test_scans}.items():
    volumes = [segmentation_scores.volume_ml(scan.label, (1, 2, 3), 2) for scan in scans]
    print(
        f"{name}: {len(scans)} scans of {scans[0].image.shape}, tumours of {min(volumes):.0f} to {max(volumes):.0f} mL"
    )

# %% [markdown]
# ## Cut standardised patches from many patients
#
# A well-known notebook of this kind takes its training patches from *one* patient and its validation patches from another, and
# leaves them as the scanner gave them. Your two functions do better: each patch comes from the next patient, standardised.

# %% tags=["ungraded"]
sizes = {"orig_x": 120, "orig_y": 120, "orig_z": 78, "output_x": 40, "output_y": 40, "output_z": 16}


def make_batch(scans, n):
    pairs = []
    for number in range(n):
        scan = scans[number % len(scans)]
        x, y = get_sub_volume(scan.image, scan.label, **sizes)
        pairs.append((models.channels_last(standardize(x)), models.channels_last(y)))
    return [np.stack(part).astype("float32") for part in zip(*pairs, strict=True)]


x_watch, y_watch = make_batch(watch_scans, 6)
print(f"patches {x_watch.shape}, labels {y_watch.shape}; share of tumour voxels {y_watch.max(axis=-1).mean():.1%}")

# %% [markdown]
# ## Train a small U-Net with your loss
#
# The networks of this course read channels last, your loss wants classes first, so the loss turns the axes before it calls your `batched_axes`.
# Thirty steps of two patches take some seconds.

# %% tags=["ungraded"]
volume_loss = batched_axes(soft_dice_loss)


def loss_channels_last(y_true, y_pred):
    return volume_loss(ops.moveaxis(y_true, -1, 1), ops.moveaxis(y_pred, -1, 1))


small = models.build_unet(3, input_shape=(None, None, None, 4), depth=2, base=8, seed=3)
small.compile(keras.optimizers.Adam(3e-3), loss=loss_channels_last)
before = small.evaluate(x_watch, y_watch, verbose=0)
for step in range(30):
    small.train_on_batch(*make_batch([train_scans[(2 * step) % 6], train_scans[(2 * step + 1) % 6]], 2))
after = small.evaluate(x_watch, y_watch, verbose=0)
print(f"{small.count_params():,} weights; loss on the watched patients {before:.2f} before, {after:.2f} after 30 steps")

# %% [markdown]
# The full-size network of the literature has depth 4 and base 32; with depth 2 it is a twentieth of that. Building them is quick, training them on a laptop is not.

# %% tags=["ungraded"]
for depth in (4, 2):
    full = models.build_unet(3, depth=depth)
    print(f"depth {depth}, base 32: {full.count_params():,} weights")
    assert full.count_params() == {4: 16_318_307, 2: 833_507}[depth]

# %% [markdown]
# On a patch of one patient, a well-known teaching run of such a network reached a soft Dice loss of 0.474, a Dice of 0.515 and voxel sensitivities
# of 0.91, 0.95 and 0.79. One patch of one patient has no interval; we ask for more.
#
# ## Predict whole scans with the shipped network
#
# The course ships a U-Net that was trained for some minutes on other painted patients. Your `predict_volume` runs it over whole scans that
# it has not seen; a scan is cut to the box of the brain first, because air needs no network.

# %% tags=["ungraded"]
shipped = models.load_brain_model()


def crop(scan):
    inside = np.argwhere((scan.image != 0).any(axis=-1))
    box = tuple(slice(a, b + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
    return scan.image[box], scan.label[box]


results = []
for scan in test_scans:
    image, label = crop(scan)
    scores = predict_volume(shipped, segmentation.standardize_scan(image), (48, 48, 48), 0.25)
    results.append((image, label, segmentation_scores.labels_from_scores(scores, 0.5)))
print("whole scans predicted:", len(results), "the first of shape", results[0][1].shape)

# %% [markdown]
# How much of each part was found, patient by patient? The interval resamples *patients*; voxels of one patient are no independent witnesses.

# %% tags=["ungraded"]
rows = []
for place, name in enumerate(datasets.LABELS[1:]):
    rates, dices = [], []
    for _, label, pred in results:
        maps = [np.stack([codes == c for c in (1, 2, 3)]) for codes in (pred, label)]
        rates.append(compute_class_sens_spec(*maps, place))
        dices.append(segmentation_scores.dice_of_codes(label, pred, place + 1))
    for what, values in {
        "sensitivity": [r[0] for r in rates],
        "specificity": [r[1] for r in rates],
        "Dice": dices,
    }.items():
        rows.append((name, what, *segmentation_scores.bootstrap_mean(values, rng=1)))
table = pd.DataFrame(rows, columns=["class", "measure", "mean", "low", "high", "scans that count"]).round(3)
table

# %% [markdown]
# Specificity is near 1 for every class, and says little: nearly all voxels are far from any tumour. Sensitivity and Dice are where classes differ.

# %% tags=["ungraded"]
specificity = table.query("measure == 'specificity'")["mean"]
assert specificity.min() > 0.98, "specificity should be near 1 where nearly everything is background"
worst = min(range(6), key=lambda n: segmentation_scores.dice_of_codes(results[n][1], results[n][2], (1, 2, 3)))
image, label, pred = results[worst]
whole = segmentation_scores.dice_of_codes(label, pred, (1, 2, 3))
z = plots_brain.middle_of(label)[2]
fig = plots_brain.panels(
    [image[..., 0]] * 3,
    [None, label, pred],
    ["FLAIR", "truth", "prediction"],
    number=z,
    columns=3,
    size=2.8,
    title=f"The worst of six: whole-tumour Dice {whole:.2f}",
)
plots.show(
    fig,
    alt=f"An axial slice of the test scan with the lowest Dice, {whole:.2f}: plain, with the true parts, and with the predicted ones.",
)

# %% [markdown]
# We show the worst case on purpose: a picture of the best one is an advertisement.
#
# ## Read what it is worth elsewhere
#
# The model card holds what the evaluating script measured: on painted scans of the same scanner, on painted scans of *another* scanner, and on slabs of two real
# patients. The numbers come from the card.

# %% tags=["ungraded"]
card = models.brain_model_card()
parts = ["oedema", "non-enhancing tumour", "enhancing tumour"]
groups = {
    f"painted, scanner A ({card['evaluation']['cases']} scans)": card["painted"]["dice"],
    f"painted, scanner B ({card['evaluation']['cases']} scans)": card["other_scanner"]["dice"],
    f"real slabs ({len(card['real']['cases'])} scans)": card["real"]["mean"],
}
groups = {name: {part: list(values[part].values())[:3] for part in parts} for name, values in groups.items()}
fig = plots_brain.dice_dots(groups, title="What holds on our drawings falls on another scanner, and on people")
means = {name: np.nanmean([values[part][0] for part in parts]) for name, values in groups.items()}
plots.show(
    fig,
    alt="Mean Dice by class and origin. Mean over the classes: "
    + ", ".join(f"{n} {m:.2f}" for n, m in means.items())
    + ".",
)

# %% [markdown]
# That fall is the most important number of this week. A network that has learnt one origin of scans must be tested on every other origin
# before it is used there: that is **external validation**.
#
# ## Close the course with a model card
#
# Three weeks, one habit: say what a model is for, what it was tested on, and who was missing. A model card (Mitchell and others, 2019) puts that on one page.
# Here is the one of this course's work, its numbers read from the shipped cards.

# %% tags=["ungraded"]
xray = models.xray_model_card()
films, real_films = xray["phantoms"]["macro"], xray["real"]["before"]["macro"]
print(f"films: AUC {films['auc']:.2f} ({films['low']:.2f} to {films['high']:.2f}) drawn, {real_films['auc']:.2f} real")
wt = card["painted"]["dice"]["whole tumour"]
print(f"scans: whole-tumour Dice {wt['mean']:.2f} ({wt['low']:.2f} to {wt['high']:.2f}) painted")

# %% [markdown]
# The same on one page:

# %% tags=["ungraded"]
closing = pd.DataFrame(
    [
        ["teaching: 14 findings on a film", "teaching: three parts of a glioma"],
        [f"{xray['recipe']['patients']:,} drawn patients", f"{card['recipe']['patients']} painted patients"],
        [f"mean AUC {films['auc']:.2f}", f"mean Dice {means[next(iter(means))]:.2f}"],
        [f"mean AUC {real_films['auc']:.2f}, real films", f"mean Dice {means[list(means)[2]]:.2f}, real slabs"],
    ],
    columns=["chest films (week 1)", "brain scans (week 3)"],
    index=["meant for", "learnt from", "on data of the same origin", "elsewhere"],
)
closing

# %% [markdown]
# Four sentences belong under such a table, and no number replaces them:
#
# - **Not meant for**: any decision about a person. Neither network has been tested in a clinic.
# - **Who is missing**: children, the very old, people after operations, and all the groups that no label names.
# - **How it may harm**: an outline that misses oedema may shrink the field of an irradiation; a score read as a probability may reassure wrongly.
# - **What would have to come next**: a test on other hospitals, readings by doctors with and without the tool, and an outcome that
#   patients feel: time to treatment, complications, survival.
#
# ## What to remember
#
# - Image and label are cut at the same place, and standardised before a network sees them.
# - Dice needs the right axes: on a batch the axes of space have moved by one, and no error tells you.
# - A whole scan is predicted patch by patch, with overlap.
# - Count patients, not voxels; show the worst case; test elsewhere.
#
# ## In practice
#
# No number of this notebook says anything of real patients, but for the two slabs of the card, which are too few to say much. Software that outlines tumours
# for treatment is a medical device in most countries.
#
# ## Further reading
#
# - [Menze and others, 2015](https://doi.org/10.1109/TMI.2014.2377694): how the brain tumour challenge was built, and how far experts differ.
# - [Milletari and others, 2016](https://arxiv.org/abs/1606.04797): the soft Dice loss.
# - [Çiçek and others, 2016](https://arxiv.org/abs/1606.06650): the 3D U-Net.
# - [Antonelli and others, 2022](https://doi.org/10.1038/s41467-022-30695-9): the Medical Segmentation Decathlon, whose labels this week uses.
# - [Mitchell and others, 2019](https://arxiv.org/abs/1810.03993): model cards.
