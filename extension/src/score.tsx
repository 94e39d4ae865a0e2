/** The Score panel, beside the notebook: what came of it, why, and where to mend it. */

import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { goToCell, isGraded, isOfCourse } from './notebooks';
import { Submission } from './submission';
import { IExercise, ISubmission } from './types';
import { points, when } from './words';

export class ScorePanel extends ReactWidget {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly of: (panel: NotebookPanel) => Submission
  ) {
    super();
    this.id = 'medlabs-score';
    this.addClass('medlabs-Panel');
    this.title.label = 'Score';
    this.title.caption = 'Score of this notebook, with the reasons';
    tracker.currentChanged.connect(() => this.update());
  }

  render(): React.ReactElement {
    const panel = this.tracker.currentWidget;
    return (
      <section aria-labelledby="medlabs-score-title">
        <h2 id="medlabs-score-title">Score</h2>
        {panel ? this.body(panel) : <p>Open a notebook of the course to see its score here.</p>}
      </section>
    );
  }

  private body(panel: NotebookPanel): React.ReactElement {
    if (!panel.context.isReady) {
      void panel.context.ready.then(() => this.update());
      return <p>Opening …</p>;
    }
    if (!isOfCourse(panel)) {
      return <p>This notebook is not one of the course. Open one from the Course panel.</p>;
    }
    const submission = this.of(panel);
    return <UseSignal signal={submission.changed}>{() => <Score key={panel.id} submission={submission} />}</UseSignal>;
  }
}

function Score({ submission }: { submission: Submission }): React.ReactElement {
  const { panel, past, shown } = submission;
  const graded = isGraded(panel);
  return (
    <>
      <p className="medlabs-quiet">{past ? `${past.title}: ${past.notebook}` : panel.context.path}</p>
      <Status submission={submission} />
      {graded && shown && <Result result={shown} submission={submission} />}
      {graded && !shown && !submission.busy && <p>Not submitted yet. Press Submit above the notebook when you want to know.</p>}
      {!graded && <p>This notebook is for practice: nothing in it is graded.</p>}
      {graded && past && past.attempts.length > 0 && <Past submission={submission} attempts={past.attempts} />}
      <p>
        <button className="medlabs-Button" disabled={submission.busy} onClick={() => void askReset(submission)}>
          Reset this notebook
        </button>
      </p>
    </>
  );
}

/** What goes on, said to those who cannot see it too. */
function Status({ submission }: { submission: Submission }): React.ReactElement {
  const { busy, slow, words, trouble, notes, done, total } = submission;
  return (
    <>
      <div role="status" aria-live="polite">
        {words && <p>{words}</p>}
        {busy && slow && <p>This takes longer than usual. You can go on working: nothing is lost.</p>}
        {notes.map(note => (
          <p key={note}>{note}</p>
        ))}
      </div>
      {busy && <Bar done={done} total={total} />}
      <div role="alert">{trouble && <p className="medlabs-trouble">{trouble}</p>}</div>
    </>
  );
}

export function Bar({ done, total }: { done: number; total: number | null }): React.ReactElement {
  return total ? (
    <progress aria-label="Exercises graded" max={total} value={done} />
  ) : (
    <progress aria-label="Exercises graded" />
  );
}

const STATES: { [state: string]: string } = {
  limit: 'A limit was passed. ',
  unreadable: 'This notebook could not be graded. ',
  failed: ''
};

function Result({ result, submission }: { result: ISubmission; submission: Submission }): React.ReactElement {
  const said = (STATES[result.state] ?? '') + (result.message ?? '');
  return (
    <article aria-label="Result">
      {(submission.busy || submission.trouble) && <h3>Your last result</h3>}
      <p className="medlabs-score" data-medlabs-id={result.id}>
        {points(result.score, result.max_score)}
        {result.score !== null && result.score !== undefined && ' points'}
      </p>
      <p className="medlabs-quiet">
        Received {when(result.received)}, receipt {result.receipt}
      </p>
      {verdict(result, submission.past?.pass_mark)}
      {said && <p>{said}</p>}
      {result.late && <p>{result.late}</p>}
      {(result.notes ?? []).map((note, number) => (
        <p key={number}>
          <strong>Please note.</strong> {note}
        </p>
      ))}
      {result.exercises === null && <p>Its exercises could not be read: choose it again under Past attempts.</p>}
      <ol className="medlabs-exercises">
        {(result.exercises ?? []).map(exercise => (
          <Exercise key={exercise.id} exercise={exercise} submission={submission} />
        ))}
      </ol>
    </article>
  );
}

function verdict(result: ISubmission, mark?: number): React.ReactElement | null {
  if (result.score === null || result.score === undefined || !result.max_score) {
    return null;
  }
  const reached = result.score / result.max_score;
  if (reached === 1) {
    return <p>Everything is right.</p>;
  }
  if (!mark) {
    return null;
  }
  const needed = `${Math.round(mark * 100)} % of the points are needed`;
  return <p>{reached >= mark ? `You pass: ${needed}. What is missing is below.` : `Not there yet: ${needed}.`}</p>;
}

function Exercise({ exercise, submission }: { exercise: IExercise; submission: Submission }): React.ReactElement {
  const [gone, setGone] = React.useState(false);
  const state = exercise.passed ? 'Right' : 'Not yet';
  return (
    <li className={exercise.passed ? 'medlabs-right' : 'medlabs-wrong'}>
      <h3>{exercise.title}</h3>
      <p>
        <span className="medlabs-state">
          <span aria-hidden="true">{exercise.passed ? '✓ ' : '○ '}</span>
          {state}
        </span>{' '}
        · {points(exercise.points, exercise.max_points)} points
      </p>
      <p>{exercise.message}</p>
      {exercise.next && (
        <p>
          <strong>Next step.</strong> {exercise.next}
        </p>
      )}
      <button
        className="medlabs-link"
        aria-label={`Go to the cell of ${exercise.title}`}
        onClick={() => void goToCell(submission.panel, exercise.id).then(found => setGone(!found))}
      >
        Go to the cell
      </button>
      {gone && <p role="alert">Its answer cell is not in this notebook any more: reset the notebook, then copy your answers over.</p>}
    </li>
  );
}

function Past({ submission, attempts }: { submission: Submission; attempts: ISubmission[] }): React.ReactElement {
  return (
    <details className="medlabs-past">
      <summary>
        Past attempts ({attempts.length})
      </summary>
      <ol>
        {attempts.map(attempt => (
          <li key={attempt.id}>
            <button
              className="medlabs-link"
              aria-pressed={submission.shown?.receipt === attempt.receipt && submission.shown?.received === attempt.received}
              onClick={() => void submission.show(attempt)}
            >
              {`Attempt ${attempt.attempt}: ${points(attempt.score, attempt.max_score)}`}
            </button>
            <span className="medlabs-quiet">{` ${when(attempt.received)}`}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** Ask before a notebook is reset; the answer that changes nothing is the one that Enter gives. */
export async function askReset(submission: Submission): Promise<void> {
  const answer = await showDialog({
    title: 'Reset this notebook?',
    body: 'A copy of yours is kept beside it, then a fresh notebook takes its place. Past attempts and scores stay.',
    buttons: [Dialog.cancelButton({ label: 'Keep mine' }), Dialog.warnButton({ label: 'Keep a copy and reset' })],
    defaultButton: 0
  });
  if (answer.button.accept) {
    await submission.reset();
  }
}
