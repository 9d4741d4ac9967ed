import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { KnowledgeFile } from '../../../src-contract/knowledge.ts';
import { asAppError, call } from '../../bridge.ts';

/** Files of one page, the most that the border gives at once. */
export const PAGE = 200;

interface FilesState {
  readonly collection: string | null;
  readonly only: 'all' | 'problems';
  readonly offset: number;
  readonly files: readonly KnowledgeFile[];
  readonly total: number;
  readonly error: ErrorShape | null;
}

export const useFiles = create<FilesState>(() => ({
  collection: null,
  only: 'all',
  offset: 0,
  files: [],
  total: 0,
  error: null,
}));

let turn = 0;

export async function readFiles(
  collection: string,
  only: 'all' | 'problems',
  offset: number,
): Promise<void> {
  const mine = ++turn;
  try {
    const { files, total } = await call('knowledge.files', {
      collection,
      only,
      offset,
      limit: PAGE,
    });
    if (mine === turn) useFiles.setState({ collection, only, offset, files, total, error: null });
  } catch (error) {
    if (mine !== turn) return;
    useFiles.setState({
      collection,
      only,
      offset,
      files: [],
      total: 0,
      error: asAppError(error).toShape(),
    });
  }
}
