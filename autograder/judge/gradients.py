"""Gradients across the border: a tape that watches tensors here asks for them on the other side."""

import sys


def watched(arguments):
    """Tell whether a tensor is among the arguments, so that a tape might want a gradient."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and any(tensorflow.is_tensor(value) for value in arguments)


def call_with_gradient(remote, number, arguments):
    """Call, and tell the tape how to ask for the gradient on the learner's side."""
    tf = sys.modules["tensorflow"]
    places = [i for i, value in enumerate(arguments) if tf.is_tensor(value) and value.dtype.is_floating]

    @tf.custom_gradient
    def call(*tensors):
        full = list(arguments)
        for place, tensor in zip(places, tensors, strict=True):
            full[place] = tensor
        result = remote.call(number, full, {})

        def gradient(upstream):
            return remote.gradient(number, full, upstream)

        return result, gradient

    result = remote.call(number, arguments, {})
    if not tf.is_tensor(result):  # nothing to differentiate: what came back is what the answer gave
        return result
    return call(*(arguments[place] for place in places))
