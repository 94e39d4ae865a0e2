/** The Course and Score panels, the Submit button and their commands. */

import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin, LabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { api } from './api';
import { CoursePanel } from './course';
import { isGraded, isOfCourse } from './notebooks';
import { askReset, ScorePanel } from './score';
import { Submission } from './submission';
import { SubmitButton } from './toolbar';

const CATEGORY = 'Course';

const plugin: JupyterFrontEndPlugin<void> = {
  id: '@medlabs/lab:course',
  description: 'The course beside the notebook: submit, read the reasons, see what is done.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ILayoutRestorer],
  activate
};

function activate(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  palette: ICommandPalette | null,
  restorer: ILayoutRestorer | null
): void {
  const submissions = new Map<NotebookPanel, Submission>();
  const course = new CoursePanel(path => void app.commands.execute('docmanager:open', { path }));
  const score = new ScorePanel(tracker, of);
  app.shell.add(course, 'left', { rank: 150 });
  app.shell.add(score, 'right', { rank: 50 });
  restorer?.add(course, course.id);
  restorer?.add(score, score.id);

  /** Give the submission of a notebook in the window: made once, gone with it. */
  function of(panel: NotebookPanel): Submission {
    let submission = submissions.get(panel);
    if (!submission) {
      submission = new Submission(panel);
      submissions.set(panel, submission);
      panel.disposed.connect(() => submissions.delete(panel));
      submission.graded.connect(() => void course.refresh());
      if (isGraded(panel)) {
        void submission.refresh();
      }
    }
    return submission;
  }

  function showScore(): void {
    if (app.shell instanceof LabShell) {
      app.shell.expandRight();
    }
    app.shell.activateById(score.id);
  }

  async function submit(panel: NotebookPanel): Promise<void> {
    showScore();
    await of(panel).submit();
  }

  async function equip(panel: NotebookPanel): Promise<void> {
    await panel.context.ready;
    if (panel.isDisposed || !isGraded(panel)) {
      return;
    }
    panel.toolbar.insertItem(10, 'medlabs-submit', new SubmitButton(of(panel), () => void submit(panel)));
    void api.warm(panel.context.path).catch(() => undefined); // what is wrong is said when it is submitted
  }

  tracker.widgetAdded.connect((_, panel) => {
    void equip(panel);
    panel.context.saveState.connect((_, state) => {
      if (state === 'completed' && course.isVisible) {
        void course.refresh();
      }
    });
  });

  const current = (wanted: (panel: NotebookPanel) => boolean) => {
    const panel = tracker.currentWidget;
    return panel?.context.isReady && wanted(panel) ? panel : null;
  };
  app.commands.addCommand('medlabs:submit', {
    label: 'Submit this notebook',
    isEnabled: () => current(isGraded) !== null,
    execute: () => current(isGraded) && submit(current(isGraded)!)
  });
  app.commands.addCommand('medlabs:reset', {
    label: 'Reset this notebook',
    isEnabled: () => current(isOfCourse) !== null,
    execute: () => {
      const panel = current(isOfCourse);
      if (panel) {
        showScore();
        void askReset(of(panel));
      }
    }
  });
  app.commands.addCommand('medlabs:course', { label: 'Show the course', execute: () => app.shell.activateById(course.id) });
  app.commands.addCommand('medlabs:score', { label: 'Show the score', execute: showScore });
  for (const command of ['medlabs:submit', 'medlabs:reset', 'medlabs:course', 'medlabs:score']) {
    palette?.addItem({ command, category: CATEGORY });
  }
}

export default plugin;
