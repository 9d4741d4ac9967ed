import type { Migration } from '../migrate.ts';
import { base } from './0010-base.ts';

/** All migrations of the store, oldest first. */
export const migrations: readonly Migration[] = [base];
