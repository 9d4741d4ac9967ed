import fc from 'fast-check';

/** Numbers choose among what is there, so that a script stays one when steps are left out. */
export type Choice = number;

/** What one of two persons, or the team with another git program, does. */
export type Step =
  | {
      readonly do: 'edit' | 'append' | 'binary' | 'line-ends' | 'remove' | 'discard';
      readonly who: 0 | 1;
      readonly file: Choice;
      readonly line: Choice;
    }
  | { readonly do: 'add' | 'team'; readonly who: 0 | 1; readonly place: Choice }
  | { readonly do: 'rename'; readonly who: 0 | 1; readonly file: Choice; readonly place: Choice }
  | {
      readonly do: 'publish' | 'update';
      readonly who: 0 | 1;
      readonly isAway: boolean;
      readonly file: Choice | null;
      /** A file that is edited while it works. */
      readonly meanwhile: Choice | null;
      /** The change of the disk before which the process ends. */
      readonly diesAt: number | null;
    }
  | {
      readonly do: 'resolve';
      readonly who: 0 | 1;
      readonly file: Choice;
      readonly take: 'mine' | 'theirs' | 'text';
    }
  | {
      readonly do: 'rollback';
      readonly who: 0 | 1;
      readonly version: Choice;
      readonly file: Choice | null;
    };

/** Some of these can't stand beside each other: a file becomes a folder, a folder a file. */
export const PLACES = [
  'text.md',
  'text.md/in.md',
  'notes',
  'notes/one.md',
  'notes/two.md',
  'deep/er/file.md',
  'deep/er',
  'deep',
  'data.bin',
  'crlf.md',
] as const;

export const textOf = (name: string): string =>
  Array.from({ length: 8 }, (_, n) => `${name} ${n}\n`).join('');

export const FIRST: Readonly<Record<string, string | Buffer>> = {
  'text.md': textOf('text'),
  'crlf.md': textOf('crlf').replaceAll('\n', '\r\n'),
  'bare.md': textOf('bare').trimEnd(),
  'notes/one.md': textOf('one'),
  'notes/two.md': textOf('two'),
  'deep/er/file.md': textOf('deep'),
  'data.bin': Buffer.from([0, 1, 2, 0xff, 10, 0, 10, 3]),
};

/** Changes of the disk that a job makes here, about. */
const MAX_STEPS = 120;

const who = fc.constantFrom(0 as const, 1 as const);
const choice = fc.nat({ max: 99 });

/** Editing is commoner than syncing, as in life. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'edit' as const,
          'edit' as const,
          'append' as const,
          'binary' as const,
          'line-ends' as const,
          'remove' as const,
          'discard' as const,
        ),
        who,
        file: choice,
        line: choice,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('add' as const, 'add' as const, 'team' as const),
        who,
        place: choice,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('rename' as const),
        who,
        file: choice,
        place: choice,
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom('publish' as const, 'publish' as const, 'update' as const),
        who,
        isAway: fc.constantFrom(true, false, false),
        file: fc.option(choice, { freq: 2 }),
        meanwhile: fc.option(choice, { freq: 2 }),
        diesAt: fc.oneof(
          { weight: 3, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX_STEPS }) },
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('resolve' as const),
        who,
        file: choice,
        take: fc.constantFrom('mine' as const, 'theirs' as const, 'text' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('rollback' as const),
        who,
        version: choice,
        file: fc.option(choice),
      }),
    },
  ),
  { minLength: 6, maxLength: 26, size: 'max' },
);

/** What an editor makes of a file. */
export function changed(how: Step['do'], bytes: Buffer, line: Choice, text: string): Buffer {
  const before = bytes.toString('latin1');
  switch (how) {
    case 'binary':
      return Buffer.concat([bytes, Buffer.from([0, 0xff]), Buffer.from(text)]);
    case 'append':
      return Buffer.concat([bytes, Buffer.from(text)]);
    case 'line-ends': {
      const isWindows = before.includes('\r\n');
      const after = isWindows ? before.replaceAll('\r\n', '\n') : before.replaceAll('\n', '\r\n');
      return Buffer.from(after, 'latin1');
    }
    default: {
      const parts = before.split('\n');
      parts[line % parts.length] = text.trimEnd();
      return Buffer.from(parts.join('\n'), 'latin1');
    }
  }
}
