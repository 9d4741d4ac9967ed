import type { Check } from '../../../src-contract/health.ts';
import type { HealthSource } from '../health/ports.ts';
import type { LibraryService } from './library-service.ts';

/** How the library is: its state, and files of the team's version that can't be written here. */
export function libraryHealth(library: Pick<LibraryService, 'status' | 'refused'>): HealthSource {
  return {
    async checks() {
      const status = await library.status();
      const { refused } = library;
      const base = { id: 'library', title: 'Library', unit: null } as const;
      const good = (value: string | null, message: string): Check[] => [
        { ...base, state: 'ok', value, message, remedy: null, action: null },
      ];
      switch (status.state.kind) {
        case 'none':
          return good(null, 'This workspace has no library yet.');
        case 'working':
          return good(status.state.phase, 'The library is at work.');
        case 'failed': {
          const { code, message, remedy, action } = status.state.error;
          // Without a version nothing of the library can be used; with one, only newer versions are missed.
          const state = status.version === null ? 'fail' : 'warn';
          return [{ ...base, state, value: code, message, remedy, action: action ?? null }];
        }
        case 'idle':
          if (refused.length > 0) {
            return [
              {
                ...base,
                state: 'warn',
                value: refused.length,
                unit: 'files',
                message: `The team's version has files that can't be written on every system, such as ${refused[0]?.path ?? ''}: ${refused[0]?.reason ?? ''}.`,
                remedy: 'Ask the team to rename or remove them.',
                action: 'open-library',
              },
            ];
          }
          return good(
            status.version?.slice(0, 12) ?? null,
            `${status.items} items, ${status.edited} edited here.`,
          );
      }
    },
  };
}
