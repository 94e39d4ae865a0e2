/** Talk to the server half. Whatever goes wrong becomes one sentence that says what to do. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { IAttempts, ICourse, ISubmission } from './types';

const NO_SERVER =
  'The lab itself does not answer: was it stopped, or is the connection gone? What you typed is still in this window. ' +
  'Keep it open, start the lab again (or connect again), then save and submit.';
const PATIENCE = 45_000;

/** Something went wrong; the message is for the learner. `lost` says that no answer came at all. */
export class Trouble extends Error {
  constructor(
    message: string,
    readonly lost = false
  ) {
    super(message);
  }
}

export const api = {
  course: () => ask<ICourse>('course'),
  attempts: (path: string) => ask<IAttempts>(`submissions?path=${encodeURIComponent(path)}`),
  submit: (path: string) => ask<ISubmission>('submissions', { path }),
  look: (id: string) => ask<ISubmission>(`submissions/${encodeURIComponent(id)}`),
  warm: (path: string) => ask<object>('warm', { path }),
  reset: (path: string) => ask<{ copy: string }>('reset', { path })
};

async function ask<T>(path: string, body?: object): Promise<T> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'medlabs', 'api') + '/' + path;
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    const init: RequestInit = body ? { method: 'POST', body: JSON.stringify(body) } : { method: 'GET' };
    const answer = await ServerConnection.makeRequest(url, { ...init, signal: stop.signal }, settings);
    return await read<T>(answer);
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(NO_SERVER, true);
  } finally {
    window.clearTimeout(timer);
  }
}

async function read<T>(answer: Response): Promise<T> {
  let said: any;
  try {
    said = await answer.json();
  } catch {
    said = {};
  }
  if (answer.ok && typeof said.refused === 'string') {
    throw new Trouble(said.refused);
  }
  if (answer.ok) {
    return said as T;
  }
  if (answer.status === 403 && !said.detail) {
    throw new Trouble('The lab does not know this window any more: reload the page (your notebook is kept in it until then, so save first).');
  }
  const words = typeof said.message === 'string' && said.message ? said.message : `status ${answer.status}`;
  throw new Trouble(words);
}
