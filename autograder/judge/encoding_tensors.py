"""How tensors cross: as arrays, and as tensors again where tensorflow is loaded."""

import sys

import numpy as np

from autograder.judge.encoding_structured import KINDS
from autograder.judge.frames import EncodingError


def is_tensor(value):
    """Tell tensors and variables without importing tensorflow: who made one has imported it."""
    return any(
        base.__module__.startswith(("tensorflow.", "keras.")) and base.__name__ in TENSORS
        for base in type(value).__mro__
    )


TENSORS = frozenset({"Tensor", "EagerTensor", "Variable", "KerasVariable", "ResourceVariable"})


def tensor_values(value):
    try:
        array = np.asarray(value.numpy())
    except (AttributeError, NotImplementedError) as error:
        raise EncodingError("a tensor without a value (symbolic) cannot cross") from error
    return array if array.dtype.kind in KINDS else array.astype(np.float32)  # bfloat16 and its kin


def as_tensor(array):
    """Give a tensor where tensorflow is loaded, and the array itself where it is not."""
    tensorflow = sys.modules.get("tensorflow")
    return array if tensorflow is None else tensorflow.constant(array)
