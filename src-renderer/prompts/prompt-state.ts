import { create } from 'zustand';
import { hrefFor, navigate, parseHash } from '../route.ts';

interface PromptState {
  /** The prompt whose form is asked for. */
  readonly path: string | null;
  /** A text on its way into the composer. */
  readonly text: string | null;
}

export const usePrompt = create<PromptState>(() => ({ path: null, text: null }));

/** Asks for the variables of a prompt, then puts its text into the composer. */
export function openPrompt(path: string): void {
  usePrompt.setState({ path });
}

export function closePrompt(): void {
  usePrompt.setState({ path: null });
}

/** Puts a text into the composer, to be looked at before it is sent: that of the conversation that is shown, else of a new one. */
export function putIntoComposer(text: string): void {
  usePrompt.setState({ path: null, text });
  if (parseHash(window.location.hash).screen !== 'chat') navigate(hrefFor('chat'));
}
