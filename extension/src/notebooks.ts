/** What the panels ask of a notebook in the window. */

import { NotebookPanel } from '@jupyterlab/notebook';

/** Whether a notebook says of itself that it is a quiz or an assignment of the course. */
export function isGraded(panel: NotebookPanel): boolean {
  const about = panel.context.model.getMetadata('medlabs');
  return about?.notebook === 'quiz' || about?.notebook === 'assignment';
}

/** Whether a notebook came with the course. */
export function isOfCourse(panel: NotebookPanel): boolean {
  return typeof panel.context.model.getMetadata('medlabs')?.week === 'string';
}

/** Bring the answer cell of an exercise into view and make it the active cell; false if it is gone. */
export async function goToCell(panel: NotebookPanel, exercise: string): Promise<boolean> {
  const cells = panel.content.widgets;
  const marks = cells.map(cell => cell.model.getMetadata('nbgrader'));
  let index = marks.findIndex(mark => mark?.grade_id === exercise && mark.solution);
  if (index < 0) {
    index = cells.findIndex(cell => cell.model.id === exercise);
  }
  if (index < 0) {
    return false;
  }
  panel.content.deselectAll();
  panel.content.activeCellIndex = index;
  await panel.content.scrollToItem(index, 'center');
  panel.activate();
  panel.content.node.focus();
  return true;
}
