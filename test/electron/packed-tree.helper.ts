import { cpSync, globSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { createPackageWithOptions, extractAll, getRawHeader } from '@electron/asar';
import { parseAst } from 'vite';
import { parse } from 'yaml';
import { root } from '../helpers/imports.helper.ts';

/** What of electron-builder.yml decides what is packed. */
export interface BuilderConfig {
  readonly files: readonly string[];
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly npmRebuild: boolean;
  readonly electronFuses: Readonly<Record<string, boolean>>;
}

interface Manifest {
  readonly main: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function builderConfig(): BuilderConfig {
  return parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as BuilderConfig;
}

export function manifest(dir = root): Manifest {
  return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;
}

/** Packages of `dependencies` and all that they depend on, by name. */
export function productionPackages(): string[] {
  const found = new Set<string>();
  const take = (names: readonly string[]): void => {
    for (const name of names) {
      if (found.has(name)) continue;
      found.add(name);
      take(Object.keys(manifest(join(root, 'node_modules', name)).dependencies ?? {}));
    }
  };
  take(Object.keys(manifest().dependencies ?? {}));
  return [...found].toSorted();
}

/** Files that the builder packs: `files` in their order, later patterns win; of node_modules production only. */
export function packedFiles({ files }: BuilderConfig): string[] {
  const own = globSync(
    files.filter((pattern) => !pattern.startsWith('!')),
    { cwd: root },
  );
  const modules = productionPackages().flatMap((name) =>
    globSync(`node_modules/${name}/**`, { cwd: root }),
  );
  const unwanted = files.filter((pattern) => pattern.startsWith('!')).map((one) => one.slice(1));
  return [...own, ...modules]
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(root, file)).isFile())
    .filter((file) => !unwanted.some((pattern) => matchesGlob(file, pattern)))
    .toSorted();
}

/** Packs the tree as the builder does, and takes it apart again at `dir`/app. Gives the names of unpacked files. */
export async function packAndExtract(config: BuilderConfig, dir: string): Promise<string[]> {
  const stage = join(dir, 'stage');
  for (const file of packedFiles(config)) {
    mkdirSync(dirname(join(stage, file)), { recursive: true });
    cpSync(join(root, file), join(stage, file));
  }
  const archive = join(dir, 'app.asar');
  await createPackageWithOptions(stage, archive, { unpack: `{${config.asarUnpack.join(',')},}` });
  extractAll(archive, join(dir, 'app'));
  return unpackedIn(getRawHeader(archive).header, '');
}

interface HeaderEntry {
  readonly files?: Readonly<Record<string, HeaderEntry>>;
  readonly unpacked?: boolean;
}

function unpackedIn(entry: object, path: string): string[] {
  const { files, unpacked } = entry as HeaderEntry;
  if (!files) return unpacked ? [path] : [];
  return Object.entries(files).flatMap(([name, inner]) =>
    unpackedIn(inner, path === '' ? name : `${path}/${name}`),
  );
}

/** Every module that a bundle asks for, statically or not; `null` for one that is not a literal. */
export function modulesOf(file: string): (string | null)[] {
  const found: (string | null)[] = [];
  visit(parseAst(readFileSync(file, 'utf8'), { lang: 'js' }), (node) => {
    switch (node['type']) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ImportExpression':
        if (node['source']) found.push(literal(node['source']));
        return;
      case 'CallExpression': {
        const callee = node['callee'] as Node;
        const args = node['arguments'] as readonly unknown[];
        if (callee.type === 'Identifier' && callee['name'] === 'require') {
          found.push(literal(args[0]));
        }
        return;
      }
    }
  });
  return found;
}

/** Whether a bundle awaits outside of any function: a CommonJS bundle can't, an ES module would be late for `ready`. */
export function hasTopLevelAwait(file: string): boolean {
  let found = false;
  visit(
    parseAst(readFileSync(file, 'utf8'), { lang: 'js' }),
    (node) => {
      if (node['type'] === 'AwaitExpression') found = true;
    },
    (node) => !/Function/.test(node.type),
  );
  return found;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function visit(
  value: unknown,
  onNode: (node: Node) => void,
  enters: (node: Node) => boolean = () => true,
): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, onNode, enters);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string') {
    const node = value as Node;
    onNode(node);
    if (!enters(node)) return;
  }
  for (const inner of Object.values(value)) visit(inner, onNode, enters);
}

/** A string, or a template without anything put in (minifiers write strings so). */
function literal(node: unknown): string | null {
  const { value, quasis } = (node ?? {}) as {
    value?: unknown;
    quasis?: { value: { cooked: string } }[];
  };
  if (typeof value === 'string') return value;
  return quasis?.length === 1 ? (quasis[0]?.value.cooked ?? null) : null;
}
