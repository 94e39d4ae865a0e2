"""Write the report reader's model card as Markdown, from the numbers of its JSON card alone.

python scripts/write_report_card.py      (scripts/train_report_reader.py calls it too)
"""

import json
import textwrap

from labutils.models.reader import CARD

KINDS = ["where", "size", "reason", "earlier", "tip"]


def write_card(card):
    """Write the card as JSON and, from the same numbers, as Markdown."""
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    CARD.with_suffix(".md").write_text(markdown(card), encoding="utf-8")


def interval(row):
    """Return 0.81 (0.75 to 0.86)."""
    return f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def table(head, rows):
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in [head, ["---"] * len(head), *rows])


def markdown(card):
    """Return the whole card."""
    results = card["results"]
    scores = [
        (name, f"{r['all']['questions']:,}", interval(r["all"]["exact_match"]), interval(r["all"]["f1"]))
        for name, r in results.items()
    ]
    by_kind = [(name, *(interval(r[kind]["exact_match"]) for kind in KINDS)) for name, r in results.items()]
    parts = [
        "# Model card: report reader, a small transformer that answers questions",
        "This file is written by `scripts/write_report_card.py` from `report_reader.json`; do not edit it by hand.",
        *_about(card),
        "## What it is worth",
        *_how_scored(),
        table(["set", "questions", "exact match", "token F1"], scores),
        "Exact match by kind of question (place, size, reason for the exam, earlier film, tip of a device):",
        table(["set", *KINDS], by_kind),
        """- *validation*, *new patients*: sentences and questions as in training.
- *questions put otherwise*: the same hospital, questions in words never trained on.
- *another hospital*: sentences, sizes and most other words never trained on; questions as in training.""",
        "## Limits",
        """- It has learnt a grammar, not English. It loses some skill where questions are put otherwise, more where
  reports are, and nearly all where both are.
- It always answers, also where the report says nothing or denies the finding. Its probability is no warning.
- Its words are lower case and English. Reports of patients are longer and full of words that it has never read.
- Intervals tell what other made-up patients would change; not what another training run or a real report would.
- Nobody in its data has an age, a sex or an origin: nothing can be said about groups.""",
    ]
    return (
        "\n\n".join(part if part[0] in "|-#" else textwrap.fill(" ".join(part.split()), 120) for part in parts) + "\n"
    )


def _about(card):
    recipe, weights, network, cost = card["recipe"], card["weights"], card["network"], card["training"]
    return [
        f"""**What it is.** An encoder with {network["layers"]} blocks of {network["heads"]} attention heads and
        {network["width"]} numbers per token, {weights["parameters"]:,} weights ({weights["bytes"] / 1e6:.1f} MB), and a
        vocabulary of {card["vocabulary"]["pieces"]} pieces. It reads a question and a chest X-ray report of up to
        {network["length"]} tokens and gives each token two scores: how well it starts and how well it ends the answer.
        Beyond BERT it has two helps for a network that has read little: a convolution over {network["near"]} tokens before
        each attention, and a mark on words of the passage that stand in the question too.""",
        """**What it is for.** Teaching: what goes into such a network, what comes out, and how it is scored.""",
        """**What it is not for.** Any decision about a person. It has read nothing but made-up reports, and it is no
        medical device.""",
        """**Data.** Synthetic: `labutils.datasets.make_reports`. Style A is the hospital it learnt from; style B has other
        sentences, sizes, devices and most other words. No text of a patient was used.""",
        "## How it was made",
        f"""`scripts/train_report_reader.py`, seed {recipe["seed"]}: {recipe["patients"]:,} made-up patients of style
        {recipe["style"]}, {recipe["reports"]:,} reports, {recipe["questions"]:,} questions; {recipe["steps"]:,} steps with
        batches of {recipe["batch_size"]}; {recipe["optimizer"]}, learning rate {recipe["learning_rate"]:g},
        {recipe["schedule"]}. Loss: {recipe["loss"]}. Strange words: {recipe["strange_words"]}. Strange answers:
        {recipe["strange_answers"]}. Easy questions: {recipe["easy_questions"]}. It took {cost["cpu_seconds"]} s of CPU
        time and {cost["seconds"]} s by the clock on two cores that other work shared.""",
    ]


def _how_scored():
    return [
        """Exact match and token F1 as in SQuAD, with 95 % bootstrap intervals over patients. Every set has patients and a
        seed of its own.""",
        """Three recipes were tried. The first two were scored on all of these kinds of sets, style B included, before the
        third was written: it has more ways to put a question, the convolution and the mark, because of what those scores
        said. The third was scored on the same sets once; then the patients of all sets but validation were drawn anew
        and scored for this table. So the patients are unseen, but the wording of style B is not untouched by the choice of
        the recipe, and its rows may flatter the network.""",
    ]


if __name__ == "__main__":
    write_card(json.loads(CARD.read_text(encoding="utf-8")))
