"""Score new phantom films with the shipped network: the table that course 1, week 2 evaluates.

    .venv/bin/python scripts/score_phantoms.py

Draws films of patients that the network has never met, lets it read them, and writes labels and scores to
``labutils/datasets/tables/xray_scores.csv.gz``. Drawing takes a few minutes; the table is shipped so that nobody waits for it.
"""

import sys
import time

import numpy as np

from labutils.datasets import FINDINGS, make_phantoms
from labutils.datasets.embedded_scores import PHANTOM_TABLE, PHANTOMS
from labutils.models import load_xray_model, prepare_films


def main():
    """Draw, score, write."""
    start = time.monotonic()
    films = make_phantoms(
        PHANTOMS["patients"],
        rng=np.random.default_rng(PHANTOMS["seed"]),
        size=PHANTOMS["film_size"],
        prevalence_scale=PHANTOMS["prevalence_scale"],
    )
    scores = load_xray_model().predict(prepare_films(films.images), verbose=0)
    table = films.table.rename(columns={"patient": "PatientId", "image": "Image"}).drop(columns="follow_up")
    for column, finding in enumerate(FINDINGS):
        table[f"{finding}_pred"] = scores[:, column].round(PHANTOMS["decimals"])
    # A fixed time stamp, so that the same table gives the same file.
    table.to_csv(
        PHANTOM_TABLE, index=False, float_format="%.4f", compression={"method": "gzip", "compresslevel": 9, "mtime": 0}
    )
    print(f"{len(table)} films of {table['PatientId'].nunique()} patients in {time.monotonic() - start:.0f} s")
    print(f"{PHANTOM_TABLE}: {PHANTOM_TABLE.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
