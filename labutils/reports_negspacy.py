"""The yardstick: the same keywords, with the negation of a well-kept library (negspacy on spaCy) instead of ours.

spaCy and negspacy are not among the packages of learners (see docs/decisions/0005): the labels that this pipeline
gives to a fixed
set of made-up reports are shipped as a table, and `load_negspacy_labels` reads it. A test gives them anew.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from labutils.reports_lexicon import CATEGORIES, KEYWORDS, NO_FINDING
from labutils.reports_text import READ, split_sections

TABLE = Path(__file__).parent / "datasets" / "tables" / "negspacy_labels.csv.gz"
MADE = {"n_patients": 250, "rng": 20261131, "style": "B"}
"""The arguments of `labutils.datasets.make_reports` for the reports of the table."""


def build_pipeline(keywords: dict | None = None) -> Any:
    """Build a spaCy pipeline: blank English, sentences, keywords as entities, negation by negspacy's clinical terms.

    Parameters
    ----------
    keywords : dict of str to sequence of str, optional
        Those of `labutils.reports_lexicon` by default, so that only the negation differs.

    Returns
    -------
    spacy.Language

    Raises
    ------
    ModuleNotFoundError
        If spaCy or negspacy is not installed.
    """
    try:
        import negspacy.negation  # noqa: F401  (registers the component)
        import spacy
        from negspacy.termsets import termset
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is not installed: `pip install negspacy` in this environment, or read the shipped labels with "
            "load_negspacy_labels."
        ) from error
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        {"label": finding, "pattern": word + ending}
        for finding, words in (keywords or KEYWORDS).items()
        for word in words
        for ending in ("", "s", "es")
    )
    nlp.add_pipe("negex", config={"neg_termset": termset("en_clinical").get_patterns()})
    return nlp


def negspacy_labels(texts: Iterable[str], nlp: Any | None = None) -> pd.DataFrame:
    """Label reports with the pipeline: 1 if a mention is not negated, 0 if all are, NaN if none. It knows no doubt.

    Parameters
    ----------
    texts : iterable of str
    nlp : spacy.Language, optional
        From `build_pipeline`.

    Returns
    -------
    DataFrame of float, shape (n_reports, 13)
        The categories without "No Finding".
    """
    nlp = nlp or build_pipeline()
    names = [name for name in CATEGORIES if name != NO_FINDING]
    rows = []
    read = ("\n".join(parts[name] for name in READ if name in parts) for parts in map(split_sections, texts))
    for doc in nlp.pipe(read):
        row = dict.fromkeys(names, np.nan)
        for entity in doc.ents:
            row[entity.label_] = max(0.0 if entity._.negex else 1.0, np.nan_to_num(row[entity.label_]))
        rows.append(row)
    return pd.DataFrame(rows, columns=names)


def load_negspacy_labels() -> pd.DataFrame:
    """Read the shipped labels of negspacy for the reports of ``make_reports(**MADE)``, one row each, in their order.

    Returns
    -------
    DataFrame of float, shape (n_reports, 13)
        1, 0 or NaN.
    """
    return pd.read_csv(TABLE).astype(float)


def main() -> None:
    """Write the table anew: ``python -m labutils.reports_negspacy``."""
    from labutils.datasets.made_reports import make_reports

    negspacy_labels(make_reports(**MADE).table["text"]).to_csv(
        TABLE, index=False, float_format="%.0f", compression={"method": "gzip", "mtime": 1}
    )


if __name__ == "__main__":
    main()
