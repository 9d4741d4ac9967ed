/** Starts the program of its arguments, passes its output on, and waits: a parent to be killed. */
import { spawn } from 'node:child_process';

spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
setInterval(() => undefined, 60_000);
