/**
 * Adds an event to a batch. Neighbouring text deltas become one; of neighbouring progress reports
 * only the last is of interest. Everything else is kept as it is.
 */
export function coalesce(batch: unknown[], event: unknown): void {
  const last = batch.at(-1);
  if (isDelta(last) && isDelta(event)) {
    batch[batch.length - 1] = { ...last, text: last.text + event.text };
  } else if (isProgress(last) && isProgress(event)) {
    batch[batch.length - 1] = event;
  } else {
    batch.push(event);
  }
}

interface Delta {
  readonly type: 'delta';
  readonly text: string;
}

export function isDelta(event: unknown): event is Delta {
  return (
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    event.type === 'delta' &&
    'text' in event &&
    typeof event.text === 'string'
  );
}

function isProgress(event: unknown): boolean {
  return (
    typeof event === 'object' && event !== null && 'type' in event && event.type === 'progress'
  );
}
