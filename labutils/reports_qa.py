"""Answers as spans of a text: what a transformer reads, what its scores say, and how pieces become words again."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class BertInput(NamedTuple):
    """What a BERT-like network reads of one question and one passage.

    ``ids`` has shape (1, max_seq_length), ``mask`` shape (max_seq_length,) with 1 for real tokens, ``tokens`` the
    list without padding.
    """

    ids: np.ndarray
    mask: np.ndarray
    tokens: list[str]


def prepare_bert_input(question: str, passage: str, tokenizer: Any, max_seq_length: int = 384) -> BertInput:
    """Turn a question and a passage into the numbers that a BERT-like network reads: [CLS] question [SEP] passage [SEP].

    Parameters
    ----------
    question, passage : str
    tokenizer : object
        With ``tokenize``, ``convert_tokens_to_ids``, ``cls_token``, ``sep_token`` and ``pad_token_id``, such as
        `labutils.wordpiece.WordPiece`.
    max_seq_length : int
        Length after padding. The passage is cut so that all fits and the last token is [SEP]; the question is never cut.

    Returns
    -------
    BertInput

    Raises
    ------
    ValueError
        If the question alone leaves no room for one token of the passage.

    References
    ----------
    Devlin J and others. BERT: pre-training of deep bidirectional transformers for language understanding. NAACL 2019, section 3.
    """
    asked, told = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    room = max_seq_length - len(asked) - 3
    if room < 1:
        raise ValueError(
            f"The question has {len(asked)} tokens and with three special ones leaves no room in {max_seq_length}: ask a "
            "shorter question, or raise max_seq_length."
        )
    tokens = [tokenizer.cls_token, *asked, tokenizer.sep_token, *told[:room], tokenizer.sep_token]
    n_pad = max_seq_length - len(tokens)
    ids = tokenizer.convert_tokens_to_ids(tokens) + [tokenizer.pad_token_id] * n_pad
    return BertInput(np.array([ids], dtype=np.int32), np.array([1] * len(tokens) + [0] * n_pad, dtype=np.int32), tokens)


def segments_of(tokens: Sequence[str], max_seq_length: int, sep_token: str = "[SEP]") -> np.ndarray:
    """Segment of each place: 0 for [CLS], the question and its [SEP] (and padding), 1 for the passage and the last [SEP].

    Parameters
    ----------
    tokens : list of str
        Without padding.
    max_seq_length : int
    sep_token : str

    Returns
    -------
    ndarray of int32, shape (1, max_seq_length)
    """
    segments = np.zeros((1, max_seq_length), dtype=np.int32)
    segments[0, list(tokens).index(sep_token) + 1 : len(tokens)] = 1
    return segments


def get_span_from_scores(start: ArrayLike, end: ArrayLike, mask: ArrayLike) -> tuple[int, int]:
    """Find the places (i, j), i ≤ j, both in the passage, with the largest start[i] + end[j].

    Parameters
    ----------
    start, end : array of float, shape (n_tokens,)
        Scores of being the first and the last token of the answer; higher = more likely. They may be negative.
    mask : array of 0 and 1, shape (n_tokens,)
        1 on the tokens of the passage, 0 on question, special tokens and padding.

    Returns
    -------
    (int, int)
        Of equally good spans the one that ends first.

    Raises
    ------
    ValueError
        If the lengths differ or no token belongs to the passage.

    Examples
    --------
    The best start comes after the best end, so the two may not simply be put together.

    >>> get_span_from_scores([0, 1, 5], [0, 4, 2], [1, 1, 1])
    (2, 2)
    """
    start, end, inside = np.asarray(start, float), np.asarray(end, float), np.asarray(mask) == 1
    if not (start.ndim == 1 and start.shape == end.shape == inside.shape):
        raise ValueError(
            f"start, end and mask must be of one length; got shapes {start.shape}, {end.shape} and {inside.shape}."
        )
    if not inside.any():
        raise ValueError("mask is 0 everywhere: no token belongs to the passage, so there is no answer in it.")
    first = np.where(inside, start, -np.inf)
    best_start = np.maximum.accumulate(first)  # the best start up to each place
    total = np.where(inside, best_start + end, -np.inf)
    j = int(total.argmax())
    return int(first[: j + 1].argmax()), j


def construct_answer(tokens: Sequence[str]) -> str:
    """Join word pieces back to text.

    Parameters
    ----------
    tokens : list of str
        A piece that starts with ``##`` is glued to the piece before.

    Returns
    -------
    str
        The words, one space between them. If one of the pieces is ``@`` (an e-mail address in pieces), no spaces at
        all. No pieces give ''.

    Examples
    --------
    >>> construct_answer(["left", "pneumo", "##thor", "##ax"])
    'left pneumothorax'
    """
    text = " ".join(tokens).replace(" ##", "").strip()
    return text.replace(" ", "") if "@" in tokens else text
