"""How long the chest-film phantoms take on one core: ``python benchmarks/bench_phantoms.py``.

Prints one line a size: films drawn, CPU seconds, and what 1000 films take at that pace. The budget is 40 s for 1000
films at 128 pixels (a lab cell may take 60 s). CPU time is used, so a busy machine does not change the answer much.
"""

from __future__ import annotations

import time

from labutils.datasets import draw_labels, make_phantoms

BUDGET_S = 40.0


def main(n_patients: int = 60) -> None:
    """Measure drawing at three sizes, and the table alone."""
    make_phantoms(2, rng=0)  # imports and first-use costs are not what is measured
    for size in (64, 128, 256):
        start = time.process_time()
        films = make_phantoms(n_patients, rng=1, size=size, prevalence_scale=2.0)
        seconds = time.process_time() - start
        per_thousand = 1000 * seconds / len(films.images)
        verdict = f"  (budget {BUDGET_S:.0f} s)" if size == 128 else ""
        print(
            f"{size:4d} px: {len(films.images)} films in {seconds:.1f} s, 1000 films in {per_thousand:.1f} s{verdict}"
        )
    start = time.process_time()
    table = draw_labels(5000, rng=1)
    print(f"labels only: {len(table)} films of 5000 patients in {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main()
