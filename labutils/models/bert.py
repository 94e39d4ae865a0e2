"""Question-answering checkpoints of BERT's family, from a folder on disk to the same network that the labs train.

A folder as the `transformers` library saves it: ``config.json``, ``model.safetensors``, and ``vocab.txt`` or
``tokenizer.json``. The
weights are read with `safetensors`, which holds numbers only; a ``pytorch_model.bin`` is a pickle, can run code when
it is opened, and
is refused. Nothing is downloaded.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from labutils.models.reader import build_reader
from labutils.wordpiece import WordPiece, read_vocabulary

WEIGHTS, HEAD = "model.safetensors", "qa_outputs"

# What config.json calls the sizes, and what the tensors of block {n} are called, for each kind of model that is known.
_SIZES = {
    "bert": {
        "width": "hidden_size",
        "layers": "num_hidden_layers",
        "heads": "num_attention_heads",
        "inner": "intermediate_size",
        "activation": "hidden_act",
    },
    "distilbert": {
        "width": "dim",
        "layers": "n_layers",
        "heads": "n_heads",
        "inner": "hidden_dim",
        "activation": "activation",
    },
}
_BLOCKS = {
    "bert": {
        "query": "bert.encoder.layer.{n}.attention.self.query",
        "key": "bert.encoder.layer.{n}.attention.self.key",
        "value": "bert.encoder.layer.{n}.attention.self.value",
        "output": "bert.encoder.layer.{n}.attention.output.dense",
        "norm_a": "bert.encoder.layer.{n}.attention.output.LayerNorm",
        "inner": "bert.encoder.layer.{n}.intermediate.dense",
        "back": "bert.encoder.layer.{n}.output.dense",
        "norm_b": "bert.encoder.layer.{n}.output.LayerNorm",
    },
    "distilbert": {
        "query": "distilbert.transformer.layer.{n}.attention.q_lin",
        "key": "distilbert.transformer.layer.{n}.attention.k_lin",
        "value": "distilbert.transformer.layer.{n}.attention.v_lin",
        "output": "distilbert.transformer.layer.{n}.attention.out_lin",
        "norm_a": "distilbert.transformer.layer.{n}.sa_layer_norm",
        "inner": "distilbert.transformer.layer.{n}.ffn.lin1",
        "back": "distilbert.transformer.layer.{n}.ffn.lin2",
        "norm_b": "distilbert.transformer.layer.{n}.output_layer_norm",
    },
}


class BertReader(NamedTuple):
    """A loaded checkpoint: the network, its tokenizer, and the tokens that it takes at most.

    Ask it with ``answer_questions(reader.model, reader.tokenizer, questions, texts, length=reader.length)``.
    """

    model: Any
    tokenizer: WordPiece
    length: int


def load_bert_reader(folder: str | Path) -> BertReader:
    """Load a BERT or DistilBERT that was fine-tuned to answer questions by spans.

    Parameters
    ----------
    folder : str or Path
        With ``config.json``, ``model.safetensors`` and ``vocab.txt`` (or ``tokenizer.json``).

    Returns
    -------
    BertReader

    Raises
    ------
    FileNotFoundError
        If the folder or one of its files is not there.
    ValueError
        If the files are of another kind of model, damaged, without a question-answering head, or do not fit together.

    References
    ----------
    Devlin J and others. BERT. NAACL 2019. Sanh V and others. DistilBERT. arXiv:1910.01108.
    """
    folder = Path(folder).expanduser()
    config = _config(folder)
    kind = config["model_type"]
    names = _SIZES[kind]
    sizes = {name: _size(config, names[name], folder) for name in ("width", "layers", "heads", "inner")}
    length = _size(config, "max_position_embeddings", folder)
    if config.get(names["activation"], "gelu") != "gelu":
        raise ValueError(f"{folder}: activation {config[names['activation']]!r}; only gelu is known.")
    tokenizer = _tokenizer(folder)
    epsilon = float(config.get("layer_norm_eps", 1e-12))
    tensors = _Tensors(folder / WEIGHTS, kind, sizes["width"])
    vocabulary_size = _size(config, "vocab_size", folder)
    if len(tokenizer) > vocabulary_size:
        raise ValueError(
            f"{folder}: the tokenizer has {len(tokenizer)} pieces, the network {vocabulary_size}: not of one kind."
        )
    model = build_reader(vocabulary_size, length=length, dropout=0.0, epsilon=epsilon, **sizes)
    _fill(model, tensors, vocabulary_size, length, sizes)
    return BertReader(model, tokenizer, length)


class _Tensors:
    """The tensors of a file by name, each checked for its shape when it is taken."""

    def __init__(self, path, kind, width):
        self.path, self.kind, self.width = path, kind, width
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            tensors = load_file(path)
        except (SafetensorError, OSError, ValueError) as error:
            raise ValueError(
                f"{path} is damaged: it is no readable safetensors file ({error}). Copy it again."
            ) from error
        old = {"gamma": "weight", "beta": "bias"}  # of the layer norms, in older files
        self.tensors = {
            ".".join([*name.split(".")[:-1], old.get(name.split(".")[-1], name.split(".")[-1])]): tensor
            for name, tensor in tensors.items()
        }
        if f"{HEAD}.weight" not in self.tensors:
            raise ValueError(
                f"{path} has no question-answering head ({HEAD}.weight): it was trained for something else. Fine-tune it for "
                "question answering, or take a checkpoint that was."
            )

    def take(self, name, *shape):
        if name not in self.tensors:
            raise ValueError(f"{self.path} lacks the tensor {name}: it is no complete {self.kind} checkpoint.")
        tensor = self.tensors[name]
        if tensor.shape != shape:
            raise ValueError(f"{self.path}: {name} has shape {tensor.shape}, and config.json asks for {shape}.")
        return np.asarray(tensor, dtype=np.float32)

    def dense(self, name, wide, out):
        return [self.take(f"{name}.weight", out, wide).T, self.take(f"{name}.bias", out)]

    def norm(self, name):
        return [self.take(f"{name}.weight", self.width), self.take(f"{name}.bias", self.width)]


def _fill(model, tensors, vocabulary_size, length, sizes):
    """Put the tensors into the layers; the libraries differ in the order of axes only."""
    width, heads, inner = sizes["width"], sizes["heads"], sizes["inner"]
    start = f"{tensors.kind}.embeddings"
    model.get_layer("pieces").set_weights([tensors.take(f"{start}.word_embeddings.weight", vocabulary_size, width)])
    model.get_layer("places").set_weights([tensors.take(f"{start}.position_embeddings.weight", length, width)])
    segments = np.zeros((2, width), np.float32)  # DistilBERT has none
    if tensors.kind == "bert":
        segments = tensors.take(f"{start}.token_type_embeddings.weight", 2, width)
    model.get_layer("segments_of").set_weights([segments])
    model.get_layer("start_norm").set_weights(tensors.norm(f"{start}.LayerNorm"))
    for n in range(sizes["layers"]):
        name = {part: pattern.format(n=n) for part, pattern in _BLOCKS[tensors.kind].items()}
        weights = []
        for part in ("query", "key", "value"):
            kernel, bias = tensors.dense(name[part], width, width)
            weights += [kernel.reshape(width, heads, width // heads), bias.reshape(heads, width // heads)]
        kernel, bias = tensors.dense(name["output"], width, width)
        weights += [kernel.reshape(heads, width // heads, width), bias]
        model.get_layer(f"attention_{n + 1}").set_weights(weights)
        model.get_layer(f"norm_{n + 1}a").set_weights(tensors.norm(name["norm_a"]))
        model.get_layer(f"inner_{n + 1}").set_weights(tensors.dense(name["inner"], width, inner))
        model.get_layer(f"back_{n + 1}").set_weights(tensors.dense(name["back"], inner, width))
        model.get_layer(f"norm_{n + 1}b").set_weights(tensors.norm(name["norm_b"]))
    model.get_layer("span").set_weights(tensors.dense(HEAD, width, 2))


def _config(folder):
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}.")
    config = _json(folder / "config.json")
    kind = config.get("model_type")
    if kind not in _SIZES:
        raise ValueError(f"{folder}: model_type is {kind!r}; {' and '.join(_SIZES)} are known.")
    if not (folder / WEIGHTS).is_file():
        if (folder / "pytorch_model.bin").is_file():
            raise ValueError(
                f"{folder} holds pytorch_model.bin, a pickle that can run code when it is opened, and no {WEIGHTS}. "
                "Take the safetensors file of the same checkpoint."
            )
        raise FileNotFoundError(f"There is no {WEIGHTS} in {folder}: copy it there.")
    return config


def _json(path):
    if not path.is_file():
        raise FileNotFoundError(f"There is no {path.name} in {path.parent}: copy it there.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: it is no readable JSON ({error}).") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} is damaged: it should hold names and values.")
    return content


def _size(config, name, folder):
    value = config.get(name)
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{folder}: config.json says {name} = {value!r}; a whole number from 1 was expected.")
    return value


def _tokenizer(folder):
    settings = _json(folder / "tokenizer_config.json") if (folder / "tokenizer_config.json").is_file() else {}
    if (folder / "vocab.txt").is_file():
        pieces = read_vocabulary(folder / "vocab.txt")
    elif (folder / "tokenizer.json").is_file():
        model = _json(folder / "tokenizer.json").get("model", {})
        if model.get("type") != "WordPiece":
            raise ValueError(f"{folder}: tokenizer.json is of type {model.get('type')!r}; WordPiece is known.")
        pieces = sorted(model["vocab"], key=model["vocab"].get)
    else:
        raise FileNotFoundError(f"There is no vocab.txt and no tokenizer.json in {folder}: copy one there.")
    return WordPiece(pieces, lower_case=bool(settings.get("do_lower_case", True)))
