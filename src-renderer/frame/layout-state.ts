import { create } from 'zustand';

/** Pixels of the list column that a person may choose. */
export const LIST_MIN = 200;
export const LIST_MAX = 400;
const LIST_DEFAULT = 272;
const STORAGE_KEY = 'carrel.list-width';

interface LayoutState {
  readonly listWidth: number;
  /** Under 860 px the list is a drawer; this says whether it is out. */
  readonly drawer: boolean;
}

export const useLayout = create<LayoutState>(() => ({ listWidth: storedWidth(), drawer: false }));

/** Sets the width of the list column in pixels, kept between 200 and 400, and remembers it in this window's storage. */
export function setListWidth(width: number): void {
  const listWidth = Math.round(Math.min(LIST_MAX, Math.max(LIST_MIN, width)));
  useLayout.setState({ listWidth });
  window.localStorage.setItem(STORAGE_KEY, String(listWidth));
}

export function setDrawer(drawer: boolean): void {
  useLayout.setState({ drawer });
}

function storedWidth(): number {
  const width = Number(window.localStorage.getItem(STORAGE_KEY));
  return width >= LIST_MIN && width <= LIST_MAX ? width : LIST_DEFAULT;
}
