"""Chest X-ray reports made by a grammar, with exact labels, mentions and answer spans. Nobody in them exists.

A patient has findings that come and stay; a report says some of them, denies others, doubts a few and keeps silent on the
rest; several reports of one patient resemble each other, as in life. Because the grammar writes both the text and the labels,
the labels are exact: the one thing that real reports never have.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from labutils.datasets import report_questions
from labutils.datasets import report_words as words
from labutils.reports_lexicon import CATEGORIES, NO_FINDING

CODES = {"positive": 1.0, "negative": 0.0, "uncertain": -1.0}


class MadeReports(NamedTuple):
    """Made-up reports.

    ``table``: one row per report: ``report``, ``patient``, ``exam`` (1, 2, … of the patient), ``text`` and the fourteen
    categories in CheXpert's codes (1, 0, -1, NaN). ``mentions``: ``report``, ``finding``, ``status``, ``start``, ``end``
    (characters of the text). ``questions``: ``report``, ``patient``, ``kind``, ``finding``, ``question``, ``answer``, ``start``,
    ``end``.
    """

    table: pd.DataFrame
    mentions: pd.DataFrame
    questions: pd.DataFrame


def make_reports(
    n_patients: int, rng: int | np.random.Generator, *, style: str = "A", question_style: str | None = None
) -> MadeReports:
    """Write the reports of some made-up patients.

    Parameters
    ----------
    n_patients : int
        Each has one to four reports.
    rng : int or numpy Generator
        The same seed writes the same reports.
    style : {"A", "B"}
        Words and sentences of one hospital or of another; the two share some.
    question_style : {"A", "B"}, optional
        How questions are put; by default like `style`.

    Returns
    -------
    MadeReports
        Every question has one right answer, which stands in the text just once as that answer: ``text[start:end] == answer``.

    Raises
    ------
    ValueError
        If there is no patient or no such style.

    Examples
    --------
    >>> made = make_reports(2, 7)
    >>> row = made.questions.iloc[0]
    >>> made.table.set_index("report").loc[row["report"], "text"][row["start"] : row["end"]] == row["answer"]
    True
    """
    question_style = question_style or style
    if n_patients < 1 or style not in words.STYLES or question_style not in words.STYLES:
        raise ValueError(
            f"make_reports writes for at least one patient in style 'A' or 'B'; got n_patients={n_patients!r}, "
            f"style={style!r}, question_style={question_style!r}."
        )
    draw = np.random.default_rng(rng)
    rows, mentions, questions = [], [], []
    for patient in range(1, n_patients + 1):
        sick = _findings_of_a_patient(draw)
        for exam in range(1, int(draw.choice([1, 2, 3, 4], p=[0.55, 0.25, 0.13, 0.07])) + 1):
            name = f"r{len(rows) + 1:05d}"
            report = _Report(draw, style)
            report.write(sick)
            labels = _labels(report.mentions)
            rows.append({"report": name, "patient": f"p{patient:05d}", "exam": exam, "text": report.text, **labels})
            mentions += [{"report": name, **mention} for mention in report.mentions]
            for asked in report.questions(question_style):
                questions.append({"report": name, "patient": f"p{patient:05d}", **asked})
            sick = _next_exam(sick, draw)
    columns = ["report", "patient", "kind", "finding", "question", "answer", "start", "end"]
    return MadeReports(
        pd.DataFrame(rows),
        pd.DataFrame(mentions, columns=["report", "finding", "status", "start", "end"]),
        pd.DataFrame(questions, columns=columns),
    )


def _findings_of_a_patient(draw):
    """Give the status of each finding at the first exam; None where the report keeps silent."""
    ill = draw.random() < 0.7
    status = {}
    for name, finding in words.FINDINGS.items():
        chance = draw.random()
        present, doubted = (1.4 * finding.present, 1.4 * finding.doubted) if ill else (0.0, 0.0)
        if chance < present:
            status[name] = "positive"
        elif chance < present + doubted:
            status[name] = "uncertain"
        elif chance < present + doubted + finding.denied:
            status[name] = "negative"
    return status


def _next_exam(sick, draw):
    """Most findings stay; a few go, come or become clear."""
    fresh = _findings_of_a_patient(draw)
    keep = {name: status for name, status in sick.items() if draw.random() < 0.8}
    return {**{name: status for name, status in fresh.items() if draw.random() < 0.3}, **keep}


def _labels(mentions):
    found = {}
    for mention in mentions:
        code, known = CODES[mention["status"]], found.get(mention["finding"])
        if known is None or code == 1.0 or (code == -1.0 and known == 0.0):
            found[mention["finding"]] = code
    if all(code == 0.0 for name, code in found.items() if name != "Support Devices"):
        found[NO_FINDING] = 1.0
    return {name: found.get(name, float("nan")) for name in CATEGORIES}


class _Report:
    """The text of a report as it grows, and where in it everything stands."""

    def __init__(self, draw, style):
        self.draw, self.style, self.text = draw, style, ""
        self.mentions, self.spans = [], []

    def pick(self, options):
        return options[int(self.draw.integers(len(options)))]

    def write(self, sick):
        style = self.style
        self.heading("INDICATION")
        self.sentence("{reason}.", {"reason": (self.pick(words.REASONS[style]), ("reason", None))})
        self.heading("COMPARISON")
        self.sentence("{earlier}.", {"earlier": (self.pick(words.EARLIER[style]), ("earlier", None))})
        self.heading("FINDINGS")
        before = len(self.text)
        names = [name for name in self.draw.permutation(list(words.FINDINGS)) if name in sick]
        groups = {status: [n for n in names if sick[n] == status] for status in CODES}
        self.deny(groups["negative"], groups["positive"])
        for name in groups["uncertain"]:
            self.doubt(name)
        for name in groups["positive"]:
            self.affirm(name)
        if self.draw.random() < 0.2:
            self.device()
        if len(self.text) == before:
            self.sentence(self.pick(words.NOTHING[style]), {})
        self.heading("IMPRESSION")
        self.conclude(groups)

    def heading(self, name):
        self.text += ("\n" if self.text else "") + name + ":"

    def sentence(self, template, slots):
        """Add a sentence; `slots` gives for each slot its text and what it stands for: (kind, finding, status)."""
        out, place, start = "", 0, len(self.text) + 1
        while place < len(template):
            if template[place] != "{":
                out, place = out + template[place], place + 1
                continue
            close = template.index("}", place)
            text, meaning = slots[template[place + 1 : close]]
            place = close + 1
            if not text:  # a finding without a place: no double space, no space before the full stop
                out = out.rstrip(" ")
                place += template[place : place + 1] in (" ", ",") and not out
                continue
            parts = meaning if isinstance(meaning, list) else [(text, meaning)]
            for part, stands_for in parts:
                first = start + len(out)
                out += part
                if stands_for and stands_for[0] == "mention":
                    self.mentions.append(
                        {"finding": stands_for[1], "status": stands_for[2], "start": first, "end": start + len(out)}
                    )
                elif stands_for:
                    self.spans.append((*stands_for, first, start + len(out)))
        out = out.lstrip(" ")
        self.text += " " + out[:1].upper() + out[1:]

    def what(self, name, status):
        """Give the finding with article, size and noun as slot; and the bare noun as another."""
        finding = words.FINDINGS[name]
        noun = self.pick(finding.nouns[self.style])
        article, bare = noun.split(" ", 1) if noun.startswith(("a ", "an ")) else ("", noun)
        mention, parts = ("mention", name, status), []
        size = self.pick(finding.sizes[self.style]) if self.draw.random() < 0.6 else ""
        if article:
            vowel = (size or bare)[0] in "aeiou8"
            parts.append(("an " if vowel else "a ", None))
        if size:
            parts += [(size, ("size", name)), (" ", None)]
        parts.append((bare, mention))
        return ("".join(part for part, _ in parts), parts), (bare, mention)

    def where(self, name):
        places = words.FINDINGS[name].places[self.style]
        if not places or self.draw.random() < 0.15:
            return "", None
        return self.place(self.pick(places), name, "where")

    @staticmethod
    def place(phrase, name, kind):
        """Cut "in the left lower lobe" into what leads to the place and the place, which is the answer."""
        head = phrase.split(" ", 2) if phrase.split(" ")[1] == "the" else phrase.split(" ", 1)
        lead, answer = " ".join(head[:-1]) + " ", head[-1]
        return phrase, [(lead, None), (answer, (kind, name))]

    def affirm(self, name):
        what, _ = self.what(name, "positive")
        self.sentence(self.pick(words.AFFIRMED[self.style]), {"what": what, "where": self.where(name)})

    def doubt(self, name):
        opacity = name in ("Pneumonia", "Atelectasis") and self.draw.random() < 0.4
        what, bare = self.what(name, "uncertain")
        if opacity:
            seen, _ = self.what("Lung Opacity", "positive")
            place = self.where("Lung Opacity")
            self.sentence(words.DOUBTED_FROM_OPACITY[self.style], {"opacity": seen, "bare": bare, "where": place})
            return
        self.sentence(self.pick(words.DOUBTED[self.style]), {"what": what, "bare": bare, "where": self.where(name)})

    def deny(self, names, affirmed):
        names = list(names)
        while names:
            name = names.pop()
            if name in words.DENIED_BY_NORMAL and self.draw.random() < 0.8:
                text = self.pick(words.DENIED_BY_NORMAL[name][self.style])
                start = len(self.text) + 1
                self.mentions.append(
                    {"finding": name, "status": "negative", "start": start, "end": start + len(text) - 1}
                )
                self.sentence(text, {})
                continue
            _, bare = self.what(name, "negative")
            if affirmed and self.draw.random() < 0.25:
                seen = affirmed.pop()
                what, _ = self.what(seen, "positive")
                slots = {"bare": bare, "what": what, "where": self.where(seen)}
                self.sentence(self.pick(words.DENIED_BUT[self.style]), slots)
            elif names and names[-1] not in words.DENIED_BY_NORMAL and self.draw.random() < 0.6:
                _, bare2 = self.what(names.pop(), "negative")
                self.sentence(self.pick(words.DENIED_TWO[self.style]), {"bare": bare, "bare2": bare2})
            else:
                self.sentence(self.pick(words.DENIED_ONE[self.style]), {"bare": bare})

    def device(self):
        device = self.pick(list(words.DEVICES[self.style]))
        phrase = self.pick(words.DEVICES[self.style][device])
        slots = {
            "device": (device, ("mention", "Support Devices", "positive")),
            "where": self.place(phrase, device, "tip"),
        }
        self.sentence(self.pick(words.DEVICE_SENTENCES[self.style]), slots)

    def conclude(self, groups):
        said = 0
        for status in ("positive", "uncertain", "negative"):
            for name in groups[status][: 2 - said]:
                if self.draw.random() < 0.6:
                    _, bare = self.what(name, status)
                    self.sentence(words.CONCLUDED[self.style][status], {"bare": bare})
                    said += 1
        if not said:
            healthy = not groups["positive"] and not groups["uncertain"]
            self.sentence(self.pick(words.NOTHING[self.style]) if healthy else "See above.", {})

    def questions(self, style):
        """Ask for every span that is the only one of its kind for its finding."""
        asked = []
        for kind, name, start, end in self.spans:
            if sum(span[:2] == (kind, name) for span in self.spans) > 1:
                continue
            names = report_questions.NAMES.get(name, (name,))
            question = self.pick(report_questions.QUESTIONS[kind][style]).format(name=self.pick(names))
            finding = None if kind in ("reason", "earlier") else ("Support Devices" if kind == "tip" else name)
            answer = self.text[start:end]
            asked.append(
                {"kind": kind, "finding": finding, "question": question, "answer": answer, "start": start, "end": end}
            )
        return asked
