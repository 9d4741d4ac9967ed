import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Check } from '../../../src-contract/health.ts';
import type { LibraryStatus } from '../../../src-contract/library.ts';
import { isWorking } from '../../../src-contract/library-phases.ts';
import type { HealthSource } from '../health/ports.ts';
import type { LibraryService } from './library-service.ts';

/** How the library is. */
export function libraryHealth(library: Pick<LibraryService, 'status' | 'refused'>): HealthSource {
  return {
    async checks() {
      return [stateCheck(await library.status(), library.refused)];
    },
  };
}

const BASE = {
  id: 'library',
  title: 'Library',
  value: null,
  unit: null,
  remedy: null,
  action: null,
} as const;

function stateCheck(status: LibraryStatus, refused: LibraryService['refused']): Check {
  const { state } = status;
  if (isWorking(state)) return good(state.kind, 'The library is at work.');
  switch (state.kind) {
    case 'none':
      return good(null, 'This workspace has no library yet.');
    case 'offline':
    case 'failed':
      return trouble(state.error, status.version !== null);
    case 'held':
      return warn(
        state.deletions,
        'files',
        state.direction === 'update'
          ? `The team's new version deletes ${state.deletions} of ${state.files} files, so it was not taken.`
          : `What changed here deletes ${state.deletions} of ${state.files} files, so it was not published.`,
        'Look at what would be deleted, then allow it or ask the team.',
        'allow-deletions',
      );
    case 'conflict':
      return warn(
        state.items,
        'items',
        `${counted(state.items, 'item was', 'items were')} changed here and by the team.`,
        'Choose for each which side to keep. All else goes on meanwhile.',
        'open-library',
      );
    case 'quarantined':
      return warn(
        state.versions.length,
        'versions',
        `Versions of the remote are not accepted: ${state.versions[0]?.reason ?? ''}.`,
        'The version before them stays in use. Ask the team who made them.',
        'open-library',
      );
    case 'idle':
      return refused.length > 0 ? refusedFiles(refused) : rest(status);
  }
}

function trouble(error: ErrorShape, hasLibrary: boolean): Check {
  const { code, message, remedy, action = null } = error;
  // Without a version nothing of the library can be used; with one, only newer versions are missed.
  return { ...BASE, state: hasLibrary ? 'warn' : 'fail', value: code, message, remedy, action };
}

function refusedFiles(refused: LibraryService['refused']): Check {
  const [first] = refused;
  return warn(
    refused.length,
    'files',
    `The team's version has files that can't be written on every system, such as ${first?.path ?? ''}: ${first?.reason ?? ''}.`,
    'Ask the team to rename or remove them.',
    'open-library',
  );
}

function rest(status: LibraryStatus): Check {
  const parts = [
    `${counted(status.items, 'item', 'items')}, ${status.edited} edited here`,
    ...(status.queued > 0
      ? [`${counted(status.queued, 'version waits', 'versions wait')} to be sent`]
      : []),
    ...(status.available ? ['a newer version is there'] : []),
  ];
  return good(status.version?.slice(0, 12) ?? null, `${parts.join(', ')}.`);
}

function good(value: string | null, message: string): Check {
  return { ...BASE, state: 'ok', value, message };
}

function warn(
  value: number,
  unit: string,
  message: string,
  remedy: string,
  action: Check['action'],
): Check {
  return { ...BASE, state: 'warn', value, unit, message, remedy, action };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
