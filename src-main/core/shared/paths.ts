import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Places of one data directory; see "Data on disk" in docs/architecture.md. */
export interface DataPaths {
  readonly root: string;
  readonly config: string;
  readonly workspaces: string;
  readonly logs: string;
  readonly cache: string;
}

/** Places of one workspace. Everything here but the library's own folders is ciphertext. */
export interface WorkspacePaths {
  readonly root: string;
  readonly store: string;
  readonly keys: string;
  /** Name and id in plain: what a list of workspaces shows without unlocking them. */
  readonly about: string;
  readonly lock: string;
  /** How to attach to the running engine: socket and token. */
  readonly attach: string;
  readonly index: string;
  readonly attachments: string;
  /** Private git directory of the library. */
  readonly library: string;
  /** The materialised library: the team's shared text, plain by design. */
  readonly files: string;
  readonly trash: string;
  readonly journal: string;
  /** SSH hosts of the library's remotes whose fingerprint was confirmed, in OpenSSH's format. */
  readonly knownHosts: string;
  readonly backups: string;
}

export function dataPaths(root: string): DataPaths {
  const at = resolve(root);
  return {
    root: at,
    config: join(at, 'config.json'),
    workspaces: join(at, 'workspaces'),
    logs: join(at, 'logs'),
    cache: join(at, 'cache'),
  };
}

export function workspacePaths(data: DataPaths, id: string): WorkspacePaths {
  const root = join(data.workspaces, id);
  return {
    root,
    store: join(root, 'store.db'),
    keys: join(root, 'keys.json'),
    about: join(root, 'workspace.json'),
    lock: join(root, 'engine.lock'),
    attach: join(root, 'engine.json'),
    index: join(root, 'index'),
    attachments: join(root, 'attachments'),
    library: join(root, 'library'),
    files: join(root, 'files'),
    trash: join(root, 'trash'),
    journal: join(root, 'journal'),
    knownHosts: join(root, 'known_hosts'),
    backups: join(root, 'backups'),
  };
}

/** Where data lives when nobody says otherwise: the platform's place for an application's own data. */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env['CARREL_DATA_DIR']) return resolve(env['CARREL_DATA_DIR']);
  const home = homedir();
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Carrel');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Carrel');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'carrel');
  }
}
