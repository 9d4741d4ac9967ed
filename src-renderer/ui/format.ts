/** Numbers, sizes, times and paths as a person reads them. English, the computer's time zone. */

const DAY_MS = 86_400_000;
const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** 1204 -> "1,204". */
export function count(value: number): string {
  return number.format(value);
}

/** count(1, 'file') -> "1 file", 2 -> "2 files"; `many` for words that do not take an s. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Bytes with a decimal unit: 41_200_000 -> "41 MB". */
export function bytes(value: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${unit > 0 && rest < 10 ? rest.toFixed(1) : count(Math.round(rest))} ${units[unit] ?? ''}`;
}

/** Milliseconds as "74 ms", "1.7 s", "3 min", "4 h 20 min", "3 d 4 h". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function two(first: number, unit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${secondUnit}`;
}

/** A moment for a list: "10:42" today, "Yesterday" before, "2 Nov" this year, "2 Nov 2025" earlier. */
export function shortTime(at: number, now = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock.format(at);
  if (days === 1) return 'Yesterday';
  return new Date(at).getFullYear() === new Date(now).getFullYear()
    ? dayMonth.format(at)
    : full.format(at);
}

/** A moment with its time: "10:42", "Yesterday 16:04", "2 Nov, 09:10". */
export function longTime(at: number, now = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock.format(at);
  return days === 1
    ? `Yesterday ${clock.format(at)}`
    : `${shortTime(at, now)}, ${clock.format(at)}`;
}

/** Whole calendar days from `at` to `now`; 0 is today. */
export function daysBetween(at: number, now: number): number {
  const start = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((start(now) - start(at)) / DAY_MS);
}

/** Cuts a path or an id in the middle, so that both ends stay readable. */
export function cutMiddle(text: string, max = 40): string {
  if (text.length <= max) return text;
  const tail = Math.ceil((max - 1) / 2);
  return `${text.slice(0, max - 1 - tail)}…${text.slice(-tail)}`;
}

/** First 7 characters of a commit id. */
export function shortVersion(version: string): string {
  return version.slice(0, 7);
}
