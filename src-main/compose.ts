import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';
import type { Output } from '../src-contract/index.ts';
import { isWorking } from '../src-contract/library-phases.ts';
import type { EngineFrame } from '../src-contract/protocol.ts';
import { ChatService } from './core/chat/chat-service.ts';
import { ChatStore } from './core/chat/chat-store.ts';
import { diskChecks, freeBytes } from './core/health/disk-checks.ts';
import { engineChecks } from './core/health/engine-checks.ts';
import { EventLoopWatch } from './core/health/event-loop-watch.ts';
import { HealthService } from './core/health/health-service.ts';
import { logChecks } from './core/health/log-checks.ts';
import { settingsChecks } from './core/health/settings-checks.ts';
import { StoreChecks } from './core/health/store-checks.ts';
import { vaultChecks } from './core/health/vault-checks.ts';
import { workerChecks } from './core/health/worker-checks.ts';
import type { IndexJobs } from './core/knowledge/index/jobs.ts';
import { KnowledgeService } from './core/knowledge/knowledge-service.ts';
import { libraryAgents } from './core/library/agent-catalog.ts';
import type { GitJobs } from './core/library/git-jobs.ts';
import { libraryCollections } from './core/library/library-collections.ts';
import { libraryHealth } from './core/library/library-health.ts';
import { libraryPlaceHealth } from './core/library/library-place-health.ts';
import { LibraryService } from './core/library/library-service.ts';
import { LibrarySyncSchedule } from './core/library/library-sync-schedule.ts';
import { GIT_WORKER_MEMORY } from './core/library/limits.ts';
import { networkNow, thisMachine } from './core/library/machine.ts';
import { StoredSecrets } from './core/library/stored-secrets.ts';
import { OpenAiGateway } from './core/providers/model-gateway.ts';
import { OpenAiClients } from './core/providers/openai-client.ts';
import { ProviderService } from './core/providers/provider-service.ts';
import { ProviderStore } from './core/providers/provider-store.ts';
import { SettingsService } from './core/settings/settings-service.ts';
import { ChangeBus } from './core/shared/change-bus.ts';
import { systemClock } from './core/shared/clock.ts';
import type { Logger } from './core/shared/logger.ts';
import {
  dataPaths,
  workspacePaths,
  type DataPaths,
  type WorkspacePaths,
} from './core/shared/paths.ts';
import { createPinoLogger } from './core/shared/pino-logger.ts';
import { isLevel } from './core/shared/read-log.ts';
import { systemTimers } from './core/shared/timers.ts';
import { WorkerHost, type WorkerHostOptions } from './core/shared/worker-host.ts';
import { keyFilePath } from './core/vault/key-file.ts';
import { openVault, type Vault } from './core/vault/open-vault.ts';
import { setWorkspaceLibrary } from './core/workspace/change-workspace.ts';
import { openWorkspace } from './core/workspace/create-workspace.ts';
import { acquireEngineLock } from './core/workspace/engine-lock.ts';
import { migrations } from './db/migrations/index.ts';
import { Connection } from './router/connection.ts';
import { Dispatcher } from './router/dispatch.ts';
import { allHandlers } from './router/handlers/all.ts';
import type { HostPort } from './shell/host-port.ts';
import { findPlaces, workerFile } from './shell/places.ts';
import { PROGRAM_VERSION } from './shell/program-version.ts';
import { threadSpawner } from './shell/spawners.ts';

/** The SDK of the providers is loaded before the first question, but after the screens have what they ask for. */
const WARM_UP_MS = 2_000;

export interface EngineOptions {
  readonly dataDir: string;
  readonly workspace: string;
  readonly host: HostPort;
}

/** A running engine of one workspace. */
export interface Engine {
  readonly data: DataPaths;
  readonly paths: WorkspacePaths;
  readonly logger: Logger;
  /** One more client; `post` gets what the engine has to say to it. */
  connect(post: (frame: EngineFrame) => void): Connection;
  /** Resolves when work that goes on by itself (indexing what the library brought) is done. */
  settled(): Promise<void>;
  /** Writes what is open, erases what was deleted, lets go of the workspace. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * The one place that says `new`: opens the workspace and wires stores, services and router.
 *
 * Errors, each with nothing changed: `workspace/…` (unknown, in use), `vault/…` (see `openVault`).
 */
export async function composeEngine(options: EngineOptions): Promise<Engine> {
  const { host } = options;
  const clock = systemClock;
  const data = dataPaths(options.dataDir);
  const paths = workspacePaths(data, options.workspace);
  const places = findPlaces();
  const bus = new ChangeBus();
  const log = createPinoLogger({ dir: data.logs, level: 'info', clock });
  const about = await openWorkspace(data, options.workspace);
  const lock = await acquireEngineLock(paths.lock, log.child('workspace'));
  const closers: (() => unknown)[] = [() => lock.release(), () => log.close()];
  let vault: Vault;
  let settings: SettingsService;
  try {
    vault = await openVault({
      workspaceId: about.id,
      paths,
      keyFile: keyFilePath(data.root, about.id),
      secrets: host.secrets,
      migrations,
      clock,
      logger: log.child('vault'),
    });
    closers.unshift(() => vault.close());
    settings = await SettingsService.open({
      file: data.config,
      bus,
      clock,
      logger: log.child('settings'),
    });
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
  const asked = process.env['CARREL_LOG_LEVEL'];
  const followLevel = (): void =>
    log.setLevel(isLevel(asked) ? asked : settings.values['log.level']);
  followLevel();
  bus.subscribe((topic) => {
    if (topic === 'settings') followLevel();
  });

  const inThread = (name: string, entry: string, limits?: ResourceLimits): WorkerHostOptions => ({
    name,
    spawn: threadSpawner(workerFile(places, entry), limits),
    logger: log.child('workers'),
  });
  const workers = {
    git: new WorkerHost<GitJobs>(inThread('git', 'git', GIT_WORKER_MEMORY)),
    'git reads': new WorkerHost<GitJobs>(inThread('git reads', 'git', GIT_WORKER_MEMORY)),
    index: new WorkerHost<IndexJobs>(inThread('index', 'index')),
  };

  const library = new LibraryService({
    dirs: paths,
    starterDir: places.starterLibrary,
    sync: workers.git,
    reads: workers['git reads'],
    knownHosts: paths.knownHosts,
    secrets: new StoredSecrets(vault.db),
    settings: () => settings.values,
    machine: thisMachine(process.env, process.platform),
    nextCheckAt: () => checks.nextCheckAt,
    bus,
    clock,
    logger: log.child('library'),
  });
  const checks = new LibrarySyncSchedule({
    library,
    settings: () => settings.values,
    bus,
    network: networkNow,
    clock,
    timers: systemTimers,
    random: Math.random,
    logger: log.child('library'),
  });
  const scratch = join(data.cache, `eval-${about.id}`);
  const knowledge = new KnowledgeService({
    db: vault.db,
    paths: { dataDir: data.root, index: paths.index, scratch },
    worker: workers.index,
    attachments: vault.attachments,
    library: libraryCollections(paths.files),
    bus,
    clock,
    logger: log.child('knowledge'),
  });
  const clients = new OpenAiClients(fetch);
  const providers = new ProviderService({
    store: new ProviderStore(vault.db),
    clients,
    bus,
    clock,
    logger: log.child('providers'),
    fetch,
  });
  const chat = new ChatService({
    store: new ChatStore(vault.db),
    gateway: new OpenAiGateway({ providers, clients, clock }),
    passages: knowledge,
    agents: libraryAgents(library),
    settings: { defaultRoute: () => settings.values['chat.route'] },
    bus,
    clock,
    logger: log.child('chat'),
  });
  const loop = new EventLoopWatch();
  const memoryBytes = (): number => process.memoryUsage.rss();
  const health = new HealthService({
    sources: {
      store: new StoreChecks({ db: vault.db, file: paths.store, clock }),
      vault: vaultChecks(vault),
      settings: settingsChecks(settings),
      library: libraryHealth(library),
      'place of the library': libraryPlaceHealth(library, paths),
      knowledge,
      providers,
      workers: workerChecks(workers, clock),
      disk: diskChecks(data.root, freeBytes),
      engine: engineChecks({ memoryBytes, loopDelay: () => loop.read() }),
      log: logChecks(log),
    },
    machine: {
      storeBytes: async () => {
        // Without a write-ahead log all is in the store itself.
        const wal = await stat(`${paths.store}-wal`).catch(() => null);
        return (await stat(paths.store)).size + (wal?.size ?? 0);
      },
      diskFreeBytes: () => freeBytes(data.root),
      memoryBytes,
    },
    startedAt: clock.now(),
    clock,
    logger: log.child('health'),
  });

  const info = (): Output<'app.info'> => {
    const { schema, cipher } = vault.status();
    return {
      version: PROGRAM_VERSION,
      node: process.versions.node,
      electron: host.electron,
      platform: process.platform,
      shell: host.shell,
      dataDir: data.root,
      workspace: { id: about.id, name: about.name },
      store: { schema, cipher },
    };
  };
  const dispatcher = new Dispatcher(
    allHandlers({ bus, info, chat, health, knowledge, library, log, providers, settings, vault }),
    log.child('router'),
  );

  let closed = false;
  let warmUp: NodeJS.Timeout | undefined;
  const warm = (): void => inBackground('loading the SDK', clients.warm());
  const background = new Set<Promise<void>>();
  const inBackground = (what: string, work: Promise<unknown>): void => {
    const watched = work
      .then(
        () => undefined,
        (error: unknown) => {
          if (!closed) log.error('background work failed', { what, error });
        },
      )
      .finally(() => background.delete(watched));
    background.add(watched);
  };
  // The library's collections are searched like any other: whenever it changed, they are indexed anew.
  const followLibrary = async (): Promise<void> => {
    const { url, version } = await library.status();
    await setWorkspaceLibrary(data, about.id, url);
    if (version !== null) await knowledge.syncLibrary();
  };
  bus.subscribe((topic) => {
    if (topic !== 'library' || closed || isWorking(library.state)) return;
    inBackground('following the library', followLibrary());
  });

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    loop.stop();
    clearTimeout(warmUp);
    checks.stop();
    await chat.close();
    await knowledge.close();
    for (const one of Object.values(workers)) one.close();
    for (const one of closers) await one();
  };

  chat.start();
  // What an earlier run left is finished without keeping the first question waiting.
  setImmediate(() => {
    if (closed) return;
    inBackground('loading the schemas', dispatcher.warm());
    const { schema, slots } = vault.status();
    log.info('engine started', { schema, slots: slots.map((slot) => slot.kind) });
    loop.start();
    checks.start();
    if (providers.list().length > 0) warmUp = setTimeout(() => warm(), WARM_UP_MS).unref();
    inBackground(
      'starting knowledge',
      knowledge.start().then(() => followLibrary()),
    );
  });
  return {
    data,
    paths,
    logger: log,
    connect: (post) => new Connection(dispatcher, post),
    settled: async () => {
      while (background.size > 0) await Promise.all(background);
    },
    close,
  };
}
