import { spawn } from 'node:child_process';

/** An opener that has not failed by then has done its part; browsers started by it run on. */
const SETTLE_MS = 3_000;

/** Opens the system browser. Resolves to null, or to why it could not (which is no reason to end). Never uses a shell. */
export function openBrowser(url: string, platform: NodeJS.Platform): Promise<string | null> {
  const [command, args] = opener(url, platform);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, shell: false });
    child.unref();
    const timer = setTimeout(() => resolve(null), SETTLE_MS);
    const settle = (problem: string | null): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? `${command} is not installed` : error.message),
    );
    child.once('exit', (code) => settle(code === 0 ? null : `${command} ended with ${code}`));
  });
}

function opener(url: string, platform: NodeJS.Platform): [command: string, args: string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // `start` is a word of cmd.exe only; this takes the URL as it is.
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}
