import { parentPort } from 'node:worker_threads';
import { AppError } from '../../src-contract/app-error.ts';
import type {
  FromWorker,
  JobMap,
  ToWorker,
  WorkerFailure,
} from '../core/shared/worker-protocol.ts';

export interface JobContext<P> {
  /** Aborted when the caller no longer wants the result; the worker is killed 2 s later. */
  readonly signal: AbortSignal;
  readonly progress: (progress: P) => void;
}

export type JobHandlers<J extends JobMap<J>> = {
  readonly [K in keyof J]: (
    input: J[K]['input'],
    context: JobContext<J[K]['progress']>,
  ) => J[K]['output'] | Promise<J[K]['output']>;
};

interface Channel {
  post(message: FromWorker): void;
  listen(listener: (message: ToWorker) => void): void;
}

/** The worker's side of the host: answers jobs in a thread, a child process or a utility process alike. */
export function serveWorker<J extends JobMap<J>>(handlers: JobHandlers<J>): void {
  const channel = openChannel();
  const running = new Map<number, AbortController>();
  channel.listen((message) => {
    if (message.t === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(message.id, controller);
    void answer(message.id, message.job, message.input, controller);
  });
  channel.post({ t: 'ready' });

  async function answer(
    id: number,
    job: string,
    input: unknown,
    controller: AbortController,
  ): Promise<void> {
    try {
      if (!Object.hasOwn(handlers, job)) throw new Error(`unknown job ${job}`);
      const handler = handlers[job as keyof J];
      const output = await handler(input, {
        signal: controller.signal,
        progress: (progress) => channel.post({ t: 'progress', id, progress }),
      });
      channel.post({ t: 'done', id, output });
    } catch (error) {
      channel.post({ t: 'failed', id, error: toFailure(error) });
    } finally {
      running.delete(id);
    }
  }
}

function toFailure(error: unknown): WorkerFailure {
  if (error instanceof AppError) return { kind: 'app', shape: error.toShape() };
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    kind: 'unknown',
    ...('code' in known && typeof known.code === 'string' ? { code: known.code } : {}),
    message: known.message,
    stack: known.stack ?? '',
  };
}

/** Electron adds `parentPort` to `process` in a utility process; its messages come wrapped in an event. */
interface UtilityProcess {
  readonly parentPort?: {
    postMessage(message: FromWorker): void;
    on(event: 'message', listener: (event: { data: ToWorker }) => void): void;
  };
}

function openChannel(): Channel {
  if (parentPort) {
    const port = parentPort;
    return {
      post: (message) => port.postMessage(message),
      listen: (listener) => port.on('message', listener),
    };
  }
  const utility = (process as unknown as UtilityProcess).parentPort;
  if (utility) {
    return {
      post: (message) => utility.postMessage(message),
      listen: (listener) => utility.on('message', (event) => listener(event.data)),
    };
  }
  if (!process.send) throw new Error('a worker must be started by its host');
  const send = process.send.bind(process);
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => void send(message),
    listen: (listener) => process.on('message', listener),
  };
}
