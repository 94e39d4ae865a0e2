/** What the server half says (see autograder/lab): plain values only, every text is text. */

export interface IExercise {
  id: string;
  title: string;
  points: number;
  max_points: number;
  passed: boolean;
  message: string;
  next: string;
}

/** One submission: on its way, or with what came of it. */
export interface ISubmission {
  id: string;
  attempt?: number;
  received: string;
  receipt: string;
  late: string;
  state: 'queued' | 'running' | 'graded' | 'limit' | 'unreadable' | 'failed';
  position?: number | null;
  progress?: { done: number; total: number | null };
  score?: number | null;
  max_score?: number | null;
  message?: string;
  notes?: string[];
  exercises?: IExercise[] | null;
}

export interface IAttempts {
  week: string;
  title: string;
  notebook: string;
  pass_mark: number;
  attempts: ISubmission[];
}

export interface INotebookState {
  name: string;
  label: string;
  path: string;
  graded: boolean;
  exists: boolean;
  minutes: number;
  minutes_left: number;
  done: boolean;
  begun: boolean;
  score?: number | null;
  max_score?: number | null;
  attempts_used?: number;
  attempts_left?: number | null;
  next_attempt_at?: string | null;
}

export interface IWeek {
  week: string;
  course: string;
  label: string;
  title: string;
  done: number;
  total: number;
  minutes_left: number;
  due: string | null;
  late_until: string | null;
  released: boolean;
  notebooks: INotebookState[];
}

export interface ICourse {
  source: 'self-study' | 'service';
  cohort: string;
  problem: string;
  weeks: IWeek[];
}
