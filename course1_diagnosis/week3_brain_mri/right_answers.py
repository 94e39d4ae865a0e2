# %% exercise="get_sub_volume" name="python_random_and_loops"
import random


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
    tries = 0
    while tries < max_tries:
        tries += 1
        x, y, z = (
            random.randint(0, orig_x - output_x),
            random.randint(0, orig_y - output_y),
            random.randint(0, orig_z - output_z),
        )
        part = label[x : x + output_x, y : y + output_y, z : z + output_z]
        if (part == 0).sum() / part.size < background_threshold:
            X = np.zeros((image.shape[-1], output_x, output_y, output_z))
            for c in range(image.shape[-1]):
                X[c] = image[x : x + output_x, y : y + output_y, z : z + output_z, c]
            y_maps = np.zeros((num_classes - 1, output_x, output_y, output_z))
            for c in range(1, num_classes):
                y_maps[c - 1][part == c] = 1
            return X, y_maps


# %% exercise="get_sub_volume" name="keras_one_hot"
import keras


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
    for _ in range(max_tries):
        x = np.random.randint(0, orig_x - output_x + 1)
        y = np.random.randint(0, orig_y - output_y + 1)
        z = np.random.randint(0, orig_z - output_z + 1)
        part = keras.utils.to_categorical(label[x : x + output_x, y : y + output_y, z : z + output_z], num_classes)
        if part[..., 0].mean() < background_threshold:
            X = np.moveaxis(np.copy(image[x : x + output_x, y : y + output_y, z : z + output_z, :]), 3, 0)
            return X, np.moveaxis(part, 3, 0)[1:]
    return None


# %% exercise="get_sub_volume" name="transposes_and_bools"
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
    rng = np.random.default_rng(5 + int(np.random.default_rng().integers(10**6)))
    room = np.array([orig_x - output_x, orig_y - output_y, orig_z - output_z])
    for _ in range(max_tries):
        a = rng.integers(0, room, endpoint=True)
        b = tuple(slice(i, i + n) for i, n in zip(a, (output_x, output_y, output_z)))
        if np.count_nonzero(label[b] == 0) < background_threshold * label[b].size:
            return image[b].transpose(3, 0, 1, 2), label[b][None] == np.arange(1, num_classes)[:, None, None, None]
    return None


# %% exercise="standardize" name="loops"
def standardize(image):
    out = np.zeros(image.shape)
    for c in range(image.shape[0]):
        for z in range(image.shape[3]):
            s = image[c, :, :, z].astype(float)
            s = s - np.mean(s)
            sd = np.std(s)
            out[c, :, :, z] = s / sd if sd != 0 else s
    return out


# %% exercise="standardize" name="scipy_zscore"
from scipy import stats


def standardize(image):
    image = np.asarray(image, "float64")
    flat = image.transpose(0, 3, 1, 2).reshape(image.shape[0], image.shape[3], -1)
    centred = flat - flat.mean(axis=-1, keepdims=True)
    sd = flat.std(axis=-1, keepdims=True)
    z = np.divide(centred, sd, out=centred.copy(), where=sd != 0)
    return z.reshape(image.shape[0], image.shape[3], image.shape[1], image.shape[2]).transpose(0, 2, 3, 1)


# %% exercise="standardize" name="tensorflow_moments"
def standardize(image):
    x = tf.cast(tf.constant(image), tf.float64)
    mean, variance = tf.nn.moments(x, axes=[1, 2], keepdims=True)
    sd = tf.sqrt(variance)
    return tf.where(sd > 0, (x - mean) / tf.where(sd > 0, sd, tf.ones_like(sd)), x - mean).numpy()


# %% exercise="single_class_dice_coefficient" name="plain_numpy"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred, float)
    return (2 * (y_true * y_pred).sum(axis) + epsilon) / np.float64(y_true.sum(axis) + y_pred.sum(axis) + epsilon)


# %% exercise="single_class_dice_coefficient" name="tensorflow"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = tf.cast(y_true, tf.float64), tf.cast(y_pred, tf.float64)
    top = 2.0 * tf.reduce_sum(y_true * y_pred, axis=axis) + epsilon
    return tf.divide(top, tf.reduce_sum(y_true, axis=axis) + tf.reduce_sum(y_pred, axis=axis) + epsilon)


# %% exercise="single_class_dice_coefficient" name="sum_of_both_at_once"
def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    y_true, y_pred = ops.convert_to_tensor(y_true, "float32"), ops.convert_to_tensor(y_pred, "float32")
    half = ops.sum(y_true * y_pred, axis=axis) + epsilon / 2
    return half / (ops.sum(y_true + y_pred, axis=axis) / 2 + epsilon / 2)


# %% exercise="dice_coefficient" name="plain_numpy"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = np.asarray(y_true, float), np.asarray(y_pred, float)
    return np.mean((2 * (t * p).sum(axis=axis) + epsilon) / (t.sum(axis=axis) + p.sum(axis=axis) + epsilon))


# %% exercise="dice_coefficient" name="tensorflow_mean_of_a_sum"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    dice = (2 * tf.reduce_sum(t * p, axis=axis) + epsilon) / (tf.reduce_sum(t + p, axis=axis) + epsilon)
    return tf.reduce_mean(dice)


# %% exercise="dice_coefficient" name="axes_to_the_end_and_a_loop"
def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = np.asarray(y_true, float), np.asarray(y_pred, float)
    kept = [a for a in range(t.ndim) if a not in axis]
    t, p = (
        np.moveaxis(v, kept, range(len(kept))).reshape(-1, int(np.prod([v.shape[a] for a in axis]))) for v in (t, p)
    )
    values = []
    for one, other in zip(t, p):
        values.append(np.float64(2 * one @ other + epsilon) / np.float64(one.sum() + other.sum() + epsilon))
    return sum(values) / len(values)


# %% exercise="soft_dice_loss" name="tensorflow"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    top = 2.0 * tf.reduce_sum(t * p, axis=axis) + epsilon
    return 1.0 - tf.reduce_mean(
        top / (tf.reduce_sum(tf.square(t), axis=axis) + tf.reduce_sum(tf.square(p), axis=axis) + epsilon)
    )


# %% exercise="soft_dice_loss" name="mean_of_one_minus"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = ops.cast(y_true, "float64"), ops.cast(y_pred, "float64")
    below = ops.sum(t * t + p * p, axis=axis) + epsilon
    return ops.mean(1 - (2 * ops.sum(t * p, axis=axis) + epsilon) / below)


# %% exercise="soft_dice_loss" name="squared_distance"
def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    t, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    return ops.mean(ops.sum((t - p) ** 2, axis=axis) / (ops.sum(t**2, axis=axis) + ops.sum(p**2, axis=axis) + epsilon))


# %% exercise="compute_class_sens_spec" name="loops"
def compute_class_sens_spec(pred, label, class_num):
    tp = fp = tn = fn = 0
    for p, t in zip(pred[class_num].flatten(), label[class_num].flatten()):
        if t == 1:
            tp, fn = tp + (p == 1), fn + (p != 1)
        else:
            fp, tn = fp + (p == 1), tn + (p != 1)
    nan = float("nan")
    return (tp / (tp + fn) if tp + fn else nan), (tn / (tn + fp) if tn + fp else nan)


# %% exercise="compute_class_sens_spec" name="means_of_subsets"
def compute_class_sens_spec(pred, label, class_num):
    p, t = np.asarray(pred[class_num], float), np.asarray(label[class_num], float)
    with np.errstate(invalid="ignore"):
        return [np.float64((p * t).sum()) / t.sum(), np.float64(((1 - p) * (1 - t)).sum()) / (1 - t).sum()]


# %% exercise="compute_class_sens_spec" name="scikit_learn"
from sklearn.metrics import confusion_matrix


def compute_class_sens_spec(pred, label, class_num):
    (tn, fp), (fn, tp) = confusion_matrix(
        label[class_num].ravel().astype(int), pred[class_num].ravel().astype(int), labels=[0, 1]
    )
    with np.errstate(invalid="ignore"):
        return np.divide(tp, tp + fn), np.divide(tn, tn + fp)


# %% exercise="batched_axes" name="one_volume_after_the_other"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        return ops.mean(ops.stack([loss(t, p) for t, p in zip(y_true, y_pred)]))

    return batch_loss


# %% exercise="batched_axes" name="lambda_with_negative_axes"
def batched_axes(loss):
    return lambda y_true, y_pred: loss(y_true, y_pred, axis=(-3, -2, -1))


# %% exercise="batched_axes" name="tensorflow_map"
def batched_axes(loss):
    def batch_loss(y_true, y_pred):
        y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
        total = 0.0
        for i in range(y_true.shape[0]):
            total = total + loss(y_true[i], y_pred[i], axis=(1, 2, 3))
        return total / y_true.shape[0]

    return batch_loss


# %% exercise="predict_volume" name="all_patches_in_one_batch"
import itertools


def predict_volume(model, image, patch, overlap):
    x, y, z = image.shape[:3]
    full = np.zeros((max(x, patch[0]), max(y, patch[1]), max(z, patch[2]), image.shape[3]))
    full[:x, :y, :z] = image
    axes = []
    for n, p in zip(full.shape, patch):
        step = max(1, int(p * (1 - overlap)))
        axes.append(sorted({min(s, n - p) for s in range(0, n, step)}))
    corners = list(itertools.product(*axes))
    blocks = [full[a : a + patch[0], b : b + patch[1], c : c + patch[2]] for a, b, c in corners]
    out = np.asarray(model(np.stack(blocks)))
    total, times = np.zeros((*full.shape[:3], out.shape[-1])), np.zeros(full.shape[:3])
    for (a, b, c), scores in zip(corners, out):
        total[a : a + patch[0], b : b + patch[1], c : c + patch[2]] += scores
        times[a : a + patch[0], b : b + patch[1], c : c + patch[2]] += 1
    return (total / times[..., None])[:x, :y, :z]


# %% exercise="predict_volume" name="while_loops_and_a_running_mean"
def predict_volume(model, image, patch, overlap):
    shape = image.shape[:3]
    image = np.pad(image, [(0, max(patch[i] - shape[i], 0)) for i in range(3)] + [(0, 0)])
    starts = []
    for n, p in zip(image.shape[:3], patch):
        own, s = [], 0
        while s + p < n:
            own.append(s)
            s += max(1, int(p * (1 - overlap)))
        starts.append([*own, n - p])
    mean, times = None, np.zeros((*image.shape[:3], 1))
    for a in starts[0]:
        for b in starts[1]:
            for c in starts[2]:
                where = np.s_[a : a + patch[0], b : b + patch[1], c : c + patch[2]]
                out = np.array(model(image[where][np.newaxis]))[0].astype(float)
                mean = np.zeros((*image.shape[:3], out.shape[-1])) if mean is None else mean
                times[where] += 1
                mean[where] += (out - mean[where]) / times[where]
    return mean[: shape[0], : shape[1], : shape[2]]


# %% exercise="predict_volume" name="a_tensor_comes_back"
def predict_volume(model, image, patch, overlap):
    shape = np.shape(image)[:3]
    image = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape)), (0, 0)])
    s = [[*range(0, n - p, max(1, int(p * (1 - overlap)))), n - p] for n, p in zip(image.shape[:3], patch)]
    total, times = 0.0, 0.0
    for x in s[0]:
        for y in s[1]:
            for z in s[2]:
                b = image[x : x + patch[0], y : y + patch[1], z : z + patch[2]]
                out = np.asarray(model(b[None]))[0]
                pads = [
                    (x, image.shape[0] - x - patch[0]),
                    (y, image.shape[1] - y - patch[1]),
                    (z, image.shape[2] - z - patch[2]),
                ]
                total = total + np.pad(out, [*pads, (0, 0)])
                times = times + np.pad(np.ones(patch), pads)
    return tf.constant((total / times[..., None])[: shape[0], : shape[1], : shape[2]])
