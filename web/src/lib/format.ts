/* Numbers and moments as people read them. */
const numbers = new Intl.NumberFormat('en');
export const count = (n: number): string => numbers.format(n);
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** Begins with a capital letter, unless it begins with a name. */
export const sentence = (text: string): string => (/^[^\s]*[.@:_/]\S/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31557600],
  ['month', 2629800],
  ['week', 604800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

export function ago(moment: Date, now = new Date()): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  return 'just now';
}

/** Of a day that has no time of day: nothing finer than days is known. */
export function daysAgo(moment: Date, now = new Date()): string {
  const days = Math.floor(moment.getTime() / 86400000) - Math.floor(now.getTime() / 86400000);
  return Math.abs(days) < 7 ? relative.format(days, 'day') : ago(moment, now);
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
export const dayOf = (moment: Date): string => day.format(moment);
export const momentOf = (moment: Date): string => `${minute.format(moment)} UTC`;

/* A sentence of the server with its moments as people write days. */
export const daysIn = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (moment) => dayOf(new Date(moment)));
