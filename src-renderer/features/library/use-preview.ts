import { useEffect, useState } from 'react';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { ItemDetail, ParsedItem } from '../../../src-contract/library.ts';
import { asAppError, call } from '../../bridge.ts';

/** From the last key until the text is read, in milliseconds: a typist's gap. */
const READ_AFTER_MS = 250;

interface Preview {
  readonly parsed: ParsedItem;
  readonly error: ErrorShape | null;
}

/** What `text` would be as this item, a moment after it was written. */
export function usePreview(item: ItemDetail, text: string): Preview {
  const [preview, setPreview] = useState<Preview>({ parsed: item, error: null });
  const { path } = item;
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      call('library.parse', { path, content: text }).then(
        (parsed) => !stale && setPreview({ parsed, error: null }),
        (failure: unknown) =>
          !stale && setPreview((last) => ({ ...last, error: asAppError(failure).toShape() })),
      );
    }, READ_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [path, text]);
  return preview;
}
