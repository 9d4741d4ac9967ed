import type { Migration } from '../migrate.ts';
import { base } from './0010-base.ts';
import { providers } from './0020-providers.ts';
import { chat } from './0030-chat.ts';
import { knowledge } from './0040-knowledge.ts';

/** All migrations of the store, oldest first. */
export const migrations: readonly Migration[] = [base, providers, chat, knowledge];
