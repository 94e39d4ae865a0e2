"""WordPiece: words cut into pieces of a fixed list, as BERT does it. Plain Python, offline.

A word that is in the list stays whole; any other is cut from the left into the longest pieces that are in it, and each piece
but the first carries the mark ``##``: with ``pneumo``, ``##thor`` and ``##ax`` in the list "pneumothorax" becomes those three.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

VOCABULARY = Path(__file__).parent / "models" / "weights" / "report_reader.vocab.txt"
LONGEST_WORD = 100  # characters; a longer one is [UNK], as in BERT


class WordPiece:
    """A tokenizer with the calls that BERT's tokenizers have.

    Parameters
    ----------
    vocabulary : sequence of str
        The pieces; the place in the list is the id. The five special tokens must be in it.
    lower_case : bool
        Read text in lower case and without accents, as "uncased" models do.
    pad_token, unk_token, cls_token, sep_token : str
        Padding, a word that cannot be cut, start of the input, and the separator.

    Raises
    ------
    ValueError
        If a special token is missing or a piece is there twice.

    Examples
    --------
    >>> pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "no", "pneumo", "##thorax", "."]
    >>> WordPiece(pieces).tokenize("No pneumothorax.")
    ['no', 'pneumo', '##thorax', '.']

    References
    ----------
    Wu Y and others. Google's neural machine translation system. arXiv:1609.08144, section 4.1.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        *,
        lower_case: bool = True,
        pad_token: str = "[PAD]",
        unk_token: str = "[UNK]",
        cls_token: str = "[CLS]",
        sep_token: str = "[SEP]",
    ):
        self.vocabulary = list(vocabulary)
        self.ids = {piece: number for number, piece in enumerate(self.vocabulary)}
        self.lower_case = lower_case
        self.pad_token, self.unk_token, self.cls_token, self.sep_token = pad_token, unk_token, cls_token, sep_token
        if len(self.ids) != len(self.vocabulary):
            raise ValueError("vocabulary holds a piece twice: every piece needs an id of its own.")
        missing = [token for token in (pad_token, unk_token, cls_token, sep_token) if token not in self.ids]
        if missing:
            raise ValueError(f"vocabulary lacks {', '.join(missing)}; name the special tokens that it has.")
        self.pad_token_id, self.unk_token_id = self.ids[pad_token], self.ids[unk_token]
        self.cls_token_id, self.sep_token_id = self.ids[cls_token], self.ids[sep_token]

    def __len__(self):
        """Count the pieces."""
        return len(self.vocabulary)

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into pieces.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of str
        """
        return [piece for piece, _, _ in self.tokenize_with_places(text)]

    def tokenize_with_places(self, text: str) -> list[tuple[str, int, int]]:
        """Cut a text into pieces and say where in the text each stands.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of (str, int, int)
            Piece, first character, and the character after the last: ``text[first:last]`` is what the piece was cut from.
        """
        pieces = []
        for letters, places in _words(text, self.lower_case):
            for piece, first, last in self._pieces(letters):
                pieces.append((piece, places[first], places[last - 1] + 1))
        return pieces

    def _pieces(self, word):
        if len(word) > LONGEST_WORD:
            return [(self.unk_token, 0, len(word))]
        found, place = [], 0
        while place < len(word):
            for end in range(len(word), place, -1):
                piece = word[place:end] if place == 0 else "##" + word[place:end]
                if piece in self.ids:
                    break
            else:
                return [(self.unk_token, 0, len(word))]
            found.append((piece, place, end))
            place = end
        return found

    def convert_tokens_to_ids(self, tokens: str | Iterable[str]) -> int | list[int]:
        """Look up the id of each piece; one that is not in the list gets the id of the unknown token.

        Parameters
        ----------
        tokens : list of str, or one str

        Returns
        -------
        list of int, or one int
        """
        if isinstance(tokens, str):
            return self.ids.get(tokens, self.unk_token_id)
        return [self.ids.get(token, self.unk_token_id) for token in tokens]

    def convert_ids_to_tokens(self, ids: Iterable[int]) -> list[str]:
        """Look up the piece of each id.

        Parameters
        ----------
        ids : sequence of int

        Returns
        -------
        list of str
        """
        return [self.vocabulary[int(number)] for number in ids]


def read_vocabulary(path: str | Path) -> list[str]:
    """Read a ``vocab.txt``: one piece a line, the line number is the id.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of str

    Raises
    ------
    FileNotFoundError
        If the file is not there.
    """
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    return [line.rstrip("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]


@cache
def load_tokenizer() -> WordPiece:
    """Load the tokenizer of the report reader that comes with the labs: pieces learnt from made-up reports.

    Returns
    -------
    WordPiece
        Lower case, pad id 0. Every ASCII character is in its list, so that no English word is unknown.
    """
    return WordPiece(read_vocabulary(VOCABULARY))


def _words(text, lower_case):
    """Yield the words of a text as (letters, place of each letter), split at spaces and around punctuation."""
    letters, places = [], []
    for place, raw in enumerate(text):
        if _is_control(raw):
            continue
        for letter in _plain(raw) if lower_case else raw:
            alone = _stands_alone(letter)
            if letter.isspace() or alone:
                if letters:
                    yield "".join(letters), places
                letters, places = [], []
                if alone:
                    yield letter, [place]
            else:
                letters.append(letter)
                places.append(place)
    if letters:
        yield "".join(letters), places


def _plain(letter):
    if letter.isascii():
        return letter.lower()
    return [part for part in unicodedata.normalize("NFD", letter.lower()) if unicodedata.category(part) != "Mn"]


def _is_control(letter):
    if letter in "\t\n\r":
        return False
    return letter == "\ufffd" or unicodedata.category(letter).startswith("C")


def _stands_alone(letter):
    code = ord(letter)
    if code < 128:
        return 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    if unicodedata.category(letter).startswith("P"):
        return True
    return any(low <= code <= high for low, high in _CJK)


_CJK = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F)),
    *((0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)
"""Chinese characters, each of which BERT reads as a word."""
