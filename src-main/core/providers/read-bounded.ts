export interface Bounds {
  readonly maxBytes: number;
  /** Milliseconds for the whole body. */
  readonly ms: number;
}

/**
 * Reads a body as text up to its bounds and lets go of the rest. `whole` is false where bytes, time
 * or the connection ran out; what was read until then is given.
 */
export async function readBounded(
  response: Response,
  bounds: Bounds,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  if (!response.body) return { text: '', whole: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), bounds.ms);
  });
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const step = await Promise.race([reader.read(), deadline]);
      if (step === late) return { text, whole: false };
      if (step.done) return { text: text + decoder.decode(), whole: true };
      bytes += step.value.byteLength;
      if (bytes > bounds.maxBytes) return { text, whole: false };
      text += decoder.decode(step.value, { stream: true });
    }
  } catch {
    // The connection broke: the caller learns it from `whole`.
    return { text, whole: false };
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}
