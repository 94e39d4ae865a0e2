/** One notebook's way to its score: save, send, wait, show. What the toolbar and the Score panel both look at. */

import { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';

import { api, Trouble } from './api';
import { IAttempts, ISubmission } from './types';

const QUICK = 100; // ms between two looks, while a score is expected any moment
const CALM = 1000;
const SLOW_AFTER = 5000;
const GIVE_UP_AFTER = 60_000;

export class Submission {
  /** What is going on, in words; empty when nothing is. */
  words = '';
  /** What went wrong, in words with what to do; empty when nothing did. */
  trouble = '';
  /** Things worth knowing that went right ("your changes were saved"). */
  notes: string[] = [];
  busy = false;
  /** It takes longer than usual. */
  slow = false;
  done = 0;
  total: number | null = null;
  /** What is shown below: the newest result, or an older one that was chosen. */
  shown: ISubmission | null = null;
  past: IAttempts | null = null;

  constructor(readonly panel: NotebookPanel) {
    panel.disposed.connect(() => Signal.clearData(this));
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get graded(): ISignal<this, ISubmission> {
    return this._graded;
  }

  get path(): string {
    return this.panel.context.path;
  }

  /** Submit what is in the window. Never throws: trouble is said in words. */
  async submit(): Promise<void> {
    if (this.busy) {
      return;
    }
    this._begin('Saving your notebook …');
    const slow = window.setTimeout(() => {
      this.slow = true;
      this._changed.emit();
    }, SLOW_AFTER);
    try {
      await this._save();
      this._noteKernel();
      this._say('Sending …');
      const sent = await api.submit(this.path);
      await this._follow(sent);
    } catch (error) {
      this.trouble = error instanceof Trouble ? error.message : `Something went wrong in this window: ${error}`;
    } finally {
      window.clearTimeout(slow);
      this.busy = false;
      this.words = '';
      this._changed.emit();
    }
  }

  /** Read the past attempts again. */
  async refresh(): Promise<void> {
    try {
      this.past = await api.attempts(this.path);
      if (!this.shown && this.past.attempts.length) {
        await this.show(this.past.attempts[0]);
      }
    } catch (error) {
      this.trouble = error instanceof Trouble ? error.message : String(error);
    }
    this._changed.emit();
  }

  /** Show an attempt; a service lists them without their exercises. */
  async show(attempt: ISubmission): Promise<void> {
    this.shown = attempt;
    if (attempt.exercises === null) {
      try {
        const whole = await api.look(attempt.id);
        attempt.exercises = whole.exercises;
        Object.assign(attempt, { message: whole.message, notes: whole.notes });
      } catch (error) {
        this.trouble = error instanceof Trouble ? error.message : String(error);
      }
    }
    this._changed.emit();
  }

  /** Keep a copy, then put a fresh notebook in the window. */
  async reset(): Promise<void> {
    this._begin('Keeping a copy of your notebook …');
    try {
      await this._save();
      const { copy } = await api.reset(this.path);
      await this.panel.context.revert();
      this.notes = [`This notebook is fresh again. Yours is kept beside it as ${copy}. Restart the kernel to start clean.`];
    } catch (error) {
      this.trouble = error instanceof Trouble ? error.message : `The notebook was not reset: ${error}`;
    } finally {
      this.busy = false;
      this.words = '';
      this._changed.emit();
    }
  }

  private async _save(): Promise<void> {
    const context = this.panel.context;
    const wasDirty = context.model.dirty;
    if (wasDirty && !(await saved(context))) {
      throw new Trouble(
        'Your notebook could not be saved, so nothing was sent. Look at what JupyterLab says about it; ' +
          'what you typed is still in this window.'
      );
    }
    if (wasDirty) {
      this.notes = [...this.notes, 'Your unsaved changes were saved first.'];
    }
  }

  private _noteKernel(): void {
    // one that is still starting is "initializing" or "connecting"
    if (['dead', 'unknown', 'terminating', 'disconnected'].includes(this.panel.sessionContext.kernelDisplayStatus)) {
      this.notes = [
        ...this.notes,
        'Your kernel is not running. Submitting does not need it: the grader runs your answers itself. To go on working choose Kernel > Restart Kernel.'
      ];
    }
  }

  /** Look again and again until there is a result; one lost look is tried again. */
  private async _follow(sent: ISubmission): Promise<void> {
    let job = sent;
    let lostSince = 0;
    const began = Date.now();
    while (job.state === 'queued' || job.state === 'running') {
      this._tell(job);
      await pause(Date.now() - began < 10_000 ? QUICK : CALM);
      try {
        job = await api.look(sent.id);
        lostSince = 0;
      } catch (error) {
        if (!(error instanceof Trouble) || !error.lost) {
          throw new Trouble(`${(error as Error).message} Your notebook was received (receipt ${sent.receipt}): its score will stand under past attempts.`);
        }
        lostSince = lostSince || Date.now();
        if (Date.now() - lostSince > GIVE_UP_AFTER) {
          throw error;
        }
        this._say('The connection was lost; your notebook was received. Trying again …');
        await pause(CALM);
      }
    }
    this.shown = job;
    this._graded.emit(job);
    void this.refresh();
  }

  private _tell(job: ISubmission): void {
    this.done = job.progress?.done ?? 0;
    this.total = job.progress?.total ?? null;
    const ahead = job.state === 'queued' && job.position ? ` ${job.position} before you.` : '';
    if (job.state === 'queued') {
      this._say(`Received (receipt ${job.receipt}), waiting to be graded.${ahead}`);
    } else {
      this._say(this.total ? `Grading: ${this.done} of ${this.total} exercises done.` : 'Grading …');
    }
  }

  private _begin(words: string): void {
    Object.assign(this, { busy: true, slow: false, trouble: '', notes: [], done: 0, total: null });
    this._say(words);
  }

  private _say(words: string): void {
    if (words !== this.words) {
      this.words = words;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _graded = new Signal<this, ISubmission>(this);
}

/** Save, and say whether it was: JupyterLab shows why it was not, and does not throw. */
async function saved(context: DocumentRegistry.IContext<INotebookModel>): Promise<boolean> {
  let ok = true;
  const listen = (_: unknown, state: DocumentRegistry.SaveState) => {
    ok = ok && state !== 'failed';
  };
  context.saveState.connect(listen);
  try {
    await context.save();
  } catch {
    ok = false; // the learner said no to a question of JupyterLab's
  } finally {
    context.saveState.disconnect(listen);
  }
  return ok;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => window.setTimeout(resolve, milliseconds));
}
