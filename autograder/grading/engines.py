"""Choose how answers are run: two processes and a sandbox, or nbgrader's one kernel when a person says so aloud."""

from typing import NamedTuple

FULL, NONE = "full", "none"
LEVELS = (FULL, NONE)
WARNING = (
    "Isolation: none. The code in these notebooks runs as you, on this machine, beside the hidden checks. "
    "Grade only notebooks that you would run yourself."
)


class Engine(NamedTuple):
    """How answers are run: the level, and what every grade's record says about it."""

    level: str
    record: dict

    @property
    def words(self):
        """Say it to a person."""
        if self.level == NONE:
            return WARNING
        layers = self.record["layers"]
        return f"Isolation: full. Answers run as {layers['user']}, without network, apart from the checks."


def choose(level=FULL, *, fall_back=False):
    """Choose an engine, and look whether this machine can do it.

    Parameters
    ----------
    level : str
        ``"full"`` or ``"none"``.
    fall_back : bool
        Take ``"none"`` where ``"full"`` cannot be had: right only for a person's own notebooks on their own machine.

    Returns
    -------
    Engine

    Raises
    ------
    ValueError
        If a needed layer is missing; the sentence names it.
    """
    from autograder.grading.execute import ISOLATION
    from autograder.sandbox import probe

    if level == NONE:
        return Engine(NONE, ISOLATION)
    layers = probe.probe()
    missing = probe.missing(layers)
    if not missing:
        return Engine(FULL, probe.record(layers))
    if fall_back:
        return Engine(NONE, ISOLATION)
    why = "; ".join(dict.fromkeys(f"{layer.name}: {layer.words}" for layer in missing[:2]))
    raise ValueError(
        f"This machine cannot keep answers apart from the checks ({why}). Nothing was graded. `medlabs doctor` tells more; "
        "--isolation none grades without isolation, for notebooks that you would run yourself."
    )


def grade_files(engine, week, paths, limits, *, workers=1, on_record=None):
    """Grade files of one week with an engine; records come back in the order of the paths.

    Parameters
    ----------
    engine : Engine
    week : autograder.build.Week
    paths : sequence of pathlib.Path
    limits : autograder.grading.watch.Limits
    workers : int
    on_record : callable, optional
        Called with (index, record) as each file is done.

    Returns
    -------
    list of dict
    """
    if engine.level == NONE:
        from autograder.grading import pool

        return pool.grade_files(week.folder, paths, limits, workers=workers, on_record=on_record, seed=week.seed)
    from autograder.judge.pool import Pool

    with Pool(week, limits, workers=workers, isolation=FULL) as places:
        return places.grade_all(paths, on_record)
