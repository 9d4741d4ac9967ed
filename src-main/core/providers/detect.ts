import type { DetectedProvider } from '../../../src-contract/providers.ts';
import type { Clock } from '../shared/clock.ts';
import { DETECT_MS, MAX_MODELS_BYTES } from './limits.ts';
import { parseModels } from './models.ts';
import { readBounded } from './read-bounded.ts';

/** Where a local server may be found. */
export interface LocalServer {
  readonly id: string;
  readonly label: string;
  readonly baseUrl: string;
}

/** The servers that Carrel looks for, at the addresses that they take by default. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
  { id: 'ollama', label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { id: 'lm-studio', label: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
];

/** Asks all places at once; those that don't answer with a list of models within 500 ms are not there. */
export async function detectLocal(
  servers: readonly LocalServer[],
  fetchLike: typeof fetch,
  clock: Clock,
): Promise<DetectedProvider[]> {
  const found = await Promise.all(servers.map((server) => look(server, fetchLike, clock)));
  return found.filter((server) => server !== null);
}

async function look(
  server: LocalServer,
  fetchLike: typeof fetch,
  clock: Clock,
): Promise<DetectedProvider | null> {
  const started = clock.monotonic();
  const response = await fetchLike(`${server.baseUrl}/models`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(DETECT_MS),
  }).catch(() => null);
  if (!response) return null;
  const body = await readBounded(response, { maxBytes: MAX_MODELS_BYTES, ms: DETECT_MS });
  const models = response.ok && body.whole ? parseModels(body.text) : null;
  return models && { ...server, models, ms: clock.monotonic() - started };
}
