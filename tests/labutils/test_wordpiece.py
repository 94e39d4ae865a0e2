"""Is our WordPiece BERT's? The library `tokenizers` says so, text by text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from labutils.wordpiece import VOCABULARY, WordPiece, load_tokenizer, read_vocabulary

TEXTS = (
    *(
        "No pneumothorax.",
        "Effusion, 2.5 cm (left)!",
        "Café — naïve",
        "  spaces\tand\nlines ",
        "中文 x",
        "",
        "…",
        "a" * 200,
    ),
    *(
        "[CLS] in a text",
        "l'œdème",
        "XXXX",
        "100%",
        "e-mail: ward@clinic.org",
        "\u200bzero\u200bwidth",
        "Ångström",
        "İstanbul",
    ),
)


@pytest.fixture(scope="module")
def library():
    return BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)


def plain(encoding):
    return [(token, *place) for token, place in zip(encoding.tokens, encoding.offsets, strict=True)]


@pytest.mark.parametrize("text", [text for text in TEXTS if "[" not in text])
def test_pieces_and_places_are_those_of_the_library(library, text):
    ours = load_tokenizer().tokenize_with_places(text)
    theirs = plain(library.encode(text, add_special_tokens=False))
    assert [piece for piece, _, _ in ours] == [piece for piece, _, _ in theirs]
    if text.isascii():
        assert ours == theirs


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", max_codepoint=0x24F, exclude_characters="[]") | st.sampled_from("–—‘’“”…€中文"),
        max_size=40,
    )
)
def test_pieces_are_those_of_the_library_for_any_text(text):
    library = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    assert load_tokenizer().tokenize(text) == library.encode(text, add_special_tokens=False).tokens


def test_a_word_is_cut_from_the_left_into_the_longest_pieces():
    tokenizer = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "no", "nod", "##ule", "##ular", "##s", "n"])
    assert tokenizer.tokenize("Nodules no nodular n") == ["nod", "##ule", "##s", "no", "nod", "##ular", "n"]
    assert tokenizer.tokenize("nodes") == ["[UNK]"]  # what is left over makes the whole word unknown
    assert tokenizer.tokenize_with_places(" Nodules") == [("nod", 1, 4), ("##ule", 4, 7), ("##s", 7, 8)]
    assert tokenizer.convert_tokens_to_ids(["no", "x"]) == [4, 1] and tokenizer.convert_tokens_to_ids("no") == 4
    assert tokenizer.convert_ids_to_tokens([0, 5]) == ["[PAD]", "nod"]


def test_the_shipped_vocabulary_knows_every_ascii_word():
    tokenizer = load_tokenizer()
    assert tokenizer.pad_token_id == 0 and len(tokenizer) == len(read_vocabulary(VOCABULARY))
    everything = "".join(chr(code) for code in range(33, 127))
    assert "[UNK]" not in tokenizer.tokenize(everything + " pneumonoultramicroscopic")


@pytest.mark.parametrize(
    ("pieces", "said"),
    [(["[PAD]", "[UNK]", "[CLS]"], "lacks \\[SEP\\]"), (["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "a"], "twice")],
)
def test_a_vocabulary_that_cannot_be_is_refused(pieces, said):
    with pytest.raises(ValueError, match=said):
        WordPiece(pieces)
