import type { Command } from 'commander';
import { resolve } from 'node:path';
import { dataPaths, workspacePaths } from '../../core/shared/paths.ts';
import { createWorkspace } from '../../core/workspace/create-workspace.ts';
import { listWorkspaces } from '../../core/workspace/list-workspaces.ts';
import { action, fromWhereThePersonStands, type CommandContext } from '../context.ts';

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
  await engine.stream('library.connect', { source }, (event) => {
    if (event.type === 'progress') out.progress(event.phase, event.done, event.total);
  });
  const { workspace } = await engine.call('app.info', {});
  const { url, version, items } = await engine.call('library.status', {});
  out.result({ workspace, library: { url, version, items } }, () => [
    `Workspace ${workspace.name} is ready: ${items} items in its library.`,
    `It lives in ${workspacePaths(data, workspace.id).root}`,
  ]);
}

/** A relative path is relative to where the person stands; anything with a scheme stays as it is. */
function remoteOf(given: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(given) && !/^[a-z]:[\\/]/i.test(given);
  const isScpLike = /^[^/\\]+@[^/\\]+:/.test(given);
  return hasScheme || isScpLike ? given : fromWhereThePersonStands(given);
}

async function list({ out, dataDir }: CommandContext): Promise<void> {
  const workspaces = await listWorkspaces(dataPaths(dataDir));
  out.result({ workspaces }, () =>
    workspaces.map((one) => `${one.id}  ${one.name}  ${one.library ?? ''}`),
  );
}

async function create({ out, dataDir }: CommandContext, name: string): Promise<void> {
  const workspace = await createWorkspace(dataPaths(resolve(dataDir)), { name });
  out.result({ workspace }, () => [
    `Made ${workspace.name}: use it with --workspace ${workspace.id}`,
  ]);
}
