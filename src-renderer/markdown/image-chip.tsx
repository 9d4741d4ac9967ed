import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import { hostOf } from './safe-link.ts';
import { VisibleText } from './visible-text.tsx';

/** An image is named, never loaded: its address alone could carry words of the conversation to whoever wrote it. */
export function ImageChip({ alt, src }: { readonly alt: string; readonly src: string }): ReactNode {
  return (
    <span className="chip md-image" title={src}>
      <Icon name="file" />
      <span className="cut">
        Image: <VisibleText text={alt === '' ? 'no description' : alt} /> ({hostOf(src)})
      </span>
    </span>
  );
}
