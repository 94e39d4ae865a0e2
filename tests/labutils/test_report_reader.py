"""The shipped report reader, and checkpoints of BERT's family from disk: against a forward pass written out in numpy."""

import json
import math

import numpy as np
import pytest
from safetensors.numpy import save_file

from labutils.datasets.made_reports import make_reports
from labutils.models import bert, load_bert_reader, load_reader, reader, reader_card
from labutils.models.reader import answer_questions, build_reader, prepare_reader
from labutils.reports_scores import exact_match_and_f1, mean_interval
from labutils.wordpiece import WordPiece, load_tokenizer

WIDTH, LAYERS, HEADS, INNER, LENGTH = 8, 2, 2, 16, 24
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "where", "is", "it", "?", "left", "base", "nod", "##ule", ".", "small"]
ERF = np.vectorize(math.erf)


@pytest.fixture(scope="module")
def shipped():
    return load_reader(), load_tokenizer()


def tiny(folder, kind="bert", *, drop=(), change=None, config=(), seed=3):
    """Write a checkpoint as the transformers library would, and return its tensors."""
    draw = np.random.default_rng(seed)
    tensors = {}

    def linear(name, wide, out):
        tensors[f"{name}.weight"] = draw.normal(0, 0.5, (out, wide)).astype("float32")
        tensors[f"{name}.bias"] = draw.normal(0, 0.1, out).astype("float32")

    def norm(name):
        tensors[f"{name}.weight"] = draw.uniform(0.5, 1.5, WIDTH).astype("float32")
        tensors[f"{name}.bias"] = draw.normal(0, 0.1, WIDTH).astype("float32")

    start = f"{kind}.embeddings"
    tables = [("word", len(PIECES)), ("position", LENGTH), *([("token_type", 2)] if kind == "bert" else [])]
    for name, rows in tables:
        tensors[f"{start}.{name}_embeddings.weight"] = draw.normal(0, 1, (rows, WIDTH)).astype("float32")
    norm(f"{start}.LayerNorm")
    for n in range(LAYERS):
        name = {part: pattern.format(n=n) for part, pattern in bert._BLOCKS[kind].items()}
        for part in ("query", "key", "value", "output"):
            linear(name[part], WIDTH, WIDTH)
        linear(name["inner"], WIDTH, INNER)
        linear(name["back"], INNER, WIDTH)
        norm(name["norm_a"])
        norm(name["norm_b"])
    linear("qa_outputs", WIDTH, 2)
    sizes = dict(zip(bert._SIZES[kind].values(), (WIDTH, LAYERS, HEADS, INNER, "gelu"), strict=True))
    about = {"model_type": kind, "vocab_size": len(PIECES), "max_position_embeddings": LENGTH, **sizes, **dict(config)}
    saved = {name: tensor for name, tensor in tensors.items() if name not in drop}
    saved.update(change or {})
    folder.mkdir(parents=True, exist_ok=True)
    save_file(saved, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(about))
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n")
    return tensors


def forward(t, kind, ids, segments, mask):
    """Scores of one row by the formulas of the paper, in double precision."""
    t = {name: tensor.astype(float) for name, tensor in t.items()}

    def linear(x, name):
        return x @ t[f"{name}.weight"].T + t[f"{name}.bias"]

    def norm(x, name):
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        return (x - x.mean(axis=-1, keepdims=True)) / spread * t[f"{name}.weight"] + t[f"{name}.bias"]

    start = f"{kind}.embeddings"
    x = t[f"{start}.word_embeddings.weight"][ids] + t[f"{start}.position_embeddings.weight"][: len(ids)]
    if kind == "bert":
        x = x + t[f"{start}.token_type_embeddings.weight"][segments]
    x = norm(x, f"{start}.LayerNorm")
    for n in range(LAYERS):
        name = {part: pattern.format(n=n) for part, pattern in bert._BLOCKS[kind].items()}
        q, k, v = (linear(x, name[part]).reshape(len(ids), HEADS, -1) for part in ("query", "key", "value"))
        seen = np.empty_like(q)
        for head in range(HEADS):
            look = q[:, head] @ k[:, head].T / np.sqrt(WIDTH // HEADS)
            look = np.where(mask == 1, np.exp(look - look.max(axis=1, keepdims=True)), 0)
            seen[:, head] = look / look.sum(axis=1, keepdims=True) @ v[:, head]
        x = norm(x + linear(seen.reshape(len(ids), WIDTH), name["output"]), name["norm_a"])
        inner = linear(x, name["inner"])
        x = norm(x + linear(0.5 * inner * (1 + ERF(inner / np.sqrt(2))), name["back"]), name["norm_b"])
    return linear(x, "qa_outputs")


@pytest.mark.parametrize("kind", ["bert", "distilbert"])
def test_a_checkpoint_on_disk_gives_the_scores_of_the_formulas(tmp_path, kind):
    tensors = tiny(tmp_path, kind)
    loaded = load_bert_reader(tmp_path)
    assert loaded.length == LENGTH and len(loaded.tokenizer) == len(PIECES)
    batch = prepare_reader(
        ["Where is it?", "Where?"], ["Small nodule left base.", "Base."], loaded.tokenizer, length=LENGTH, overlap=4
    )
    got = np.asarray(loaded.model([batch.ids, batch.segments, batch.mask]))
    for row in range(2):
        expected = forward(tensors, kind, batch.ids[row], batch.segments[row], batch.mask[row])
        real = batch.mask[row] == 1
        assert np.allclose(got[row][real], expected[real], atol=2e-4)
    (answer,) = answer_questions(loaded.model, loaded.tokenizer, ["Where?"], ["Small nodule left base."], length=LENGTH)
    assert answer.text == "Small nodule left base."[answer.start : answer.end] and 0 < answer.probability <= 1


def test_older_names_half_precision_and_tokenizer_json_are_read(tmp_path):
    tensors = tiny(tmp_path / "new")
    old = {name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor.astype("float16")
           for name, tensor in tensors.items()}  # fmt: skip
    tiny(tmp_path / "old")
    save_file(old, tmp_path / "old" / "model.safetensors")
    (tmp_path / "old" / "vocab.txt").unlink()
    vocab = {piece: number for number, piece in enumerate(PIECES)}
    (tmp_path / "old" / "tokenizer.json").write_text(json.dumps({"model": {"type": "WordPiece", "vocab": vocab}}))
    (tmp_path / "old" / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}))
    one, two = load_bert_reader(tmp_path / "new"), load_bert_reader(tmp_path / "old")
    assert two.tokenizer.vocabulary == PIECES and not two.tokenizer.lower_case
    for ours, theirs in zip(one.model.get_weights(), two.model.get_weights(), strict=True):
        assert np.allclose(ours, theirs, atol=2e-3)


BAD = {
    "no head": ({"drop": ["qa_outputs.weight"]}, ValueError, "no question-answering head"),
    "a tensor is missing": ({"drop": ["bert.encoder.layer.1.output.dense.bias"]}, ValueError, "lacks the tensor bert.encoder.layer.1"),
    "a shape is wrong": ({"change": {"qa_outputs.weight": np.zeros((3, 8), "float32")}}, ValueError, r"shape \(3, 8\).*asks for \(2, 8\)"),
    "another network": ({"config": {"model_type": "roberta"}}, ValueError, "model_type is 'roberta'; bert and distilbert"),
    "another activation": ({"config": {"hidden_act": "relu"}}, ValueError, "only gelu"),
    "a size is missing": ({"config": {"hidden_size": None}}, ValueError, "hidden_size = None"),
    "heads do not divide": ({"config": {"num_attention_heads": 3}}, ValueError, "multiple of heads"),
    "too many pieces": ({"config": {"vocab_size": 5}}, ValueError, "tokenizer has 14 pieces"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_checkpoint_is_refused_in_one_sentence(tmp_path, name):
    options, kind, said = BAD[name]
    tiny(tmp_path, **options)
    with pytest.raises(kind, match=said):
        load_bert_reader(tmp_path)


def test_missing_and_damaged_files_are_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        load_bert_reader(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"no config\.json"):
        load_bert_reader(tmp_path)
    tiny(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x10\x00")
    with pytest.raises(ValueError, match="no readable safetensors"):
        load_bert_reader(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"no model\.safetensors"):
        load_bert_reader(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ValueError, match="can run code"):
        load_bert_reader(tmp_path)
    tiny(tmp_path)
    (tmp_path / "vocab.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"no vocab\.txt"):
        load_bert_reader(tmp_path)
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"type": "BPE"}}))
    with pytest.raises(ValueError, match="'BPE'; WordPiece"):
        load_bert_reader(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ValueError, match="no readable JSON"):
        load_bert_reader(tmp_path)


def test_the_shipped_reader_is_worth_what_its_card_says(shipped):
    card = reader_card()
    stated = card["results"]["validation"]
    made = make_reports(
        stated["patients"], stated["seed"], style=stated["style"], question_style=stated["question_style"]
    )
    texts = made.questions.join(made.table.set_index("report")["text"], on="report")["text"].tolist()
    answers = answer_questions(*shipped, made.questions["question"].tolist(), texts)
    got = [exact_match_and_f1(a.text, truth) for a, truth in zip(answers, made.questions["answer"], strict=True)]
    for score in ("exact_match", "f1"):
        values = [getattr(row, score) for row in got]
        again = mean_interval(values, rng=stated["seed"], groups=made.questions["patient"], n_boot=2000)
        assert again == pytest.approx(
            tuple(stated["all"][score].values()), abs=0.003
        )  # the last bits differ by machine
    assert all(texts[k][a.start : a.end] == a.text for k, a in enumerate(answers))


def test_card_weights_and_words_belong_together(shipped, monkeypatch, tmp_path):
    card, (model, tokenizer) = reader_card(), shipped
    assert card["weights"]["parameters"] == model.count_params() and card["weights"]["bytes"] < 1.5e6
    assert card["vocabulary"]["pieces"] == len(tokenizer) == card["network"]["vocabulary_size"]
    text = reader.CARD.with_suffix(".md").read_text(encoding="utf-8")
    assert f"{card['results']['another hospital']['all']['exact_match']['mean']:.2f}" in text
    broken = tmp_path / "weights.h5"
    broken.write_bytes(b"x")
    monkeypatch.setattr(reader, "WEIGHTS", broken)
    with pytest.raises(ValueError, match="not the file that its model card describes"):
        load_reader()


def test_long_texts_are_read_in_windows(shipped):
    model, tokenizer = shipped
    filler = "The bones are intact. " * 150
    text = f"FINDINGS: {filler}There is a small nodule in the left lower lobe. {filler}"
    batch = prepare_reader(["Where is the nodule?"], [text], tokenizer, length=128)
    assert len(batch.ids) > 5 and batch.ids.shape[1] <= 128 and set(batch.question) == {0}
    covered = {place for row in batch.places for place in row if place}
    assert len(covered) == len(tokenizer.tokenize(text))
    (answer,) = answer_questions(model, tokenizer, ["Where is the nodule?"], [text])
    assert text[answer.start : answer.end] == answer.text


def test_padding_changes_nothing_and_the_seed_decides(shipped):
    model, tokenizer = shipped
    questions, texts = ["Where is the effusion?"] * 2, ["Effusion on the left side.", "Effusion on the left side. " * 8]
    together = prepare_reader(questions, texts, tokenizer)
    alone = prepare_reader(questions[:1], texts[:1], tokenizer)
    got, expected = (np.asarray(model([b.ids, b.segments, b.mask]))[0] for b in (together, alone))
    assert np.allclose(got[: expected.shape[0]], expected, atol=1e-4)
    one, two = (build_reader(20, length=16, width=8, layers=1, heads=2, inner=8, seed=s).get_weights() for s in (1, 1))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda t: prepare_reader(["a"], [], t), "1 questions and 0 texts"),
        (lambda t: prepare_reader(["a"], [""], t), "empty"),
        (lambda t: prepare_reader(["a " * 100], ["b"], t, length=64), "too many"),
        (lambda t: build_reader(10, width=10, heads=4), "multiple of heads"),
    ],
)
def test_what_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call(WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"]))
