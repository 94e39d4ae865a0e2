/** The Course panel: the weeks, what is done, minutes left, due dates and scores. */

import { ReactWidget } from '@jupyterlab/apputils';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { api, Trouble } from './api';
import { ICourse, INotebookState, IWeek } from './types';
import { minutes, points, when } from './words';

export class CoursePanel extends ReactWidget {
  constructor(private readonly open: (path: string) => void) {
    super();
    this.id = 'medlabs-course';
    this.addClass('medlabs-Panel');
    this.title.label = 'Course';
    this.title.caption = 'The weeks of the course, and how far you are';
  }

  /** Read the course again. What was shown stays until there is something newer. */
  async refresh(): Promise<void> {
    if (this._reading) {
      this._again = true;
      return;
    }
    this._reading = true;
    this.update();
    try {
      this._course = await api.course();
      this._trouble = '';
    } catch (error) {
      this._trouble = error instanceof Trouble ? error.message : String(error);
    }
    this._reading = false;
    this.update();
    if (this._again) {
      this._again = false;
      void this.refresh();
    }
  }

  render(): React.ReactElement {
    const course = this._course;
    const trouble = this._trouble || course?.problem;
    return (
      <section aria-labelledby="medlabs-course-title" aria-busy={this._reading}>
        <h2 id="medlabs-course-title">Course</h2>
        <div role="status" aria-live="polite">
          {!course && !trouble && <p>Reading your workspace …</p>}
          {trouble && <p className="medlabs-trouble">{trouble}</p>}
        </div>
        {course && <Weeks course={course} open={this.open} />}
        <p>
          <button className="medlabs-Button" disabled={this._reading} onClick={() => void this.refresh()}>
            Look again
          </button>
        </p>
      </section>
    );
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  private _course: ICourse | null = null;
  private _trouble = '';
  private _reading = false;
  private _again = false;
}

function Weeks({ course, open }: { course: ICourse; open: (path: string) => void }): React.ReactElement {
  const finished = course.weeks.filter(week => week.done === week.total).length;
  const first = course.weeks.find(week => week.done < week.total)?.week;
  const names = [...new Set(course.weeks.map(week => week.course))];
  return (
    <>
      <p>
        {course.cohort && `${course.cohort}. `}
        {`${finished} of ${course.weeks.length} weeks done.`}
      </p>
      {names.map(name => (
        <React.Fragment key={name}>
          <h3>{name}</h3>
          {course.weeks
            .filter(week => week.course === name)
            .map(week => (
              <Week key={week.week} week={week} first={week.week === first} open={open} />
            ))}
        </React.Fragment>
      ))}
    </>
  );
}

function Week(props: { week: IWeek; first: boolean; open: (path: string) => void }): React.ReactElement {
  const { week } = props;
  const left = week.minutes_left ? `, ${minutes(week.minutes_left)} left` : '';
  return (
    <details open={props.first}>
      <summary>
        <strong>{week.label}</strong> {week.title}
        <span className="medlabs-facts">{`${week.done} of ${week.total} done${left}`}</span>
        {week.due && <span className="medlabs-facts">{`Due ${when(week.due)}${over(week)}`}</span>}
      </summary>
      {week.released === false && <p>Not released yet in your cohort: you can work on it, and hand in later.</p>}
      <ul>
        {week.notebooks.map(notebook => (
          <Notebook key={notebook.name} notebook={notebook} open={props.open} />
        ))}
      </ul>
    </details>
  );
}

function over(week: IWeek): string {
  if (!week.due || Date.now() < Date.parse(week.due)) {
    return '';
  }
  if (week.late_until && Date.now() > Date.parse(week.late_until)) {
    return ' (over)';
  }
  return week.late_until ? ` (over; late work is taken until ${when(week.late_until)})` : ' (over)';
}

function Notebook({ notebook, open }: { notebook: INotebookState; open: (path: string) => void }): React.ReactElement {
  return (
    <li>
      <span className={notebook.done ? 'medlabs-mark medlabs-done' : 'medlabs-mark'} aria-hidden="true">
        {notebook.done ? '✓' : notebook.begun ? '◐' : '○'}
      </span>
      {notebook.exists ? (
        <button className="medlabs-link" onClick={() => open(notebook.path)}>
          {notebook.label}
        </button>
      ) : (
        <span>{notebook.label}</span>
      )}
      <span className="medlabs-facts">{facts(notebook)}</span>
    </li>
  );
}

function facts(notebook: INotebookState): string {
  const said = [state(notebook)];
  if (notebook.score !== null && notebook.score !== undefined) {
    said.push(`${points(notebook.score, notebook.max_score)} points`);
  }
  if (!notebook.done) {
    said.push(`${minutes(notebook.minutes_left)} left`);
  }
  if (typeof notebook.attempts_left === 'number') {
    said.push(`${notebook.attempts_left} attempts left`);
  }
  if (notebook.next_attempt_at && Date.parse(notebook.next_attempt_at) > Date.now()) {
    said.push(`next attempt from ${when(notebook.next_attempt_at)}`);
  }
  return said.join(', ');
}

function state(notebook: INotebookState): string {
  if (!notebook.exists) {
    return 'not here: start the lab again to have a fresh copy';
  }
  if (notebook.done) {
    return notebook.graded ? 'passed' : 'done';
  }
  return notebook.begun ? (notebook.graded ? 'not passed yet' : 'begun') : 'not begun';
}
