/** Numbers and times as a person says them. */

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export function points(score: number | null | undefined, most: number | null | undefined): string {
  return score === null || score === undefined ? 'no grade' : `${NUMBER.format(score)} of ${NUMBER.format(most ?? 0)}`;
}

export function when(iso: string): string {
  const time = new Date(iso);
  return isNaN(time.getTime()) ? iso : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function minutes(count: number): string {
  if (count < 60) {
    return `${count} min`;
  }
  const rest = count % 60;
  return rest ? `${Math.floor(count / 60)} h ${rest} min` : `${count / 60} h`;
}
