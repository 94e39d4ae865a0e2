"""Train the report reader that the labs ship, on made-up reports, and write its vocabulary, weights, and model card.

Minutes on two cores:  python scripts/train_report_reader.py       (--steps 50 --dry for a trial)

The vocabulary is learnt by the `tokenizers` library (of the test group); everything after that needs only what learners have.
"""

import argparse
import hashlib
import json
import time

import numpy as np
import pandas as pd
from write_report_card import write_card

from labutils.datasets.made_reports import make_reports
from labutils.models import keras
from labutils.models.reader import CARD, WEIGHTS, answer_questions, build_reader, load_reader
from labutils.reports_lexicon import KEYWORDS, NEGATION_AFTER, NEGATION_BEFORE, UNCERTAIN_AFTER, UNCERTAIN_BEFORE
from labutils.reports_scores import exact_match_and_f1, mean_interval
from labutils.wordpiece import VOCABULARY, WordPiece, load_tokenizer, read_vocabulary

RECIPE = {
    "seed": 20261125,
    "patients": 6000,
    "style": "A",
    "vocabulary": 1400,
    "batch_size": 32,
    "steps": 2600,
    "optimizer": "Adam",
    "learning_rate": 1e-3,
    "schedule": "warm-up over 200 steps, then cosine to 0",
    "loss": "mean cross-entropy of the first and of the last token of the answer, over the tokens of the passage",
    "strange_words": "up to 15 % of the tokens of a row are replaced by random pieces",
    "strange_answers": "in a quarter of the rows the answer becomes 1 to 6 random pieces, to be found by what stands around",
    "easy_questions": "a quarter of those on reason and earlier film, which are the easiest",
}
NETWORK = {
    "length": 256,
    "width": 64,
    "layers": 3,
    "heads": 4,
    "inner": 128,
    "dropout": 0.1,
    "near": 5,
    "echo": True,
    "seed": 7,
}
SETS = {  # name: (patients, seed, style of the report, style of the question)
    "validation": (150, 20261126, "A", "A"),
    "new patients": (300, 20261201, "A", "A"),
    "questions put otherwise": (300, 20261202, "A", "B"),
    "another hospital": (300, 20261203, "B", "A"),
    "another hospital, questions put otherwise": (300, 20261204, "B", "B"),
}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def learn_vocabulary(made, size):
    """Learn the pieces from reports, questions and the words of the lexicon; add every ASCII character."""
    from tokenizers import BertWordPieceTokenizer

    lists = (NEGATION_BEFORE, NEGATION_AFTER, UNCERTAIN_BEFORE, UNCERTAIN_AFTER, *KEYWORDS.values())
    texts = [*made.table["text"], *made.questions["question"], *(phrase for words in lists for phrase in words)]
    teacher = BertWordPieceTokenizer(lowercase=True)
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    initial = [*letters, *(f"##{letter}" for letter in letters if letter.isalnum())]
    teacher.train_from_iterator(texts, vocab_size=size, special_tokens=SPECIAL, min_frequency=2, show_progress=False)
    learnt = sorted(teacher.get_vocab(), key=teacher.get_vocab().get)
    return [*SPECIAL, *initial, *(piece for piece in learnt if piece not in {*SPECIAL, *initial})]


def rows_of(questions, tokenizer):
    """Give for each question the ids of question, passage before, answer, and passage after."""
    rows = []
    for q in questions.itertuples():
        asked = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(q.question))
        told = tokenizer.tokenize_with_places(q.text)
        inside = [k for k, (_, first, last) in enumerate(told) if first < q.end and last > q.start]
        ids = tokenizer.convert_tokens_to_ids([piece for piece, _, _ in told])
        rows.append((asked, ids[: inside[0]], ids[inside[0] : inside[-1] + 1], ids[inside[-1] + 1 :]))
    return rows


def make_batch(rows, tokenizer, rng):
    """Put rows together, with strange words and strange answers; return inputs and the places of the answers."""
    made, spans = [], []
    for asked, before, answer, after in rows:
        if rng.random() < 0.25:
            answer = rng.integers(len(SPECIAL), len(tokenizer), rng.integers(1, 7)).tolist()
        start = len(asked) + 2 + len(before)
        spans.append((start, start + len(answer) - 1))
        passage = [*before, *answer, *after][: NETWORK["length"] - len(asked) - 3]
        made.append(
            (len(asked), [tokenizer.cls_token_id, *asked, tokenizer.sep_token_id, *passage, tokenizer.sep_token_id])
        )
    longest = max(len(ids) for _, ids in made)
    inputs = np.zeros((3, len(made), longest), np.int32)
    for row, (n_asked, ids) in enumerate(made):
        inputs[0, row, : len(ids)] = ids
        inputs[1, row, n_asked + 2 : len(ids)] = 1
        inputs[2, row, : len(ids)] = 1
    strange = rng.random(inputs[0].shape) < 0.15 * rng.random((len(made), 1))
    strange &= inputs[0] >= len(SPECIAL)
    inputs[0][strange] = rng.integers(
        len(SPECIAL), len(tokenizer), strange.sum()
    )  # so that it need not know every word
    return list(inputs), np.array(spans, np.int32)


def loss_of_spans(spans, scores):
    """Cross-entropy of first and last token; the scores of tokens outside of the passage are −1e9 already."""
    ops = keras.ops
    return ops.mean(
        keras.losses.sparse_categorical_crossentropy(spans, ops.transpose(scores, (0, 2, 1)), from_logits=True)
    )


def rate(step, recipe):
    """Give the learning rate of a step."""
    if step < 200:
        return recipe["learning_rate"] * (step + 1) / 200
    return recipe["learning_rate"] * 0.5 * (1 + np.cos(np.pi * (step - 200) / max(recipe["steps"] - 200, 1)))


def asked(made):
    """Return questions with the text of their report."""
    return made.questions.join(made.table.set_index("report")["text"], on="report")


def train(recipe, tokenizer, made):
    """Return the trained network and its curve."""
    rng = np.random.default_rng(recipe["seed"])
    questions = asked(made)
    easy = questions["kind"].isin(["reason", "earlier"]) & (rng.random(len(questions)) > 0.25)
    questions = questions[~easy]
    rows = rows_of(questions, tokenizer)
    model = build_reader(len(tokenizer), **NETWORK)
    passage = keras.layers.Lambda(lambda parts: parts[0] - 1e9 * (1 - keras.ops.cast(parts[1][..., None], "float32")))
    trained = keras.Model(model.inputs, passage([model.output, model.inputs[1]]))
    trained.compile(keras.optimizers.Adam(recipe["learning_rate"], clipnorm=1.0), loss=loss_of_spans)
    curve, losses, order = [], [], np.array([], int)
    for step in range(recipe["steps"]):
        if len(order) < recipe["batch_size"]:
            order = rng.permutation(len(rows))
        taken, order = order[: recipe["batch_size"]], order[recipe["batch_size"] :]
        inputs, spans = make_batch([rows[k] for k in taken], tokenizer, rng)
        trained.optimizer.learning_rate = rate(step, recipe)
        losses.append(float(trained.train_on_batch(inputs, spans)))
        trained.reset_metrics()
        if (step + 1) % 100 == 0:
            curve.append({"step": step + 1, "loss": round(float(np.mean(losses[-100:])), 4)})
            print(curve[-1], flush=True)
    return model, curve


def scores_of(model, tokenizer, name):
    """Exact match and token F1 on a set, together and by kind of question, with intervals over patients."""
    patients, seed, style, question_style = SETS[name]
    made = make_reports(patients, seed, style=style, question_style=question_style)
    questions = asked(made)
    answers = answer_questions(
        model, tokenizer, questions["question"].tolist(), questions["text"].tolist(), length=NETWORK["length"]
    )
    got = [exact_match_and_f1(a.text, truth) for a, truth in zip(answers, questions["answer"], strict=True)]
    frame = pd.DataFrame(got, columns=["exact_match", "f1"]).assign(
        kind=questions["kind"], patient=questions["patient"]
    )
    out = {"patients": patients, "seed": seed, "style": style, "question_style": question_style}
    for kind, part in [("all", frame), *frame.groupby("kind")]:
        out[kind] = {"questions": len(part)}
        for score in ("exact_match", "f1"):
            interval = mean_interval(part[score], rng=seed, groups=part["patient"], n_boot=2000)
            out[kind][score] = {key: round(value, 4) for key, value in interval._asdict().items()}
    return out


def main():
    """Train, evaluate, and write everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=RECIPE["steps"])
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument("--evaluate", action="store_true", help="only score the shipped weights anew")
    options = parser.parse_args()
    if options.evaluate:
        card = json.loads(CARD.read_text(encoding="utf-8"))
        card["results"] = {name: scores_of(load_reader(), load_tokenizer(), name) for name in SETS}
        write_card(card)
        return
    recipe = {**RECIPE, "steps": options.steps}
    start = time.process_time(), time.perf_counter()
    made = make_reports(recipe["patients"], recipe["seed"], style=recipe["style"])
    pieces = learn_vocabulary(made, recipe["vocabulary"])
    tokenizer = WordPiece(pieces)
    model, curve = train(recipe, tokenizer, made)
    cost = {
        "cpu_seconds": round(time.process_time() - start[0]),
        "seconds": round(time.perf_counter() - start[1]),
    }
    results = {name: scores_of(model, tokenizer, name) for name in SETS}
    for name, result in results.items():
        print(name, {kind: row for kind, row in result.items() if isinstance(row, dict)})
    if options.dry:
        return
    VOCABULARY.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    assert read_vocabulary(VOCABULARY) == pieces
    bare = build_reader(len(tokenizer), **NETWORK)
    bare.set_weights(model.get_weights())
    bare.save_weights(WEIGHTS)
    card = {
        "schema": 1,
        "name": "report_reader",
        "network": {"vocabulary_size": len(tokenizer), **NETWORK},
        "weights": {**_file(WEIGHTS), "parameters": model.count_params()},
        "vocabulary": {**_file(VOCABULARY), "pieces": len(tokenizer)},
        "recipe": {**recipe, "reports": len(made.table), "questions": len(made.questions)},
        "training": cost,
        "learning_curve": curve,
        "results": results,
    }
    write_card(card)


def _file(path):
    content = path.read_bytes()
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


if __name__ == "__main__":
    main()
