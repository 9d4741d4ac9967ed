/** The quick gate: format, lint, types and architecture, in parallel. Usage: npm run check */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { toolScript, type Tool } from './tool.ts';

const steps: [name: string, tool: Tool, args: string[]][] = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '--cache', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', '.']],
  ...['src-contract', 'src-main', 'src-preload', 'src-renderer', 'test'].map(
    (side): [string, Tool, string[]] => [`types ${side}`, 'tsc', ['-p', side]],
  ),
  ['architecture', 'vitest', ['run', '--config', 'test/vitest.config.ts', 'test/arch', '--silent']],
];

const results = await Promise.all(steps.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;

function run([name, tool, args]: (typeof steps)[number]): Promise<boolean> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [toolScript(tool), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output);
      resolve(code === 0);
    });
  });
}
