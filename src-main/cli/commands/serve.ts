import type { Command } from 'commander';
import { action, type CommandContext } from '../context.ts';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('Carrel in a browser on this machine')
    .option('--port <number>', 'a port of your choice; any free one without it', '0')
    .option('--open', 'open the system browser')
    .action(action(serveUntilStopped, { ownsSignals: true }));
}

async function serveUntilStopped(
  { out, dataDir, workspace }: CommandContext,
  options: { port: string; open?: boolean },
): Promise<void> {
  const { serve } = await import('../../web/serve.ts');
  const served = await serve({
    dataDir,
    workspace,
    port: Number(options.port),
    open: options.open ?? false,
  });
  out.result({ url: served.url }, () => [served.url]);
  await served.ended;
}
