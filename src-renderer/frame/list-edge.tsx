import { useRef } from 'react';
import { LIST_MAX, LIST_MIN, setListWidth, useLayout } from './layout-state.ts';

/** Pixels of one press of an arrow key. */
const STEP = 16;

/** The edge of the list column: dragged, or moved with the arrow keys. */
export function ListEdge() {
  const width = useLayout((state) => state.listWidth);
  const from = useRef<{ x: number; width: number } | null>(null);
  return (
    <div
      className="list-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the list"
      aria-valuemin={LIST_MIN}
      aria-valuemax={LIST_MAX}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (from.current) setListWidth(from.current.width + event.clientX - from.current.x);
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setListWidth(width - STEP);
        else if (event.key === 'ArrowRight') setListWidth(width + STEP);
      }}
    />
  );
}
