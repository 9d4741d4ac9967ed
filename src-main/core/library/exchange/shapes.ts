import type { ExchangeFormat } from '../item-jobs.ts';

/** How another program keeps an agent or a prompt. */
export interface Shape {
  readonly program: string;
  readonly kind: 'agent' | 'prompt';
  /** Folder below the target, and the end of the files' names. */
  readonly folder: string;
  readonly extension: string;
  /** `any`: a title. `slug`: lower-case letters, digits, hyphens. `file`: the file's name is the name. */
  readonly name: 'any' | 'slug' | 'file';
  /** How tools are listed; `none` where the program knows no such key. */
  readonly tools: 'list' | 'commas' | 'none';
  /** How the variables of a prompt are asked for. */
  readonly variables: 'inputs' | 'hint' | 'none';
  /** The program needs a description. */
  readonly describes: boolean;
  /** Runs `!` and a command in backticks in the text of a prompt by itself. */
  readonly runsText: boolean;
}

const shape = (
  program: string,
  kind: Shape['kind'],
  folder: string,
  extension: string,
  how: Partial<Shape> = {},
): Shape => ({
  program,
  kind,
  folder,
  extension,
  name: 'file',
  tools: 'none',
  variables: 'none',
  describes: false,
  runsText: false,
  ...how,
});

/** Where the texts of a library go. The `agents` format keeps Carrel's own files. */
export function shapesOf(to: Exclude<ExchangeFormat, 'agents'>): readonly Shape[] {
  switch (to) {
    case 'claude':
      return [
        shape('Claude Code', 'agent', '.claude/agents', '.md', {
          name: 'slug',
          tools: 'commas',
          describes: true,
        }),
        shape('Claude Code', 'prompt', '.claude/commands', '.md', {
          variables: 'hint',
          runsText: true,
        }),
      ];
    case 'vscode':
      return [
        shape('VS Code', 'agent', '.github/agents', '.agent.md', { name: 'any', tools: 'list' }),
        shape('VS Code', 'prompt', '.github/prompts', '.prompt.md', {
          tools: 'list',
          variables: 'inputs',
        }),
      ];
    case 'cursor':
      return [
        shape('Cursor', 'agent', '.cursor/rules', '.mdc', { describes: true }),
        shape('Cursor', 'prompt', '.cursor/commands', '.md'),
      ];
  }
}

/** Keys that only Carrel knows, by kind. */
export const CARREL_KEYS = {
  agent: ['route', 'knowledge', 'starters'],
  prompt: ['variables'],
} as const;

/** Where Carrel's own keys wait in another program's file for the way back. */
export const CARREL = 'carrel';
/** Below `carrel`: `${input:…}` in the text is the text's own, and no variable. */
export const VERBATIM = 'verbatim';
/** Where a key that could run something, or widen rights, is kept without effect. */
export const DISABLED = 'carrel-disabled';
/** Keys of other programs that start something or give rights. */
export const RUNNING: readonly string[] = [
  'allowed-tools',
  'allowedTools',
  'hooks',
  'mcp-servers',
  'mcpServers',
  'permissionMode',
];

/** Folder and extension of the library for a kind. */
export const HOME = {
  agent: { folder: 'agents', extension: '.agent.md' },
  prompt: { folder: 'prompts', extension: '.prompt.md' },
} as const;
