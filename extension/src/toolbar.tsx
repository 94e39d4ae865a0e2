/** The Submit button above a quiz or an assignment, with its progress bar. */

import { ReactWidget } from '@jupyterlab/apputils';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Bar } from './score';
import { Submission } from './submission';

export class SubmitButton extends ReactWidget {
  constructor(
    private readonly submission: Submission,
    private readonly onSubmit: () => void
  ) {
    super();
    this.addClass('medlabs-Toolbar');
  }

  render(): React.ReactElement {
    return (
      <UseSignal signal={this.submission.changed}>
        {() => (
          <>
            <button
              className="medlabs-Button"
              aria-disabled={this.submission.busy}
              title="Save this notebook and have it graded"
              onClick={this.onSubmit}
            >
              {this.submission.busy ? 'Submitting …' : 'Submit'}
            </button>
            {this.submission.busy && <Bar done={this.submission.done} total={this.submission.total} />}
          </>
        )}
      </UseSignal>
    );
  }
}
