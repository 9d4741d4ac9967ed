import { MAX_NAME_CHARS } from '../../../src-contract/limits.ts';
import { MAX_MODELS, MAX_MODELS_BYTES, MODELS_MS } from './limits.ts';
import type { Endpoint, OpenAiClients } from './openai-client.ts';
import { badStream, slowHeaders, type ErrorContext } from './provider-errors.ts';
import { readBounded } from './read-bounded.ts';

/** Kinds of models that don't chat: they go behind those that may. */
const NOT_CHAT =
  /embed|whisper|tts|dall-e|moderation|rerank|transcri|speech|gpt-image|imagen|realtime|sora/i;

/**
 * Asks an endpoint for its models, those for chat first, at most 500. Throws what the SDK throws
 * and `provider/bad-stream` for an answer that is no list.
 */
export async function fetchModels(
  clients: OpenAiClients,
  endpoint: Endpoint,
  context: ErrorContext,
): Promise<string[]> {
  const client = await clients.of(endpoint);
  const response = await client.models.list({ timeout: MODELS_MS }).asResponse();
  const body = await readBounded(response, { maxBytes: MAX_MODELS_BYTES, ms: MODELS_MS });
  if (!body.whole) throw slowHeaders(context, MODELS_MS);
  const models = parseModels(body.text);
  if (!models) throw badStream(context, 'its list of models is not one');
  return models;
}

/** Names in a `/models` answer, or null where it is none. */
export function parseModels(text: string): string[] | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null || !('data' in body)) return null;
  // Ollama says null where no model is installed.
  const data = body.data ?? [];
  if (!Array.isArray(data)) return null;
  const names = data.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && isName(entry.id)
      ? [entry.id]
      : [],
  );
  const unique = [...new Set(names)];
  const chat = unique.filter((name) => !NOT_CHAT.test(name));
  return [...chat, ...unique.filter((name) => NOT_CHAT.test(name))].slice(0, MAX_MODELS);
}

function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_NAME_CHARS &&
    !/[\p{Cc}\p{Cf}]/u.test(value)
  );
}
