import type { Command } from 'commander';
import { AppError } from '../../../src-contract/app-error.ts';
import { silentLogger } from '../../core/shared/logger.ts';
import { dataPaths, workspacePaths } from '../../core/shared/paths.ts';
import { createWorkspace } from '../../core/workspace/create-workspace.ts';
import { keyFilePath } from '../../core/vault/key-file.ts';
import { listWorkspaces } from '../../core/workspace/list-workspaces.ts';
import { removeWorkspace } from '../../core/workspace/remove-workspace.ts';
import { readWorkspace, unknownWorkspace } from '../../core/workspace/workspace-file.ts';
import { action, type CommandContext } from '../context.ts';
import { remoteOf } from '../remote-of.ts';
import { atTheDoor } from './library/at-the-door.ts';

interface InitOptions {
  readonly library?: string;
  readonly name?: string;
}

export function workspaceCommands(program: Command): void {
  program
    .command('init')
    .description('make a workspace and give it its library')
    .option('--library <url|path>', 'a Git remote; the bundled starter library without it')
    .option('--name <name>', 'name of the workspace')
    .action(action(init));
  const group = program
    .command('workspace')
    .description('isolated sets of store, keys and library');
  group.command('list').description('all workspaces').action(action(list));
  group.command('create <name>').description('make another one').action(action(create));
  group
    .command('remove <id>')
    .description('remove one with all that is in it')
    .option('--yes', 'without it nothing is removed')
    .action(action(remove));
}

async function init(context: CommandContext, options: InitOptions): Promise<void> {
  const { out } = context;
  const data = dataPaths(context.dataDir);
  await createWorkspace(data, {
    id: context.workspace,
    ...(options.name ? { name: options.name } : {}),
  });
  const engine = await context.session();
  const source = options.library
    ? { kind: 'remote' as const, url: remoteOf(options.library) }
    : { kind: 'starter' as const };
  await atTheDoor(context, () =>
    engine.stream('library.connect', { source }, (event) => {
      if (event.type === 'progress') out.progress(event.phase, event.done, event.total);
    }),
  );
  await engine.settled();
  const { workspace } = await engine.call('app.info', {});
  const { url, version, items } = await engine.call('library.status', {});
  out.result({ workspace, library: { url, version, items } }, () => [
    `Workspace ${workspace.name} is ready: ${items} items in its library.`,
    `It lives in ${workspacePaths(data, workspace.id).root}`,
  ]);
}

async function list({ out, dataDir }: CommandContext): Promise<void> {
  const workspaces = await listWorkspaces(dataPaths(dataDir));
  out.result({ workspaces }, () =>
    workspaces.map((one) => `${one.id}  ${one.name}  ${one.library ?? ''}`),
  );
}

async function create({ out, dataDir }: CommandContext, name: string): Promise<void> {
  const data = dataPaths(dataDir);
  const workspace = await createWorkspace(data, { name });
  out.result({ workspace, workspaces: await listWorkspaces(data) }, () => [
    `Made ${workspace.name}: use it with --workspace ${workspace.id}`,
  ]);
}

async function remove(
  { out, dataDir }: CommandContext,
  id: string,
  options: { yes?: boolean },
): Promise<void> {
  const data = dataPaths(dataDir);
  const found = await readWorkspace(data, id);
  if (!found) throw unknownWorkspace(id);
  if (!options.yes) throw notConfirmed(found.name, id);
  await removeWorkspace(
    { data, keyFile: (one) => keyFilePath(data.root, one), logger: silentLogger },
    id,
  );
  out.result({ removed: id, workspaces: await listWorkspaces(data) }, () => [
    `Removed ${found.name} with its conversations, keys, knowledge and library.`,
  ]);
}

function notConfirmed(name: string, id: string): AppError {
  return new AppError(
    'workspace/not-confirmed',
    `Removing ${name} removes its conversations, keys, knowledge and library for good.`,
    { remedy: `Say so: carrel workspace remove ${id} --yes`, data: { id } },
  );
}
