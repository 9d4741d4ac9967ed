import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Collection } from '../../../src-contract/knowledge.ts';
import { asAppError, call } from '../../bridge.ts';

interface KnowledgeState {
  /** Null until first read. */
  readonly collections: readonly Collection[] | null;
  readonly error: ErrorShape | null;
}

export const useKnowledge = create<KnowledgeState>(() => ({ collections: null, error: null }));

export async function readCollections(): Promise<void> {
  try {
    const { collections } = await call('knowledge.collections', {});
    useKnowledge.setState({ collections, error: null });
  } catch (error) {
    useKnowledge.setState({ error: asAppError(error).toShape() });
  }
}

/** Throws `AppError`. Files on disk stay; uploaded files are erased. */
export async function removeCollection(collection: string): Promise<void> {
  await call('knowledge.remove', { collection });
  await readCollections();
}
