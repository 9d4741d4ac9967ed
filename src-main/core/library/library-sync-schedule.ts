import type { Topic } from '../../../src-contract/app.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { Timers } from '../shared/timers.ts';
import type { Attempt, LibraryService } from './library-service.ts';
import type { LibrarySettings } from './ports.ts';

export interface ScheduleDeps {
  readonly library: Pick<LibraryService, 'start' | 'remote' | 'check' | 'update'>;
  readonly settings: () => LibrarySettings;
  readonly bus: { subscribe(listener: (topic: Topic) => void): () => void };
  /** The addresses of this machine as one text: another text is another network. */
  readonly network: () => string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 up to 1, evenly. */
  readonly random: () => number;
  readonly logger: Logger;
}

/** After a start, or when the remote or the way in changed: screens and first questions come first. */
const FIRST_CHECK_MS = 10_000;
/** A team's clients shall not ask all at once. */
const JITTER = 0.2;
/** An unreachable remote is asked again after so long, twice as long each time up to the last. */
const BACK_OFF_FIRST_MS = 30_000;
const BACK_OFF_LAST_MS = 15 * 60_000;
/** While the remote can't be reached the network is looked at this often; it takes microseconds. */
const NETWORK_LOOK_MS = 5_000;
/** From a new address until names resolve and routes stand. */
const NETWORK_SETTLE_MS = 2_000;
/** After a check that could not even begin, because something else ran. */
const NOT_BEGUN_MS = 30_000;
/** Timers stand still while a machine sleeps, so none waits longer than this without a look at the clock. */
const LONGEST_WAIT_MS = 60_000;
const MINUTE_MS = 60_000;

/**
 * Asks the library's remote by itself: some seconds after start, every `library.checkMinutes`, sooner
 * where it could not be reached, and at once when the network changes then. What is new is offered
 * (`library.updates: ask`) or taken (`take`). Local versions that wait go out with the next check,
 * which takes the team's version first. With `library.checkMinutes` 0, or without a remote, nothing
 * is asked at all.
 */
export class LibrarySyncSchedule {
  readonly #deps: ScheduleDeps;
  #unsubscribe: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #cancelLook: (() => void) | null = null;
  #isOpened = false;
  #isRunning = false;
  #dueAt: number | null = null;
  /** What the plan was last made from, and when that was new. */
  #seen: { readonly url: string | null; readonly last: Attempt | null } | null = null;
  #seenAt = 0;
  #offlineInRow = 0;
  /** -1 up to 1; new with each attempt. */
  #drift = 0;
  /** While offline: the network as it was then. */
  #network = '';
  /** The network changed. */
  #soonAt: number | null = null;
  #notBefore = 0;

  constructor(deps: ScheduleDeps) {
    this.#deps = deps;
  }

  /** Milliseconds since 1970; null where nothing is planned. */
  get nextCheckAt(): number | null {
    return this.#dueAt;
  }

  /** Begins. The library need not be open yet: the first check opens it. */
  start(): void {
    this.#unsubscribe ??= this.#deps.bus.subscribe((topic) => {
      if (topic === 'library' || topic === 'settings') this.#plan();
    });
    this.#plan();
  }

  /** Plans nothing more; a check that runs ends with its worker. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#cancelTick?.();
    this.#cancelLook?.();
    this.#dueAt = null;
  }

  #plan(): void {
    if (!this.#unsubscribe) return;
    const { library, clock, random, network } = this.#deps;
    const { url, last } = library.remote;
    const isOffline = last?.outcome === 'offline';
    if (!this.#seen || this.#seen.url !== url || this.#seen.last !== last) {
      this.#seen = { url, last };
      this.#seenAt = clock.now();
      this.#drift = random() * 2 - 1;
      this.#offlineInRow = isOffline ? this.#offlineInRow + 1 : 0;
      this.#soonAt = null;
      if (isOffline) this.#network = network();
    }
    if (this.#notBefore > clock.now() + NOT_BEGUN_MS) this.#notBefore = 0;
    const next = this.#next(url, last);
    this.#dueAt = next === null ? null : Math.max(next, this.#notBefore);
    this.#arm();
    this.#watchNetwork(isOffline && this.#dueAt !== null);
  }

  #next(url: string | null, last: Attempt | null): number | null {
    const minutes = this.#deps.settings()['library.checkMinutes'];
    if (minutes === 0) return null;
    // Until it is open nobody knows whether it has a remote.
    if (url === null && this.#isOpened) return null;
    if (url === null || !last) return this.#seenAt + FIRST_CHECK_MS;
    // A clock that was set back must not keep the library waiting for the time it came from.
    const now = this.#deps.clock.now();
    if (last.at > now) return now;
    const every = minutes * MINUTE_MS * (1 + JITTER * this.#drift);
    if (last.outcome !== 'offline') return last.at + every;
    return Math.min(last.at + every, last.at + this.#backOff(), this.#soonAt ?? Infinity);
  }

  #backOff(): number {
    const doubled = BACK_OFF_FIRST_MS * 2 ** (this.#offlineInRow - 1);
    const drifted = doubled * (1 + JITTER * this.#drift);
    return Math.min(Math.max(drifted, BACK_OFF_FIRST_MS), BACK_OFF_LAST_MS);
  }

  #arm(): void {
    const { clock, timers } = this.#deps;
    this.#cancelTick?.();
    this.#cancelTick = null;
    if (this.#dueAt === null || this.#isRunning) return;
    const wait = Math.min(Math.max(this.#dueAt - clock.now(), 0), LONGEST_WAIT_MS);
    this.#cancelTick = timers.after(wait, () => this.#tick());
  }

  #tick(): void {
    if (this.#dueAt !== null && this.#dueAt <= this.#deps.clock.now()) void this.#check();
    else this.#plan();
  }

  async #check(): Promise<void> {
    const { library, settings, clock, logger } = this.#deps;
    this.#isRunning = true;
    const before = library.remote.last;
    try {
      await library.start();
      this.#isOpened = true;
      const { url, queued } = library.remote;
      if (url === null) return;
      const takes = queued > 0 || settings()['library.updates'] === 'take';
      await (takes ? library.update({ background: true }) : library.check({ background: true }));
    } catch (error) {
      // The library's state tells it to whoever looks; nobody waits for this one.
      logger.debug('a check by itself did not end well', { error });
    } finally {
      this.#isRunning = false;
      if (library.remote.last === before) this.#notBefore = clock.now() + NOT_BEGUN_MS;
      this.#plan();
    }
  }

  #watchNetwork(wanted: boolean): void {
    if (!wanted) {
      this.#cancelLook?.();
      this.#cancelLook = null;
      return;
    }
    this.#cancelLook ??= this.#deps.timers.after(NETWORK_LOOK_MS, () => this.#lookAtNetwork());
  }

  #lookAtNetwork(): void {
    this.#cancelLook = null;
    const now = this.#deps.network();
    if (now !== this.#network) {
      this.#network = now;
      this.#soonAt = this.#deps.clock.now() + NETWORK_SETTLE_MS;
    }
    this.#plan();
  }
}
