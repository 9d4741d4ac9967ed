import { create } from 'zustand';

/** Text of an item that was not saved. */
export interface Draft {
  readonly text: string;
  /** Hash of the bytes that were edited; null where there was no file. */
  readonly base: string | null;
}

/** Whose lines a difference takes; a text is what the person wrote. */
export type Choice = 'mine' | 'theirs' | 'both' | { readonly text: string };

/** A conflict that is being solved: good as long as both sides are still those. */
export interface Solving {
  readonly sides: string;
  readonly choices: Readonly<Record<number, Choice>>;
  /** The whole result as the person wrote it; null while it follows from the choices. */
  readonly free: string | null;
}

export type Drafts = Readonly<Record<string, Draft>>;

interface Kept {
  readonly drafts: Drafts;
  readonly solving: Readonly<Record<string, Solving>>;
  /** False where the browser refuses to keep it: then it lasts as long as this window. */
  readonly durable: boolean;
}

const STORAGE_KEY = 'carrel.library.unsaved';
/** Time from the last key until it is written down, in milliseconds: what a crash may cost. */
const KEEP_AFTER_MS = 400;

/**
 * What a person wrote and did not save, by path. It outlives screens, reloads and crashes; the
 * library's own files are plain text on this machine, and so is this.
 */
export const useKept = create<Kept>(() => ({ ...readKept(), durable: true }));

export function setDraft(path: string, draft: Draft | null): void {
  useKept.setState(({ drafts }) => ({ drafts: put(drafts, path, draft) }));
  keepSoon();
}

export function setSolving(path: string, solving: Solving | null): void {
  useKept.setState((state) => ({ solving: put(state.solving, path, solving) }));
  keepSoon();
}

/** An item has another place. */
export function moveDraft(from: string, to: string): void {
  const draft = useKept.getState().drafts[from];
  if (!draft) return;
  setDraft(from, null);
  setDraft(to, draft);
}

function put<T>(record: Readonly<Record<string, T>>, path: string, value: T | null) {
  const { [path]: _, ...others } = record;
  return value === null ? others : { ...others, [path]: value };
}

let timer: ReturnType<typeof setTimeout> | undefined;

function keepSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(keep, KEEP_AFTER_MS);
  window.addEventListener('pagehide', keep, { once: true });
}

function keep(): void {
  clearTimeout(timer);
  const { drafts, solving } = useKept.getState();
  try {
    if (Object.keys(drafts).length + Object.keys(solving).length === 0)
      window.localStorage.removeItem(STORAGE_KEY);
    else window.localStorage.setItem(STORAGE_KEY, JSON.stringify({ drafts, solving }));
    useKept.setState({ durable: true });
  } catch {
    // Full, or not allowed: the editor says so.
    useKept.setState({ durable: false });
  }
}

function readKept(): Pick<Kept, 'drafts' | 'solving'> {
  try {
    const kept = JSON.parse(window.localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Kept>;
    return { drafts: kept.drafts ?? {}, solving: kept.solving ?? {} };
  } catch {
    // Of another version of this window, or cut short: nothing that could be shown.
    return { drafts: {}, solving: {} };
  }
}
