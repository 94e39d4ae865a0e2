# %% [markdown]
# # Prepare input for a transformer
#
# You will turn a question and a report into the three rows of numbers that a BERT-like network reads (ids, segments, mask), cut a text that is too long, and check that the network really ignores padding. **About 20
# minutes**, with three steps to try yourself.
#
# The texts are *made up*. The tokenizer and the small network come with the course.

# %%
import numpy as np

from labutils import plots, plots_reports, practice
from labutils.datasets import make_reports
from labutils.models import load_reader, prepare_reader
from labutils.reports_qa import prepare_bert_input, segments_of
from labutils.wordpiece import WordPiece, load_tokenizer

tokenizer = load_tokenizer()
print(len(tokenizer), "pieces, for example", tokenizer.vocabulary[200:206])

# %% [markdown]
# ## 1. Cut words into pieces
#
# A network has a fixed list of pieces. A word that is in it stays whole. Any other is cut from the left into the longest pieces that are in the list; `##` marks a piece that goes on. A list with all single letters can cut any English word, and a rare word costs more pieces; what cannot be cut, such as ≥, becomes `[UNK]`, unknown.

# %%
for word in ["effusion", "pneumothorax", "cardiomegaly", "hemoptysis", "Zürich"]:
    print(f"{word:14s}", tokenizer.tokenize(word))
assert tokenizer.tokenize("EFFUSION") == tokenizer.tokenize("effusion"), "this tokenizer reads small letters"

# %% [markdown]
# Do it once by hand. With the list `no`, `nod`, `##ule`, `##s`: "nodules" starts with `no` and with `nod`; the longest wins, so `nod`, then `##ule`, then `##s`.
#
# **Try it.** With the list below, how is "effusions" cut? Give the list of pieces.
#
# <details><summary>Hint 1: direction</summary>The longest piece from the left first.</details>
# <details><summary>Hint 2: nearly the line</summary><code>tiny.tokenize("effusions")</code></details>

# %%
tiny = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "eff", "effus", "##us", "##ion", "##ions", "##s"])
### BEGIN SOLUTION
### STUB: pieces = ...
pieces = tiny.tokenize("effusions")
### END SOLUTION
practice.check(
    "pieces of effusions",
    pieces,
    expected=["effus", "##ions"],
    hint="effus is longer than eff, ##ions longer than ##ion.",
)

# %% [markdown]
# ## 2. Put question and passage into one row
#
# `[CLS]` question `[SEP]` passage `[SEP]`, then `[PAD]` up to the length. Three rows of numbers go with it: the **ids**, the **segments** (0 for the question, 1 for the passage) and the **mask** (1 for real tokens, 0 for padding).

# %%
question, passage = "Where is the nodule?", "A nodule is seen in the left lower lobe. No effusion."
ids, mask, tokens = prepare_bert_input(question, passage, tokenizer, 28)
segments = segments_of(tokens, 28)
padded = [*tokens, *["[PAD]"] * (28 - len(tokens))]
fig = plots_reports.token_strip(
    padded,
    segments,
    mask,
    title=f"{len(tokens)} real tokens, {28 - len(tokens)} of padding (blue: question, orange: passage)",
)
plots.show(
    fig, alt=f"The row of 28 tokens: {' '.join(padded)}. Question and passage are shaded differently, padding is empty."
)
assert ids.shape == (1, 28) and mask.sum() == len(tokens)

# %% [markdown]
# **Try it.** How many ones has the *segment* row? (It counts the passage and the last `[SEP]`.)
#
# <details><summary>Hint 1: direction</summary>Sum the row, or count in the picture.</details>
# <details><summary>Hint 2: nearly the line</summary><code>int(segments.sum())</code></details>

# %%
### BEGIN SOLUTION
### STUB: ones = ...
ones = int(segments.sum())
### END SOLUTION
practice.check(
    "ones in the segment row",
    ones,
    expected=len(tokenizer.tokenize(passage)) + 1,
    hint="Pieces of the passage, and one [SEP].",
)

# %% [markdown]
# ## 3. Cut what is too long
#
# The longest input is fixed. Real BERT models stop at 512 tokens. Simply cutting the row loses the last `[SEP]`, which the network expects; so the *passage* is cut to what fits, and `[SEP]` is put behind it.

# %%
short = prepare_bert_input(question, passage, tokenizer, 14)
careless = [tokenizer.cls_token, *tokenizer.tokenize(question), tokenizer.sep_token, *tokenizer.tokenize(passage)][:14]
print("with care:", short.tokens)
print("careless: ", careless)
assert short.tokens[-1] == "[SEP]" and careless[-1] != "[SEP]"

# %% [markdown]
# But look what is lost: the answer. Where a report is too long, better cut it into **windows** that overlap, ask each, and take the best answer. `prepare_reader` does.

# %%
long_text = "The bones are intact. " * 40 + passage
windows = prepare_reader([question], [long_text], tokenizer, length=96, overlap=32)
print(f"{len(tokenizer.tokenize(long_text))} tokens in {len(windows.ids)} windows of up to {windows.ids.shape[1]}")
last = [long_text[place[0] : place[1]] for place in windows.places[-1] if place]
assert "lobe" in last and windows.question.tolist() == [0] * len(windows.ids)

# %% [markdown]
# ## 4. Look at lengths before you choose one
#
# How long are the reports, in tokens? A length that fits all wastes time on padding; one that is too short loses answers. The question and three special tokens come on top.

# %%
made = make_reports(200, 32_041)
lengths = np.array([len(tokenizer.tokenize(text)) for text in made.table["text"]])
values, counts = np.unique(lengths // 10 * 10, return_counts=True)
fig = plots.bar_with_interval(
    [f"{v} to {v + 9}" for v in values], counts, title=f"Half of the reports have up to {np.median(lengths):.0f} tokens, none more than {lengths.max()}",
    xlabel="reports",
)  # fmt: skip
plots.show(
    fig,
    alt=f"Bars of the number of tokens of {len(lengths)} reports, from {lengths.min()} to {lengths.max()}, median {np.median(lengths):.0f}.",
)

# %% [markdown]
# ## 5. Check that padding changes nothing
#
# The mask tells the network not to look at padding. Believe it only when you have seen it: the scores of the real tokens must be the same with and without padding.

# %%
reader = load_reader()
alone = np.asarray(reader([ids[:, : len(tokens)], segments[:, : len(tokens)], mask[None, : len(tokens)]]))
padded_scores = np.asarray(reader([ids, segments, mask[None]]))[:, : len(tokens)]
difference = float(np.abs(alone - padded_scores).max())
print(f"largest difference with the right mask: {difference:.6f}")
assert difference < 1e-3

# %% [markdown]
# And with a mask that counts padding as real, a mistake that raises no error at all?
#
# **Try it.** Compute the same difference with a mask of ones everywhere. Is it larger than 0.001? Answer `True` or `False`.
#
# <details><summary>Hint 1: direction</summary>Give the network <code>np.ones_like(mask)</code> in place of the mask.</details>
# <details><summary>Hint 2: nearly the line</summary><code>np.abs(alone - np.asarray(reader([ids, segments, np.ones_like(mask)[None]]))[:, : len(tokens)]).max() &gt; 0.001</code></details>

# %%
### BEGIN SOLUTION
### STUB: scores_change = ...
wrong = np.asarray(reader([ids, segments, np.ones_like(mask)[None]]))[:, : len(tokens)]
scores_change = bool(np.abs(alone - wrong).max() > 0.001)
### END SOLUTION
practice.check(
    "scores change with a wrong mask", scores_change, expected=True, hint="Every token now looks at the padding too."
)

# %% [markdown]
# ## What to remember
#
# - Unknown words become pieces; `##` means "goes on".
# - [CLS] question [SEP] passage [SEP], with ids, segments and mask of one length.
# - Cut the passage, keep the last [SEP]; use windows where an answer may be lost.
# - A wrong mask gives wrong numbers and no error: test it.
