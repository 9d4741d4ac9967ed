import { AppError } from '../../src-contract/app-error.ts';
import { MAX_SECRET_CHARS } from '../../src-contract/limits.ts';

const PROVIDER_EXAMPLE = 'carrel provider add ID --base-url URL --key-stdin < key.txt';

/** Reads a secret from standard input: one line, so that it never stands in the shell's history. */
export async function readSecret(example: string = PROVIDER_EXAMPLE): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_SECRET_CHARS) break;
    chunks.push(chunk);
  }
  const secret = Buffer.concat(chunks).toString('utf8').trim();
  if (secret === '' || bytes > MAX_SECRET_CHARS) {
    throw new AppError('usage/no-key', 'There was no key on standard input.', {
      remedy: `Pipe it in: ${example}`,
    });
  }
  return secret;
}
