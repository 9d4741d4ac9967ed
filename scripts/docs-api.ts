/** Writes docs/api.md from the contract's schemas; with --check says whether it is current. Usage: npm run docs:api */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { apiReference } from './api-reference.ts';

const file = resolve(import.meta.dirname, '..', 'docs', 'api.md');
const text = apiReference();
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/api.md is not current: run npm run docs:api');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
}
