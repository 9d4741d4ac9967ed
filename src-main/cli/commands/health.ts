import type { Command } from 'commander';
import { action, type CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

export function healthCommands(program: Command): void {
  program.command('health').description('is everything well').action(action(health));
  program
    .command('logs')
    .description('newest lines last')
    .option('--level <level>', 'debug, info, warn or error', 'info')
    .option('--limit <count>', 'how many lines', '200')
    .action(action(logs));
  program
    .command('vault')
    .command('status')
    .description('how the store is encrypted, what unlocks it')
    .action(action(vault));
  program.command('version').description('versions').action(action(version));
}

async function health({ session, out }: CommandContext): Promise<number> {
  const engine = await session();
  const { state, checks } = await engine.call('health.report', {});
  const told = checks.map(({ id, state: one, value, unit, message, remedy }) => ({
    id,
    state: one,
    value,
    unit,
    message,
    remedy,
  }));
  out.result({ state, checks: told }, () => [
    out.strong(state),
    ...checks.map((one) => `${one.state.padEnd(5)} ${one.title}: ${one.message}`),
    ...checks.flatMap((one) =>
      one.state !== 'ok' && one.remedy ? [`      ${one.title}: ${one.remedy}`] : [],
    ),
  ]);
  return state === 'fail' ? EXIT.failed : EXIT.ok;
}

async function logs(
  { session, out }: CommandContext,
  options: { level: Level; limit: string },
): Promise<void> {
  const engine = await session();
  const { lines } = await engine.call('health.logs', {
    level: options.level,
    limit: Number(options.limit),
  });
  out.result({ lines }, () =>
    lines.map(
      (one) => `${new Date(one.at).toISOString()} ${one.level} ${one.scope} ${one.message}`,
    ),
  );
}

async function vault({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const status = await engine.call('vault.status', {});
  out.result({ ...status }, () => [
    `${status.state}, ${status.cipher}, slots: ${status.slots.map((slot) => slot.kind).join(', ')}`,
  ]);
}

async function version({ session, out }: CommandContext): Promise<void> {
  const engine = await session();
  const info = await engine.call('app.info', {});
  const { node, electron, store } = info;
  out.result({ version: info.version, node, electron, store }, () => [
    `Carrel ${info.version}, Node ${node}, store schema ${store.schema} (${store.cipher})`,
  ]);
}
