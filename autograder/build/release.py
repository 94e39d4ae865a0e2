"""What learners get: nbgrader's own steps, one list, applied in memory or by ``nbgrader generate_assignment``."""

import copy
import re

from nbgrader import preprocessors as nbgrader
from traitlets.config import Config

from autograder.build import regions
from autograder.build.notebook import instructor_notebook
from autograder.build.week import ASSIGNMENT, QUIZ, SourceError, shown


class ClearSolutionsToStubs(nbgrader.ClearSolutions):
    """nbgrader's ClearSolutions; a region with ``### STUB:`` lines leaves those lines instead of the general stub.

    Settings of ``ClearSolutions`` in an ``nbgrader_config.py`` hold for it too.
    """

    def _replace_solution_region(self, cell, language):
        if cell.cell_type != "code" or not any(regions.STUB_MARKER in line for line in cell.source.split("\n")):
            return super()._replace_solution_region(cell, language)
        general = self.code_stub[language].split("\n")
        kept = []
        for region in _split_at_solutions(regions.read_lines(cell.source)):
            if isinstance(region, regions.Line):
                kept.append(region.text)
                continue
            stubs = [regions.stub_text(line.text) for line in region if line.kind == regions.STUB]
            indent = re.match(r"\s*", region[0].text).group()
            kept += stubs or [indent + line for line in general]
        cell.source = "\n".join(kept)
        return True


def _split_at_solutions(lines):
    """Yield lines one by one, and each solution region, markers included, as one list."""
    region = []
    for line in lines:
        begins = line.text.strip() == "### BEGIN SOLUTION"
        if region or begins:
            region.append(line)
            if line.text.strip() == "### END SOLUTION":
                yield region
                region = []
        else:
            yield line


# nbgrader's order: checksums and the gradebook must see hidden checks, and checksums must be taken again without them.
# Its IncludeHeaderFooter and InstantiateTests are left out: nothing of ours uses them, and the second starts a kernel.
STEPS = [
    nbgrader.LockCells,
    ClearSolutionsToStubs,
    nbgrader.ClearOutput,
    nbgrader.CheckCellMetadata,
    nbgrader.ComputeChecksums,
    nbgrader.SaveCells,
    nbgrader.ClearHiddenTests,
    nbgrader.ClearMarkScheme,
    nbgrader.ComputeChecksums,
    nbgrader.CheckCellMetadata,
]
# SaveCells writes to a gradebook, and in memory there is none.
IN_MEMORY = [step for step in STEPS if step is not nbgrader.SaveCells]

# For an nbgrader_config.py, after `c = get_config()`.
NBGRADER_CONFIG_LINES = (
    "from autograder.build import configure_nbgrader",
    "configure_nbgrader(c)",
)


def configure_nbgrader(config):
    """Make ``nbgrader generate_assignment`` write what :func:`release_notebook` gives.

    Parameters
    ----------
    config : traitlets.config.Config
        Changed in place.
    """
    config.GenerateAssignment.preprocessors = list(STEPS)


def release_notebook(week, name):
    """Make the notebook that learners open: no solution, no hidden check, no output.

    Parameters
    ----------
    week : autograder.build.Week
    name : str

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    SourceError
        If the source cannot be built from.
    """
    return release(instructor_notebook(week, name), graded=name in (ASSIGNMENT, QUIZ), place=shown(week.source(name)))


def release(notebook, *, graded, place="The notebook"):
    """Apply the steps to an instructor's notebook and give a new one.

    ``graded`` notebooks may hold solutions in answer cells only; practice notebooks have them in any cell.
    """
    config = Config()
    config.ClearSolutions.enforce_metadata = graded
    notebook, resources = copy.deepcopy(notebook), {"nbgrader": {}}
    for step in IN_MEMORY:
        try:
            notebook, resources = step(config=config)(notebook, resources)
        except Exception as error:
            raise SourceError(f"{place}: {step.__name__} of nbgrader refuses it: {error}") from error
    return notebook
