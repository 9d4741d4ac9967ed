import { isAbsolute } from 'node:path';
import type { Check } from '../../../src-contract/health.ts';
import type { HealthSource } from '../health/ports.ts';
import type { LibraryDirs } from './git-jobs.ts';
import type { LibraryService } from './library-service.ts';
import { syncToolOf } from './synced-folder.ts';

/**
 * Whether the library, or its remote on this machine, lies in a folder that another tool synchronises:
 * it copies a repository file by file, so what Git wrote together arrives apart. Nothing to say otherwise.
 */
export function libraryPlaceHealth(
  library: Pick<LibraryService, 'remote' | 'start'>,
  dirs: Pick<LibraryDirs, 'library'>,
): HealthSource {
  return {
    async checks() {
      await library.start();
      const { url } = library.remote;
      const own = await syncToolOf(dirs.library);
      const remote = url !== null && isAbsolute(url) ? await syncToolOf(url) : null;
      const found: Check[] = [];
      if (own !== null) {
        found.push(
          warn(
            own,
            `The library lies in a folder that ${own} synchronises, which damages repositories and databases.`,
            'Move the data folder of Carrel to a folder of this machine alone. Share the library through its remote.',
          ),
        );
      }
      if (remote !== null) {
        found.push(
          warn(
            remote,
            `The remote of the library lies in a folder that ${remote} synchronises, which damages repositories that two machines write to.`,
            'Move the repository to a server or a shared network folder, and give the library its new address.',
          ),
        );
      }
      return found;
    },
  };
}

function warn(tool: string, message: string, remedy: string): Check {
  return {
    id: 'library-place',
    title: 'Place of the library',
    state: 'warn',
    value: tool,
    unit: null,
    message,
    remedy,
    action: null,
  };
}
