# %% exercise="get_sub_volume" name="channels_stay_last" caught_by="visible" says="Channels and classes go first"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return image[b], np.stack([label[b] == c for c in range(1, num_classes)], axis=-1)
    return None


# %% exercise="get_sub_volume" name="keeps_the_background_class" caught_by="visible" says="the background is no class"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(num_classes)])
    return None


# %% exercise="get_sub_volume" name="reshapes_instead_of_moving_the_axis" caught_by="visible" says="do not reshape"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return image[b].reshape(-1, output_x, output_y, output_z), np.stack(
                [label[b] == c for c in range(1, num_classes)]
            )
    return None


# %% exercise="get_sub_volume" name="label_from_another_place" caught_by="visible" says="Cut both at the same place"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            maps = np.stack([label[b] == c for c in range(1, num_classes)])
            return np.moveaxis(image[b], -1, 0), np.roll(maps, 1, axis=1)
    return None


# %% exercise="get_sub_volume" name="returns_background_in_the_end" caught_by="visible" says="expected None"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            break
    return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(1, num_classes)])


# %% exercise="get_sub_volume" name="never_the_last_place" caught_by="hidden" says="is never drawn"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, max(n - m, 1)) for n, m in ((orig_x, output_x), (orig_y, output_y), (orig_z, output_z))
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(1, num_classes)])
    return None


# %% exercise="get_sub_volume" name="takes_an_equal_share_too" caught_by="hidden" says="too much background"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) <= background_threshold:
            return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(1, num_classes)])
    return None


# %% exercise="get_sub_volume" name="ignores_max_tries" caught_by="hidden" says="With max_tries=1"
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
    rng = np.random.default_rng()
    for _ in range(5000):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(1, num_classes)])
    return None


# %% exercise="get_sub_volume" name="four_classes_always" caught_by="hidden" says="y has another shape"
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
    rng = np.random.default_rng()
    for _ in range(max_tries):
        x, y, z = (
            rng.integers(0, orig_x - output_x + 1),
            rng.integers(0, orig_y - output_y + 1),
            rng.integers(0, orig_z - output_z + 1),
        )
        b = slice(x, x + output_x), slice(y, y + output_y), slice(z, z + output_z)
        if np.mean(label[b] == 0) < background_threshold:
            return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in (1, 2, 3)])
    return None


# %% exercise="get_sub_volume" name="always_the_corner" caught_by="hidden" says="same place again and again"
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
    b = slice(0, output_x), slice(0, output_y), slice(0, output_z)
    if np.mean(label[b] == 0) < background_threshold:
        return np.moveaxis(image[b], -1, 0), np.stack([label[b] == c for c in range(1, num_classes)])
    return None


# %% exercise="standardize" name="over_the_whole_block" caught_by="visible" says="belong to this slice"
def standardize(image):
    image = np.asarray(image, float)
    return (image - image.mean()) / image.std()


# %% exercise="standardize" name="per_channel_only" caught_by="visible" says="belong to this slice"
def standardize(image):
    image = np.asarray(image, float)
    sd = image.std(axis=(1, 2, 3), keepdims=True)
    return (image - image.mean(axis=(1, 2, 3), keepdims=True)) / np.where(sd == 0, 1, sd)


# %% exercise="standardize" name="ddof_1" caught_by="visible" says="ddof 0"
def standardize(image):
    image = np.asarray(image, float)
    sd = image.std(axis=(1, 2), keepdims=True, ddof=1)
    return (image - image.mean(axis=(1, 2), keepdims=True)) / np.where(sd == 0, 1, sd)


# %% exercise="standardize" name="divides_by_zero" caught_by="visible" says="centre it, do not divide"
def standardize(image):
    image = np.asarray(image, float)
    with np.errstate(all="ignore"):
        return (image - image.mean(axis=(1, 2), keepdims=True)) / image.std(axis=(1, 2), keepdims=True)


# %% exercise="standardize" name="leaves_flat_slices_alone" caught_by="visible" says="expected zeros"
def standardize(image):
    image = np.array(image, float)
    for c in range(image.shape[0]):
        for z in range(image.shape[3]):
            s = image[c, :, :, z]
            if s.std() > 0:
                image[c, :, :, z] = (s - s.mean()) / s.std()
    return image


# %% exercise="standardize" name="adds_a_small_number_to_the_sd" caught_by="hidden" says="Tiny numbers"
def standardize(image):
    image = np.asarray(image, float)
    return (image - image.mean(axis=(1, 2), keepdims=True)) / (image.std(axis=(1, 2), keepdims=True) + 1e-5)


# %% exercise="standardize" name="works_in_place" caught_by="hidden" says="changed the array"
def standardize(image):
    out = image if image.dtype.kind == "f" else image.astype(float)
    for c in range(out.shape[0]):
        for z in range(out.shape[3]):
            s = out[c, :, :, z]
            sd = s.std()
            out[c, :, :, z] = (s - s.mean()) / (sd if sd > 0 else 1)
    return out


# %% exercise="standardize" name="keeps_whole_numbers" caught_by="hidden" says="a slice is not"
def standardize(image):
    out = np.zeros_like(image)
    for c in range(out.shape[0]):
        for z in range(out.shape[3]):
            s = image[c, :, :, z].astype(float)
            out[c, :, :, z] = (s - s.mean()) / (s.std() if s.std() > 0 else 1)
    return out


# %% exercise="single_class_dice_coefficient" name="overlap_not_doubled" caught_by="visible" says="the overlap not doubled"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (ops.sum(y_true * y_pred, axis=axis) + epsilon) / (
        ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon
    )


# %% exercise="single_class_dice_coefficient" name="jaccard" caught_by="visible" says="expected one number, 0.6"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    both = ops.sum(y_true * y_pred, axis=axis)
    return (both + epsilon) / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) - both + epsilon)


# %% exercise="single_class_dice_coefficient" name="thresholds" caught_by="visible" says="No threshold"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(ops.cast(y_pred, "float32") > 0.4, "float32")
    return (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon) / (
        ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon
    )


# %% exercise="single_class_dice_coefficient" name="squares_in_the_denominator" caught_by="visible" says="no squares"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon) / (
        ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon
    )


# %% exercise="single_class_dice_coefficient" name="epsilon_above_missing" caught_by="visible" says="ε missing"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 2 * ops.sum(y_true * y_pred, axis=axis) / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon)


# %% exercise="single_class_dice_coefficient" name="slice_by_slice" caught_by="visible" says="expected one number, 0.6"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=1) + epsilon) / (ops.sum(y_true, axis=1) + ops.sum(y_pred, axis=1) + epsilon)
    )


# %% exercise="single_class_dice_coefficient" name="ignores_the_axes" caught_by="hidden" says="Axes that leave one over"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.sum(y_true * y_pred) + epsilon) / (ops.sum(y_true) + ops.sum(y_pred) + epsilon)


# %% exercise="dice_coefficient" name="adds_classes_before_dividing" caught_by="visible" says="added up before dividing"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.sum(y_true * y_pred) + epsilon) / (ops.sum(y_true) + ops.sum(y_pred) + epsilon)


# %% exercise="dice_coefficient" name="sum_over_classes" caught_by="visible" says="a sum instead of a mean"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return ops.sum(
        (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon)
        / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon)
    )


# %% exercise="dice_coefficient" name="one_number_a_class" caught_by="visible" says="two numbers: no mean"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon) / (
        ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon
    )


# %% exercise="dice_coefficient" name="keeps_z_apart" caught_by="visible" says="expected one number"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    a = (0, 1, 2)
    return ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=a) + epsilon) / (ops.sum(y_true, axis=a) + ops.sum(y_pred, axis=a) + epsilon)
    )


# %% exercise="dice_coefficient" name="epsilon_outside" caught_by="visible" says="ε goes into each class"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return (
        ops.mean(2 * ops.sum(y_true * y_pred, axis=axis) / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)))
        + 0 * epsilon
    )


# %% exercise="dice_coefficient" name="weighs_classes_by_size" caught_by="visible" says="expected one number"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    size = ops.sum(y_true, axis=axis)
    dice = (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon) / (size + ops.sum(y_pred, axis=axis) + epsilon)
    return ops.sum(dice * size) / ops.sum(size)


# %% exercise="dice_coefficient" name="ignores_the_axes" caught_by="hidden" says="Classes last"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    a = (1, 2, 3)
    return ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=a) + epsilon) / (ops.sum(y_true, axis=a) + ops.sum(y_pred, axis=a) + epsilon)
    )


# %% exercise="soft_dice_loss" name="no_squares" caught_by="visible" says="the squares are missing"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 1 - ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon)
        / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon)
    )


# %% exercise="soft_dice_loss" name="forgets_one_minus" caught_by="visible" says="not yet 1 minus the overlap"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon)
        / (ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon)
    )


# %% exercise="soft_dice_loss" name="square_of_the_sum" caught_by="visible" says="expected one number, 0.333"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 1 - ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon)
        / (ops.sum(y_true, axis=axis) ** 2 + ops.sum(y_pred, axis=axis) ** 2 + epsilon)
    )


# %% exercise="soft_dice_loss" name="adds_classes_before_dividing" caught_by="visible" says="Divide class by class"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 1 - (2 * ops.sum(y_true * y_pred) + epsilon) / (ops.sum(y_true**2) + ops.sum(y_pred**2) + epsilon)


# %% exercise="soft_dice_loss" name="numpy_cuts_the_gradient" caught_by="visible" says="NumPy cuts the gradient off"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred, float)
    return 1 - np.mean(
        (2 * np.sum(y_true * y_pred, axis=axis) + epsilon)
        / (np.sum(y_true**2, axis=axis) + np.sum(y_pred**2, axis=axis) + epsilon)
    )


# %% exercise="soft_dice_loss" name="one_number_a_class" caught_by="visible" says="expected one number"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 1 - (2 * ops.sum(y_true * y_pred, axis=axis) + epsilon) / (
        ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon
    )


# %% exercise="soft_dice_loss" name="fixed_epsilon" caught_by="hidden" says="A larger epsilon"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return 1 - ops.mean(
        (2 * ops.sum(y_true * y_pred, axis=axis) + 1e-5)
        / (ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + 1e-5)
    )


# %% exercise="compute_class_sens_spec" name="swapped" caught_by="visible" says="swapped"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[class_num].astype(bool), np.asarray(label)[class_num].astype(bool)
    with np.errstate(invalid="ignore"):
        return np.sum(~p & ~t) / np.sum(~t), np.sum(p & t) / np.sum(t)


# %% exercise="compute_class_sens_spec" name="divides_by_the_predicted" caught_by="visible" says="divided by what was predicted"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[class_num].astype(bool), np.asarray(label)[class_num].astype(bool)
    with np.errstate(invalid="ignore"):
        return np.sum(p & t) / np.sum(p), np.sum(~p & ~t) / np.sum(~p)


# %% exercise="compute_class_sens_spec" name="first_class_always" caught_by="visible" says="the other class"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[0].astype(bool), np.asarray(label)[0].astype(bool)
    with np.errstate(invalid="ignore"):
        return np.sum(p & t) / np.sum(t), np.sum(~p & ~t) / np.sum(~t)


# %% exercise="compute_class_sens_spec" name="all_classes_together" caught_by="visible" says="expected (0.5, 0.75)"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred).astype(bool), np.asarray(label).astype(bool)
    with np.errstate(invalid="ignore"):
        return np.sum(p & t) / np.sum(t), np.sum(~p & ~t) / np.sum(~t)


# %% exercise="compute_class_sens_spec" name="zero_instead_of_nan" caught_by="visible" says="0/0 is NaN"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[class_num].astype(bool), np.asarray(label)[class_num].astype(bool)
    return np.sum(p & t) / max(np.sum(t), 1), np.sum(~p & ~t) / max(np.sum(~t), 1)


# %% exercise="compute_class_sens_spec" name="nan_for_sensitivity_only" caught_by="hidden" says="0/0"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[class_num].astype(bool), np.asarray(label)[class_num].astype(bool)
    sensitivity = np.sum(p & t) / np.sum(t) if t.any() else np.nan
    return sensitivity, np.sum(~p & ~t) / (np.sum(~t) + 1e-12)


# %% exercise="compute_class_sens_spec" name="small_whole_numbers_overflow" caught_by="hidden" says="small whole numbers"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred)[class_num], np.asarray(label)[class_num]
    p, t = (part.astype("uint8") for part in (p, t))
    with np.errstate(all="ignore"):
        tp, positives = np.sum(p * t, dtype="uint8"), np.sum(t, dtype="uint8")
        return float(tp) / float(positives) if positives else float("nan"), np.sum((1 - p) * (1 - t)) / np.sum(1 - t)


# %% exercise="batched_axes" name="axes_left_as_they_are" caught_by="visible" says="the axes are still (1, 2, 3)"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return loss(y_true, y_pred)

    return batch_loss


# %% exercise="batched_axes" name="class_and_space_together" caught_by="visible" says="Two volumes"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return loss(y_true, y_pred, axis=(0, 2, 3, 4))

    return batch_loss


# %% exercise="batched_axes" name="first_volume_only" caught_by="visible" says="expected their mean"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return loss(y_true[0], y_pred[0])

    return batch_loss


# %% exercise="batched_axes" name="sum_over_volumes" caught_by="visible" says="expected their mean"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return sum(loss(t, p) for t, p in zip(y_true, y_pred))

    return batch_loss


# %% exercise="batched_axes" name="one_number_a_volume" caught_by="visible" says="no mean"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return ops.stack([loss(t, p) for t, p in zip(y_true, y_pred)])

    return batch_loss


# %% exercise="batched_axes" name="hands_the_loss_back" caught_by="visible" says="still (1, 2, 3)"
def batched_axes(loss):
    return loss


# %% exercise="batched_axes" name="knows_only_dice" caught_by="hidden" says="the loss that was given"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        a = (2, 3, 4)
        size = ops.sum(y_true**2, axis=a) + ops.sum(y_pred**2, axis=a) + 1e-5
        return 1 - ops.mean((2 * ops.sum(y_true * y_pred, axis=a) + 1e-5) / size)

    return batch_loss


# %% exercise="batched_axes" name="all_axes_but_the_first" caught_by="hidden" says="the mean over the volumes"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return loss(y_true, y_pred, axis=(1, 2, 3, 4))

    return batch_loss


# %% exercise="predict_volume" name="adds_without_dividing" caught_by="visible" says="Divide by how many patches"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total = 0
    s = [[*range(0, n - p, max(1, int(p * (1 - overlap)))), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
    return total[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="last_patch_wins" caught_by="visible" says="the mean where patches overlap"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total = 0
    s = [[*range(0, n - p, max(1, int(p * (1 - overlap)))), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] = out
    return total[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="drops_the_end" caught_by="visible" says="leave no voxel out at the end"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    s = [range(0, n - p + 1, max(1, int(p * (1 - overlap)))) for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
                times[b] += 1
    return (total / np.maximum(times, 1))[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="step_is_the_overlap" caught_by="visible" says="starts 0, 3, 5"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    s = [[*range(0, n - p, max(1, int(p * overlap))), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
                times[b] += 1
    return (total / times)[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="fills_up_the_end_instead_of_flush" caught_by="visible" says="starts 0, 3, 5"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    steps = [max(1, int(p * (1 - overlap))) for p in patch]
    s = [[0] if n <= p else list(range(0, n - p + k, k)) for n, p, k in zip(shape, patch, steps)]
    image = np.pad(image, [*((0, a[-1] + p - n) for a, p, n in zip(s, patch, shape)), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
                times[b] += 1
    return (total / times)[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="not_cut_back" caught_by="visible" says="then cut back"
def predict_volume(model, image, patch, overlap):
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, np.shape(image)[:3])), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    s = [[*range(0, n - p, max(1, int(p * (1 - overlap)))), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
                times[b] += 1
    return total / times


# %% exercise="predict_volume" name="thresholds_the_scores" caught_by="visible" says="gives every voxel back"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    s = [[*range(0, n - p, max(1, int(p * (1 - overlap)))), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out > 0.5
                times[b] += 1
    return (total / times)[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="a_step_of_zero" caught_by="hidden" says="stopped with an error"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    total, times = 0, np.zeros((*image.shape[:3], 1))
    s = [[*range(0, n - p, int(p * (1 - overlap)) if p != 1 else 1), n - p] for n, p in zip(image.shape[:3], patch)]
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = slice(x, x + patch[0]), slice(y, y + patch[1]), slice(z, z + patch[2])
                out = np.asarray(model(image[b][None]))[0]
                if np.ndim(total) == 0:
                    total = np.zeros((*image.shape[:3], out.shape[-1]))
                total[b] += out
                times[b] += 1
    return (total / times)[: shape[0], : shape[1], : shape[2]]
