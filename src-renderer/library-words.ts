import type { LibraryState, LibraryStatus, WorkPhase } from '../src-contract/library.ts';
import { counted, shortVersion } from './ui/format.ts';
import type { IconName } from './ui/icon.tsx';
import type { Tone } from './ui/state.tsx';

/** A phase in words, for a progress row. */
export const PHASE_WORDS: Readonly<Record<WorkPhase, string>> = {
  checking: 'Asking for changes',
  fetching: 'Fetching',
  verifying: 'Checking what came',
  merging: 'Merging',
  writing: 'Writing files',
  publishing: 'Sending',
};

/** Whether something runs. */
export function isWorking(
  state: LibraryState,
): state is Extract<LibraryState, { readonly kind: WorkPhase }> {
  return Object.hasOwn(PHASE_WORDS, state.kind);
}

export interface Says {
  readonly tone: Tone | 'running';
  readonly icon?: IconName;
  readonly text: string;
}

/** The library in a few words, for the title bar. `calm` leaves out work: what is over in no time is not worth a word. */
export function saysOf(status: LibraryStatus, calm: boolean): Says {
  const { state, conflicts, queued } = status;
  switch (state.kind) {
    case 'none':
      return { tone: 'plain', icon: 'library', text: 'No library' };
    case 'offline':
      return {
        tone: 'plain',
        icon: 'offline',
        text: queued > 0 ? `Library offline, ${queued} queued` : 'Library offline',
      };
    case 'failed':
      return {
        tone: 'fail',
        text: status.version === null ? 'Library: not opened' : 'Library: update failed',
      };
    case 'held':
      return { tone: 'warn', text: 'Library: waits for your yes' };
    case 'conflict':
      return { tone: 'warn', icon: 'conflict', text: `Library: ${counted(conflicts, 'conflict')}` };
    case 'quarantined':
      return { tone: 'fail', icon: 'quarantined', text: 'Library: quarantined' };
    case 'idle':
      return atRest(status);
    default:
      return calm
        ? atRest(status)
        : { tone: 'running', text: `Library: ${PHASE_WORDS[state.kind].toLowerCase()}` };
  }
}

function atRest({ available, queued, version }: LibraryStatus): Says {
  if (available) return { tone: 'info', icon: 'update', text: 'Library: update ready' };
  if (queued > 0) return { tone: 'plain', icon: 'waiting', text: `Library: ${queued} queued` };
  return version === null
    ? { tone: 'plain', icon: 'library', text: 'No library' }
    : { tone: 'plain', icon: 'library', text: `Library ${shortVersion(version)}, not verified` };
}

/** How many things of the library wait for the person: each conflict, and what it can't do without them. */
export function needsYou({ state, conflicts }: LibraryStatus): number {
  const stuck = state.kind === 'held' || state.kind === 'failed' || state.kind === 'quarantined';
  return conflicts + (stuck ? 1 : 0);
}

/** What waits without hurry, in words; null when nothing does. */
export function canWait({ available, queued }: LibraryStatus): string | null {
  if (available) return 'an update is ready';
  return queued > 0 ? `${counted(queued, 'version waits', 'versions wait')} to be sent` : null;
}

/** How far a step is: bytes while something travels, else a count. */
export function progressWords(phase: WorkPhase, done: number, total: number | null): string | null {
  if (done === 0 && total === null) return null;
  const unit = phase === 'fetching' || phase === 'publishing' ? size : plain;
  return total === null ? unit(done) : `${unit(done)} of ${unit(total)}`;
}

const plain = (value: number): string => value.toLocaleString('en');
const size = (value: number): string =>
  value < 1_000_000
    ? `${Math.round(value / 1000).toLocaleString('en')} KB`
    : `${(value / 1_000_000).toFixed(1)} MB`;
