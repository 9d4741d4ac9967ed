/** Runs the benches named, or all; prints a table, writes JSON. Usage: npm run bench [-- transport start …] */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Bench, BenchResult, BenchRow } from './types.ts';

const NOT_BENCHES = new Set(['run.ts', 'types.ts']);
const results = resolve(import.meta.dirname, '..', 'bench-results');

const available = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z]+\.ts$/.test(file) && !NOT_BENCHES.has(file))
  .map((file) => basename(file, '.ts'))
  .toSorted();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}. There are: ${available.join(', ')}`);
  process.exit(2);
}

const done: BenchResult[] = [];
for (const name of asked.length > 0 ? asked : available) {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
  console.log(`\n${styleText('bold', bench.name)}`);
  const result = await bench.run();
  done.push(result);
  print(result.rows);
}

mkdirSync(results, { recursive: true });
const file = join(results, 'bench.json');
const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, memoryBytes: totalmem() };
writeFileSync(
  file,
  `${JSON.stringify({ node: process.version, machine, results: done }, null, 2)}\n`,
);
console.log(`\nWritten to ${file}`);
if (done.some((result) => result.rows.some((row) => !row.holds))) process.exitCode = 1;

function print(rows: readonly BenchRow[]): void {
  const table = rows.map((row) => [
    row.holds ? 'holds' : 'FALLS SHORT',
    row.metric,
    `${round(row.value)} ${row.unit}`,
    row.ratio === undefined ? '' : `${round(row.ratio)} x ${row.peer ?? ''}`,
    row.budget ?? '',
  ]);
  const head = ['', 'what', 'value', 'against', 'budget'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...table].map((line) => (line[column] ?? '').length)),
  );
  for (const line of [head, ...table]) {
    console.log(line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '));
  }
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
