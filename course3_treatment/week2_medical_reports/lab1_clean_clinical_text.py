# %% [markdown]
# # Clean clinical text
#
# You will take raw report texts apart: encodings, headings, sentences, lists, marks of de-identification. Each step is small, and each can lose a finding if it is done carelessly.
# **About 20 minutes**, with three steps to try yourself.
#
# All texts are *made up*, by us or by the grammar of the course. The troubles in them are those that real reports have.

# %%
import re
from collections import Counter

from labutils import plots, practice, reports
from labutils.datasets import make_reports

# %% [markdown]
# ## 1. Look at the raw text first
#
# A text that came out of a hospital system may be *bytes* in an old encoding, with curly quotes, double spaces and line breaks in the middle of a sentence. Print it with `repr`, which hides nothing.

# %%
raw = b"FINDINGS:  The \x93nodule\x94 in the left\r\nlower lobe is 2.5 cm.\r\nNo effusion \x96 or edema.\r\nIMPRESSION: 1. Nodule. 2. See XXXX."
print(repr(raw.decode("cp1252")))

# %% [markdown]
# Why `cp1252`? Try UTF-8 first: it refuses bytes that cannot be UTF-8, so a success means something. Windows-1252 refuses next to nothing and is the last resort. Guessing in the other order turns every "é" into two strange letters without any error.

# %%
try:
    raw.decode("utf-8")
except UnicodeDecodeError as error:
    print("not UTF-8:", error.reason)
wrong = "café".encode().decode("cp1252")
print("UTF-8 read as Windows-1252:", wrong)
assert wrong != "café"

# %% [markdown]
# ## 2. Clean without losing anything
#
# `clean_text` does four things: it decodes, makes quotes and dashes plain, makes spaces single, and joins lines that break inside of a sentence. It leaves numbers, case and punctuation: all carry meaning.

# %%
text = reports.clean_text(raw)
print(text)
assert "left lower lobe" in text and '"nodule"' in text and "2.5 cm" in text

# %% [markdown]
# What if somebody lower-cases everything and strips all punctuation, as cleaning recipes for web pages do? Then 2.5 cm becomes 25 cm, and the full stop that ended a denial is gone.

# %%
careless = re.sub(r"[^a-z0-9 ]", "", "Nodule of 2.5 cm. No change. Effusion.".lower())
print(careless)
assert "25 cm" in careless

# %% [markdown]
# ## 3. Cut a report into sections
#
# A report says the same word in different places with different meanings. INDICATION is what the doctor *asks*: "rule out pneumonia" is no pneumonia. FINDINGS and IMPRESSION are what was *seen*.

# %%
made = make_reports(200, 32_021)
parts = [reports.split_sections(text) for text in made.table["text"]]
print(parts[0])
assert all(set(part) == {"indication", "comparison", "findings", "impression"} for part in parts)

# %% [markdown]
# **Try it.** In how many of these reports does the word `pneumonia` stand in the *indication*?
#
# <details><summary>Hint 1: direction</summary>Go through <code>parts</code> and look into one section, in small letters.</details>
# <details><summary>Hint 2: nearly the line</summary><code>sum("pneumonia" in part["indication"].lower() for part in parts)</code></details>

# %%
### BEGIN SOLUTION
### STUB: asked_for_pneumonia = ...
asked_for_pneumonia = sum("pneumonia" in part["indication"].lower() for part in parts)
### END SOLUTION
practice.check(
    "reports that ask for pneumonia",
    asked_for_pneumonia,
    expected=sum(bool(re.search("pneumonia", part["indication"], re.IGNORECASE)) for part in parts),
    hint="The section is called indication; compare in small letters.",
)

# %% [markdown]
# Each of them, unless a pneumonia was also seen, would be a false one for a labeller that reads the whole report. Count the harm: how many reports change their label when the indication is read, too?

# %%
seen = reports.label_reports(made.table["text"])["Pneumonia"]
everything = reports.label_reports(made.table["text"], sections=("indication", "findings", "impression"))["Pneumonia"]
changed = (seen.fillna(9) != everything.fillna(9)).sum()
print(f"{changed} of {len(made.table)} reports get another label for pneumonia")
assert changed > 0

# %% [markdown]
# ## 4. Cut sections into sentences
#
# A denial ends with its sentence, so sentences matter. Cutting at every full stop breaks "2.5 cm" and "Dr. Smith"; cutting at ". " alone leaves the "2." of a list as a sentence.

# %%
section = "1. Nodule of 2.5 cm, seen by Dr. Smith. 2. No effusion"
print("at every full stop:", section.split("."))
print("with care:         ", reports.split_sentences(section))
assert reports.split_sentences(section) == ["Nodule of 2.5 cm, seen by Dr. Smith.", "No effusion"]

# %% [markdown]
# **Try it.** How many sentences has this text? Count by eye first: `"Heart size normal. 1. Small effusion. 2. Nodule of 1.5 cm."`
#
# <details><summary>Hint 1: direction</summary>The numbers of the list are no sentences, and 1.5 is one number.</details>
# <details><summary>Hint 2: nearly the line</summary><code>len(reports.split_sentences("…"))</code></details>

# %%
### BEGIN SOLUTION
### STUB: sentences = ...
sentences = len(reports.split_sentences("Heart size normal. 1. Small effusion. 2. Nodule of 1.5 cm."))
### END SOLUTION
practice.check(
    "number of sentences", sentences, expected=3, hint="The list has two entries, and one sentence stands before it."
)

# %% [markdown]
# ## 5. Look at what the sentences are
#
# Count the first words of all sentences. What a report begins with tells what kind of text it is.

# %%
every = [s for part in parts for name in ("findings", "impression") for s in reports.split_sentences(part[name])]
first_words = Counter(sentence.split()[0].lower().strip(".,") for sentence in every)
top = dict(first_words.most_common(8))
share = top.get("no", 0) / len(every)
fig = plots.bar_with_interval(
    list(top),
    list(top.values()),
    title=f"{share:.0%} of the sentences begin with “no”",
    xlabel=f"sentences of {len(every)}",
)
plots.show(
    fig,
    alt="Bars of the most frequent first words of sentences: " + ", ".join(f"{w} {n}" for w, n in top.items()) + ".",
)

# %% [markdown]
# Denials everywhere: a labeller that does not understand "no" understands little of a report. That is the next lab.
#
# ## 6. Handle marks and empty reports
#
# Real collections blank names and dates: Open-i writes `XXXX`, sometimes over a medical word. The mark stays in the text as a word that matches nothing: better a gap that is seen than a guess. An empty report has no sentence and no label at all, not even "No Finding": silence is not health.

# %%
blanked = reports.label_report("FINDINGS: XXXX opacity in the left XXXX. No effusion.")
empty = reports.label_report("")
print({name: code for name, code in blanked.items() if code == code})
assert blanked["Lung Opacity"] == 1 and all(code != code for code in empty.values())

# %% [markdown]
# **Try it.** What label has "Lung Lesion" in a report whose whole text is `"FINDINGS: XXXX in the left lung."`? Give the code (a number, or `float("nan")`).
#
# <details><summary>Hint 1: direction</summary>Nobody can know what stood under the mark.</details>
# <details><summary>Hint 2: nearly the line</summary><code>reports.label_report("…")["Lung Lesion"]</code></details>

# %%
### BEGIN SOLUTION
### STUB: lesion = ...
lesion = reports.label_report("FINDINGS: XXXX in the left lung.")["Lung Lesion"]
### END SOLUTION
practice.check("label of the blanked word", lesion, expected=float("nan"), hint="Not mentioned is NaN, which is not 0.")

# %% [markdown]
# ## What to remember
#
# - Try UTF-8 first, then Windows-1252; look with `repr`.
# - Clean spaces and quotes, keep numbers, full stops and negations.
# - Read only the sections that say what was seen.
# - A blank is a gap, and an empty report is no healthy patient.
