import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * When a process began, as what tells it from another one with the same number: ticks since a named
 * boot on Linux, wall clock elsewhere.
 */
export type ProcessStart =
  | { readonly kind: 'boot'; readonly boot: string; readonly ticks: string }
  | { readonly kind: 'clock'; readonly ms: number };

export type ProcessState =
  | { readonly kind: 'gone' }
  | { readonly kind: 'running'; readonly start: ProcessStart }
  /** It runs, but the system does not say since when. */
  | { readonly kind: 'running-unknown' };

/** What other systems give is in whole seconds, and our own is reckoned from the uptime. */
const CLOCK_TOLERANCE_MS = 5_000;
/** A system tool that hangs must not keep Carrel from starting. */
const ASK_TIMEOUT_MS = 5_000;

const run = promisify(execFile);

export async function ownStart(): Promise<ProcessStart> {
  const own = process.platform === 'linux' ? linuxState(process.pid) : null;
  if (own?.kind === 'running') return own.start;
  return { kind: 'clock', ms: Math.round(Date.now() - process.uptime() * 1_000) };
}

export async function stateOf(pid: number): Promise<ProcessState> {
  const linux = process.platform === 'linux' ? linuxState(pid) : null;
  if (linux) return linux;
  if (!exists(pid)) return { kind: 'gone' };
  const ms = await askSystem(pid);
  return ms === null
    ? { kind: 'running-unknown' }
    : { kind: 'running', start: { kind: 'clock', ms } };
}

/** True where both describe the same beginning; false also after a reboot or where the number was used again. */
export function sameStart(a: ProcessStart, b: ProcessStart): boolean {
  if (a.kind === 'boot' && b.kind === 'boot') return a.boot === b.boot && a.ticks === b.ticks;
  if (a.kind === 'clock' && b.kind === 'clock') return Math.abs(a.ms - b.ms) <= CLOCK_TOLERANCE_MS;
  return false;
}

/** True for what another engine wrote of its beginning. */
export function isProcessStart(value: unknown): value is ProcessStart {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind, boot, ticks, ms } = value as Readonly<Record<string, unknown>>;
  if (kind === 'boot') return typeof boot === 'string' && typeof ticks === 'string';
  return kind === 'clock' && typeof ms === 'number';
}

/** Null where /proc does not answer. A zombie is gone: it can't hold anything any more. */
function linuxState(pid: number): ProcessState | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = statLine(pid);
    if (stat === null) return { kind: 'gone' };
    // proc(5): the name in parentheses may hold anything; then come state (3rd) and so on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const ticks = fields[22 - 3];
    if (state === undefined || ticks === undefined) return null;
    if (state === 'Z' || state === 'X') return { kind: 'gone' };
    return { kind: 'running', start: { kind: 'boot', boot, ticks } };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function statLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as somebody else, so it is not an engine of ours; the start time decides.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function askSystem(pid: number): Promise<number | null> {
  const [command, args]: readonly [string, readonly string[]] =
    process.platform === 'win32'
      ? [
          'powershell',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToString('o')`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  try {
    const { stdout } = await run(command, args, {
      timeout: ASK_TIMEOUT_MS,
      windowsHide: true,
      env: { ...process.env, LC_ALL: 'C' },
    });
    const ms = Date.parse(stdout.trim());
    return Number.isNaN(ms) ? null : ms;
  } catch (error) {
    // No such tool, or it was stopped: taken for running, which is the safe side.
    if (error instanceof Error) return null;
    throw error;
  }
}
