/**
 * Processor time per chunk and time to the first token of the model gateway against plain fetch with
 * eventsource-parser, alternating in one process; the provider runs in another.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { OpenAiGateway } from '../src-main/core/providers/model-gateway.ts';
import { OpenAiClients } from '../src-main/core/providers/openai-client.ts';
import { systemClock } from '../src-main/core/shared/clock.ts';
import type { Bench, BenchResult, BenchRow } from './types.ts';

const MAX_RATIO = 1.2;
const MAX_ADDED_MS = 3;
const ROUNDS = 9;
const BURST = 20_000;
const PACED_STREAMS = 100;
const PACED_CHUNKS = 300;
/** First tokens of one block. */
const FIRST_TOKENS = 100;
const BLOCKS = 5;

/** Asks for `model`, gives the characters received, calls back at the first. */
type Ask = (model: string, onFirst?: () => void) => Promise<number>;

export const bench: Bench = {
  name: 'transport',
  async run(): Promise<BenchResult> {
    const server = fork(join(import.meta.dirname, 'transport-server.ts'));
    try {
      const [port] = (await once(server, 'message')) as [number];
      const baseUrl = `http://127.0.0.1:${port}/v1`;
      const ours = gatewayAt(baseUrl);
      const raw = rawAt(baseUrl);
      for (const ask of [raw, ours]) await ask(`burst-${BURST}`);
      const burst = await compare(raw, ours, (ask) => ask(`burst-${BURST}`), BURST);
      const paced = await compare(
        raw,
        ours,
        async (ask) => {
          const model = `paced-${PACED_CHUNKS}-10`;
          const asked = Array.from({ length: PACED_STREAMS }, () => ask(model));
          const chars = await Promise.all(asked);
          return chars.reduce((sum, one) => sum + one, 0);
        },
        PACED_STREAMS * PACED_CHUNKS,
        3,
      );
      const first = await firstTokens(raw, ours);
      return {
        name: 'transport',
        rows: [
          cpuRow('one stream at full speed', burst),
          cpuRow(`${PACED_STREAMS} streams at 100 tokens/s`, paced),
          {
            metric: 'first token, median',
            value: first.ours,
            unit: 'ms',
            peer: 'fetch + parser',
            ratio: first.ours / first.raw,
            holds: true,
          },
          {
            metric: 'first token added, p95',
            value: first.addedP95,
            unit: 'ms',
            budget: `<= ${MAX_ADDED_MS} ms`,
            holds: first.addedP95 <= MAX_ADDED_MS,
          },
        ],
      };
    } finally {
      server.disconnect();
    }
  },
};

function cpuRow(what: string, { raw, ours }: { raw: number; ours: number }): BenchRow {
  const ratio = ours / raw;
  return {
    metric: `processor time per chunk, ${what}`,
    value: ours,
    unit: 'µs',
    peer: 'fetch + parser',
    ratio,
    budget: `<= ${MAX_RATIO} x fetch + parser`,
    holds: ratio <= MAX_RATIO,
  };
}

function gatewayAt(baseUrl: string): Ask {
  const endpoint = { id: 'bench', baseUrl, key: 'bench-key' };
  const gateway = new OpenAiGateway({
    providers: { endpoint: () => endpoint, firstReady: () => null, noted: () => undefined },
    clients: new OpenAiClients(fetch),
    clock: systemClock,
  });
  return async (model, onFirst) => {
    const { signal } = new AbortController();
    const messages = [{ role: 'user', content: 'go' }] as const;
    let chars = 0;
    for await (const event of gateway.stream({ providerId: 'bench', model, messages, signal })) {
      if (event.type !== 'delta') continue;
      if (chars === 0) onFirst?.();
      chars += event.text.length;
    }
    return chars;
  };
}

/** The least that reads such a stream. */
function rawAt(baseUrl: string): Ask {
  return async (model, onFirst) => {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench-key' },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content: 'go' }],
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    let chars = 0;
    const parser = createParser({
      onEvent: ({ data }) => {
        if (data === '[DONE]') return;
        const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
        const text = chunk.choices[0]?.delta.content ?? '';
        if (chars === 0 && text) onFirst?.();
        chars += text.length;
      },
    });
    if (!response.body) throw new Error('no body');
    const decoder = new TextDecoder();
    for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
    return chars;
  };
}

/** Median processor time per chunk of both, microseconds; each round runs both, in changing order. */
async function compare(
  raw: Ask,
  ours: Ask,
  work: (ask: Ask) => Promise<number>,
  chunks: number,
  rounds = ROUNDS,
): Promise<{ raw: number; ours: number }> {
  const times = { raw: [] as number[], ours: [] as number[] };
  const asks = { raw, ours };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['raw', 'ours'] as const) : (['ours', 'raw'] as const);
    for (const name of order) {
      const before = process.cpuUsage();
      const chars = await work(asks[name]);
      const { user, system } = process.cpuUsage(before);
      if (chars !== chunks * ' word'.length) throw new Error(`${name} lost text: ${chars}`);
      times[name].push((user + system) / chunks);
    }
  }
  return { raw: percentile(times.raw, 0.5), ours: percentile(times.ours, 0.5) };
}

/**
 * Medians of both, and what ours adds at the p95: the median of five blocks, so that another
 * program's burst in one of them does not decide.
 */
async function firstTokens(
  raw: Ask,
  ours: Ask,
): Promise<{ raw: number; ours: number; addedP95: number }> {
  const all = { raw: [] as number[], ours: [] as number[] };
  const added: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const times = { raw: [] as number[], ours: [] as number[] };
    for (let round = 0; round < FIRST_TOKENS; round++) {
      for (const [name, ask] of [
        ['raw', raw],
        ['ours', ours],
      ] as const) {
        const started = performance.now();
        await ask('paced-2-1', () => times[name].push(performance.now() - started));
      }
    }
    all.raw.push(...times.raw);
    all.ours.push(...times.ours);
    added.push(percentile(times.ours, 0.95) - percentile(times.raw, 0.95));
  }
  return {
    raw: percentile(all.raw, 0.5),
    ours: percentile(all.ours, 0.5),
    addedP95: percentile(added, 0.5),
  };
}

function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}
