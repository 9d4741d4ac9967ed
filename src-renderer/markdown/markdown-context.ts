import { createContext, type ReactNode } from 'react';

/** What a place that shows Markdown may add to it. */
export interface MarkdownContextValue {
  /** Levels added to headings, so that they stay below those of the page: 1 makes the first an `h2`. */
  readonly headingShift: number;
  /** The chip of source `n`, or null where the text names no source that is known. */
  readonly citation: ((n: number) => ReactNode) | null;
}

export const MarkdownContext = createContext<MarkdownContextValue>({
  headingShift: 1,
  citation: null,
});
