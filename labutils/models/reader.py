"""A small transformer that answers questions on reports: built, loaded, and asked."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from labutils.models.densenet import load_weights
from labutils.models.quiet import import_keras
from labutils.reports_qa import get_span_from_scores
from labutils.wordpiece import VOCABULARY

WEIGHTS = Path(__file__).parent / "weights" / "report_reader.weights.h5"
CARD = Path(__file__).parent / "cards" / "report_reader.json"
BATCH = 32


class Answer(NamedTuple):
    """An answer cut from a text: the words, from where to where (characters), and the share of the model's trust (0 to 1)."""

    text: str
    start: int
    end: int
    probability: float


class ReaderBatch(NamedTuple):
    """Questions and passages as a network reads them: ids, segments and mask, each (n, length); places in the text."""

    ids: np.ndarray
    segments: np.ndarray
    mask: np.ndarray
    places: list[list[tuple[int, int] | None]]
    question: np.ndarray


def build_reader(
    vocabulary_size: int,
    *,
    length=256,
    width=64,
    layers=3,
    heads=4,
    inner=128,
    dropout=0.1,
    epsilon=1e-6,
    near=0,
    echo=False,
    seed=0,
):
    """Build a BERT-like encoder with a span head, not trained yet.

    Each token starts as the sum of three vectors: its piece, its place, its segment. Each block lets every token
    look at all others
    (attention) and then thinks for itself (two dense layers); what came in is added to what comes out. At the end two numbers per
    token: how well it starts the answer and how well it ends it.

    Parameters
    ----------
    vocabulary_size : int
        Pieces of the tokenizer.
    length : int
        Longest input in tokens.
    width, layers, heads, inner : int
        Numbers per token, blocks, attention heads, and width of the dense layer inside of a block.
    dropout : float
        Share of numbers that training forgets at random.
    epsilon : float
        Keeps the normalisation of a row of equal numbers finite.
    near : int
        Tokens that a convolution before each attention looks at together; 0 for none, as in BERT. A small network that has read
        little learns with it faster what stands next to what.
    echo : bool
        Tell the network which words of the passage stand in the question too (not so in BERT; Chen and others, ACL 2017).
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Model
        From ``[ids, segments, mask]``, each (n, tokens), to scores (n, tokens, 2): start and end, higher = more likely.

    Raises
    ------
    ValueError
        If `width` is not a multiple of `heads`.

    References
    ----------
    Vaswani A and others. Attention is all you need. NeurIPS 2017. Devlin J and others. BERT. NAACL 2019.
    """
    if width % heads:
        raise ValueError(f"width must be a multiple of heads; got {width} and {heads}.")
    keras = import_keras()
    draw = np.random.default_rng(seed)

    def init():
        return keras.initializers.TruncatedNormal(stddev=0.05, seed=int(draw.integers(2**31)))

    def dense(units, name, activation=None):
        return keras.layers.Dense(units, activation=activation, kernel_initializer=init(), name=name)

    def forget(x):
        return keras.layers.Dropout(dropout, seed=int(draw.integers(2**31)))(x)

    ids = keras.Input((None,), dtype="int32", name="ids")
    segments = keras.Input((None,), dtype="int32", name="segments")
    mask = keras.Input((None,), dtype="int32", name="mask")
    piece = keras.layers.Embedding(vocabulary_size, width, embeddings_initializer=init(), name="pieces")(ids)
    places = keras.ops.cumsum(keras.ops.ones_like(ids), axis=1) - 1
    place = keras.layers.Embedding(length, width, embeddings_initializer=init(), name="places")(places)
    segment = keras.layers.Embedding(2, width, embeddings_initializer=init(), name="segments_of")(segments)
    start = piece + place + segment
    ops = keras.ops
    if echo:
        asked = ops.expand_dims(ops.logical_and(ops.equal(segments, 0), ops.equal(mask, 1)), 1)
        same = ops.any(ops.logical_and(ops.equal(ops.expand_dims(ids, 2), ops.expand_dims(ids, 1)), asked), axis=2)
        heard = ops.cast(ops.logical_and(same, ops.equal(segments, 1)), "int32")
        start = start + keras.layers.Embedding(2, width, embeddings_initializer=init(), name="echo")(heard)
    x = forget(keras.layers.LayerNormalization(epsilon=epsilon, name="start_norm")(start))
    looks = ops.equal(ops.expand_dims(mask, 1), 1)  # nobody looks at padding
    real = ops.cast(ops.expand_dims(mask, 2), "float32")

    def norm(x, name):
        return keras.layers.LayerNormalization(epsilon=epsilon, name=name)(x)

    for number in range(1, layers + 1):
        if near:
            conv = keras.layers.Conv1D(
                width, near, padding="same", activation="gelu", kernel_initializer=init(), name=f"near_{number}"
            )
            x = norm(x + forget(conv(x * real)), f"norm_{number}n")
        attention = keras.layers.MultiHeadAttention(
            heads, width // heads, kernel_initializer=init(), seed=int(draw.integers(2**31)), name=f"attention_{number}"
        )
        x = norm(x + forget(attention(x, x, attention_mask=looks)), f"norm_{number}a")
        thought = dense(width, f"back_{number}")(dense(inner, f"inner_{number}", "gelu")(x))
        x = norm(x + forget(thought), f"norm_{number}b")
    model = keras.Model([ids, segments, mask], dense(2, "span")(x), name="report_reader")
    model.get_layer("places").set_weights([_waves(length, width)])
    return model


def _waves(length, width):
    """Places start as waves of many lengths: what stands k places further is the same turn everywhere (Vaswani, section 3.5)."""
    turn = np.arange(length)[:, None] / 10000 ** (np.arange(0, width, 2) / width)
    waves = np.empty((length, width), np.float32)
    waves[:, 0::2], waves[:, 1::2] = np.sin(turn), np.cos(turn)[:, : width // 2]
    return 0.1 * waves


def reader_card():
    """Read the model card of the shipped report reader: what it is, how it was made, and what it is worth.

    Returns
    -------
    dict
        A fresh copy each time.
    """
    return json.loads(_card_text())


@cache
def _card_text():
    return CARD.read_text(encoding="utf-8")


def load_reader():
    """Load the shipped report reader, trained on made-up reports. For teaching only, never for a patient.

    Returns
    -------
    keras.Model
        See `build_reader`; its tokenizer is `labutils.wordpiece.load_tokenizer`, and `answer_questions` asks it.

    Raises
    ------
    ValueError
        If a file is not the one that the model card describes.
    """
    card = reader_card()
    for path, part in ((WEIGHTS, "weights"), (VOCABULARY, "vocabulary")):
        if hashlib.sha256(path.read_bytes()).hexdigest() != card[part]["sha256"]:
            raise ValueError(
                f"{path.name} is not the file that its model card describes: install medlabs again, or train anew with "
                "scripts/train_report_reader.py."
            )
    model = build_reader(**card["network"])
    load_weights(model, WEIGHTS)
    return model


def prepare_reader(
    questions: Sequence[str], texts: Sequence[str], tokenizer: Any, *, length: int = 256, overlap: int = 48
) -> ReaderBatch:
    """Turn questions and texts into input for a reader; a text that is too long is cut into windows that overlap.

    Parameters
    ----------
    questions, texts : sequence of str
        One text for each question.
    tokenizer : labutils.wordpiece.WordPiece
    length : int
        Tokens of a window, with the question and three special ones.
    overlap : int
        Tokens that neighbouring windows share.

    Returns
    -------
    ReaderBatch
        ``question`` says to which question each window belongs; ``places`` is None on tokens that are not of the text.

    Raises
    ------
    ValueError
        If there are not as many texts as questions, a text or question is empty, or a question leaves no room.
    """
    if len(questions) != len(texts):
        raise ValueError(f"{len(questions)} questions and {len(texts)} texts: give one text for each question.")
    rows = []
    for number, (question, text) in enumerate(zip(questions, texts, strict=True)):
        asked, told = tokenizer.tokenize(question), tokenizer.tokenize_with_places(text)
        if not asked or not told:
            raise ValueError(f"Question {number + 1} or its text is empty: there is nothing to read.")
        room = length - len(asked) - 3
        if room <= overlap:
            raise ValueError(f"Question {number + 1} has {len(asked)} tokens, too many for windows of {length}.")
        for first in range(0, max(1, len(told) - overlap), room - overlap):
            rows.append((number, asked, told[first : first + room]))
    longest = max(len(asked) + len(window) + 3 for _, asked, window in rows)
    ids = np.full((len(rows), longest), tokenizer.pad_token_id, np.int32)
    segments, mask = np.zeros_like(ids), np.zeros_like(ids)
    places = []
    for row, (_, asked, window) in enumerate(rows):
        tokens = [
            tokenizer.cls_token,
            *asked,
            tokenizer.sep_token,
            *(piece for piece, _, _ in window),
            tokenizer.sep_token,
        ]
        ids[row, : len(tokens)] = tokenizer.convert_tokens_to_ids(tokens)
        segments[row, len(asked) + 2 : len(tokens)] = 1
        mask[row, : len(tokens)] = 1
        before, after = len(asked) + 2, longest - len(tokens) + 1
        places.append([None] * before + [(first, last) for _, first, last in window] + [None] * after)
    return ReaderBatch(ids, segments, mask, places, np.array([number for number, _, _ in rows]))


def answer_questions(
    model: Any, tokenizer: Any, questions: Sequence[str], texts: Sequence[str], *, length: int = 256
) -> list[Answer]:
    """Let a reader answer questions, each by a piece of its text.

    Parameters
    ----------
    model : keras.Model or callable
        From ``[ids, segments, mask]`` to scores (n, tokens, 2): `load_reader`, or `labutils.models.load_bert_reader`.
    tokenizer : labutils.wordpiece.WordPiece
        The tokenizer that the model was trained with.
    questions, texts : sequence of str
    length : int
        Tokens that the model takes at most.

    Returns
    -------
    list of Answer
        One for each question: ``texts[k][start:end]``. A model like this always answers, also where the text says nothing.
    """
    batch = prepare_reader(questions, texts, tokenizer, length=length, overlap=min(48, length // 4))
    best: dict[int, tuple[float, Answer]] = {}
    for start in range(0, len(batch.ids), BATCH):
        part = slice(start, start + BATCH)
        inputs = [batch.ids[part], batch.segments[part], batch.mask[part]]
        scores = np.asarray(model(inputs), dtype=float)
        for row, places, number in zip(scores, batch.places[part], batch.question[part], strict=True):
            inside = np.array([place is not None for place in places])
            i, j = get_span_from_scores(row[:, 0], row[:, 1], inside)
            first, last = places[i][0], places[j][1]
            trust = _share(row[:, 0], i, inside) * _share(row[:, 1], j, inside)
            answer = Answer(texts[number][first:last], first, last, trust)
            if number not in best or row[i, 0] + row[j, 1] > best[number][0]:
                best[int(number)] = (row[i, 0] + row[j, 1], answer)
    return [best[number][1] for number in range(len(questions))]


def _share(scores, place, inside):
    weights = np.where(inside, np.exp(scores - scores[inside].max()), 0)
    return float(weights[place] / weights.sum())
