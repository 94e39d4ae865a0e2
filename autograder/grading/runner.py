"""nbgrader's Execute step, with budgets, crash recovery and a record of what each check said.

nbgrader scores a check cell by its outputs: no error output means full points, also when the cell never ran. So every
check cell that did not run is given an error output here, and a pass needs a reply of the kernel that says so.
"""

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute

from autograder.grading import document, messages
from autograder.grading.document import MINE

# Plain tracebacks: one line per frame, which is what messages.explain reads, and short for deep recursion.
KERNEL_ARGUMENTS = ["--InteractiveShell.xmode=Plain", "--InteractiveShell.colors=NoColor"]
CRASHED = "Python stopped while your answer ran: it crashed, or ended itself."


class InstructorCellError(RuntimeError):
    """A cell that came with the notebook ended the kernel: that is not the learner's doing."""


class Runner(Execute):
    """Run a graded document in one kernel after another until each exercise has its verdict or the time is up.

    Attributes
    ----------
    verdicts : dict of str to str or None
        What the check of each exercise ended with: None for a pass, otherwise the message for the learner. An exercise
        that is not in it was not reached.
    stopped : dict of str to str
        For each exercise (or "" for an added cell) that ended the kernel, why.
    limited, notes : list of str
        Sentences about limits that were passed, and about cells that were left out.
    """

    def __init__(self, watch, **kwargs):
        super().__init__(**kwargs)
        self.watch = watch
        self.verdicts, self.stopped, self.limited, self.notes = {}, {}, [], []
        self.answer_errors, self.trusted, self.skipped, self.current = {}, set(), set(), None

    def preprocess(self, nb, resources, km=None):
        """Run all cells; after each death of a kernel, start again without the exercise that caused it."""
        while True:
            self.current = None
            try:
                super().preprocess(nb, resources, km)
                break
            except DeadKernelError:
                self._bury(nb)
                if self.watch.spent:
                    break
        for cell in nb.cells:
            if exercise_of_check(cell) is not None and exercise_of_check(cell) not in self.verdicts:
                cell.outputs = [new_output("error", ename="NotRun", evalue="", traceback=["This check was not run."])]
        return nb, resources

    def preprocess_cell(self, cell, resources, index):
        if index in self.skipped:
            return cell, resources
        self.watch.follow(self.km.provisioner.pid)
        self.current = index
        self.watch.cell_begins()
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        finally:
            self.watch.cell_ends()
        if self.watch.hit:  # stopped between two looks of nbclient: the next request would wait for a dead kernel
            raise DeadKernelError("stopped by a limit")
        return cell, resources

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            size = len(content.get("text", ""))
        elif msg["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            size = sum(len(str(value)) for value in content.get("data", {}).values())
        elif msg["msg_type"] == "error":
            content["traceback"] = [text[:100_000] for text in content.get("traceback", [])[:50]]
            content["evalue"] = content.get("evalue", "")[:10_000]
            size = 0
        else:
            size = 0
        if size and not self.watch.count_output(size):
            return None
        return super().process_message(msg, cell, cell_index)

    def on_cell_executed(self, **kwargs):
        super().on_cell_executed(**kwargs)
        cell, reply = kwargs["cell"], kwargs["execute_reply"]["content"]
        mine, exercise = cell.metadata.get(MINE, {}), exercise_of_check(cell)
        count = reply.get("execution_count") or cell.get("execution_count") or 0
        if mine.get("from") != "learner":
            self.trusted.add(count)
        raised = None
        if reply["status"] != "ok":
            raised = messages.Raised(
                str(reply.get("ename", "")),
                str(reply.get("evalue", ""))[:10_000],
                "\n".join(map(str, reply.get("traceback", [])))[:1_000_000],
                count,
            )
        if exercise is not None:
            self.verdicts[exercise] = raised and messages.explain(
                raised,
                cell.source,
                trusted=self.trusted,
                answer_error=self.answer_errors.get(exercise),
                name=exercise,
            )
        elif raised and mine.get("exercise"):
            self.answer_errors[mine["exercise"]] = messages.describe_error(raised)

    def _bury(self, nb):
        """Note whose cell ended the kernel, and leave it out from now on."""
        hit, self.watch.hit = self.watch.hit, None
        if self.current is None:
            raise InstructorCellError("The kernel ended before the first cell.")
        cell = nb.cells[self.current]
        mine = cell.metadata.get(MINE, {})
        exercise = exercise_of_check(cell) or mine.get("exercise")
        if exercise is None and mine.get("from") != "learner":
            if not self.watch.spent:
                raise InstructorCellError(f"Cell {self.current + 1}, which came with the notebook, ended the kernel.")
            self.limited.append(f"The notebook was stopped: {hit}")
            return
        who = exercise or f"The cell that you added ({document.first_line(cell.source)})"
        if exercise is None:
            self.notes.append(f"{who} ended Python: it was left out, and the rest was graded without it.")
        if hit:
            self.limited.append(f"{who} was stopped: {hit}")
        self.stopped[exercise or ""] = f"Stopped: {hit}" if hit else CRASHED
        self.skipped.add(self.current)
        if exercise:
            self.verdicts.pop(exercise, None)
            self.skipped |= {
                n
                for n, other in enumerate(nb.cells)
                if exercise_of_check(other) == exercise or other.metadata.get(MINE, {}).get("exercise") == exercise
            }


def exercise_of_check(cell):
    """Give the exercise that a cell checks, or None if it carries no points."""
    return cell.metadata.get(MINE, {}).get("checks")
