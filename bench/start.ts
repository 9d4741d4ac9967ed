/**
 * Start and memory of the engine against bare Node, same machine, alternating. Ready is when the
 * engine tells its shell that clients may ask (store open, socket listening); bare Node tells its
 * parent over the same kind of channel. The first answer is a query over the local socket, against a
 * bare Node server that answers one line over one.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { attach } from '../src-main/shell/attach.ts';
import type { FromEngine } from '../src-main/shell/engine-messages.ts';
import type { Bench, BenchResult } from './types.ts';

const ROUNDS = 15;
const engineFile = resolve(import.meta.dirname, '..', 'out', 'node', 'engine.cjs');

interface Sample {
  readonly readyMs: number;
  readonly answeredMs: number;
  readonly rssMb: number;
  readonly privateDirtyMb: number;
}

export const bench: Bench = {
  name: 'start',
  async run(): Promise<BenchResult> {
    const dir = mkdtempSync(join(tmpdir(), 'carrel-bench-'));
    try {
      const bareFile = join(dir, 'bare.cjs');
      writeFileSync(bareFile, bareServer(join(dir, 'bare.sock')));
      const data = join(dir, 'data');
      // Twice before counting: makes the store and fills the compile cache.
      await startEngine(data);
      await startEngine(data);
      const bare: Sample[] = [];
      const engine: Sample[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        bare.push(await startBare(bareFile, join(dir, 'bare.sock')));
        engine.push(await startEngine(data));
      }
      const ready = median(engine, 'readyMs') / median(bare, 'readyMs');
      const answered = median(engine, 'answeredMs') / median(bare, 'answeredMs');
      const rss = median(engine, 'rssMb') / median(bare, 'rssMb');
      const dirty = median(engine, 'privateDirtyMb');
      return {
        name: 'start',
        rows: [
          {
            metric: 'engine ready, median',
            value: median(engine, 'readyMs'),
            unit: 'ms',
            peer: 'bare Node',
            ratio: ready,
            budget: '<= 2 x bare Node',
            holds: ready <= 2,
          },
          {
            metric: 'first query answered, median',
            value: median(engine, 'answeredMs'),
            unit: 'ms',
            peer: 'bare Node over a socket',
            ratio: answered,
            holds: true,
          },
          {
            metric: 'memory after start (RSS), median',
            value: median(engine, 'rssMb'),
            unit: 'MB',
            peer: 'bare Node',
            ratio: rss,
            budget: '<= 1.5 x bare Node',
            holds: rss <= 1.5,
          },
          {
            metric: 'private dirty memory after start, median',
            value: dirty,
            unit: 'MB',
            budget: '< 25 MB',
            holds: dirty < 25,
          },
        ],
      };
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

/** Says that it is ready, then answers each line with one. */
function bareServer(path: string): string {
  return `require('node:net')
  .createServer((socket) => socket.on('data', () => socket.write('{}\\n')))
  .listen(${JSON.stringify(path)});
process.send({ t: 'ready' });
process.on('disconnect', () => process.exit(0));
`;
}

async function startBare(file: string, path: string): Promise<Sample> {
  const started = performance.now();
  rmSync(path, { force: true });
  const child = fork(file, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await new Promise((done) => child.once('message', done));
  const readyMs = performance.now() - started;
  const socket = connect(path);
  socket.write('{}\n');
  await new Promise((done) => socket.once('data', done));
  const answeredMs = performance.now() - started;
  const sample = { readyMs, answeredMs, ...memoryOf(child.pid) };
  socket.destroy();
  child.disconnect();
  await new Promise((done) => child.once('exit', done));
  return sample;
}

async function startEngine(dataDir: string): Promise<Sample> {
  const started = performance.now();
  const child = fork(engineFile, ['--data-dir', dataDir, '--shell', 'web'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await new Promise<FromEngine>((done) =>
    child.once('message', (message) => done(message as FromEngine)),
  );
  const readyMs = performance.now() - started;
  if (ready.t !== 'ready') throw new Error(`the engine answered ${JSON.stringify(ready)}`);
  const running = await attach(ready.attach);
  if (!running) throw new Error('the engine does not take clients');
  const answer = await running.client.call('chat.conversations', {});
  const answeredMs = performance.now() - started;
  if (!answer.ok) throw new Error(answer.error.message);
  const sample = { readyMs, answeredMs, ...memoryOf(child.pid) };
  running.close();
  child.send({ t: 'stop' });
  await new Promise((done) => child.once('exit', done));
  return sample;
}

function memoryOf(pid: number | undefined): { rssMb: number; privateDirtyMb: number } {
  const text = readFileSync(`/proc/${pid ?? 0}/smaps_rollup`, 'utf8');
  const mb = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024;
  return { rssMb: mb('Rss'), privateDirtyMb: mb('Private_Dirty') };
}

function median(samples: readonly Sample[], field: keyof Sample): number {
  const values = samples.map((sample) => sample[field]).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}
