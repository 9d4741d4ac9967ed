import { expect, test } from 'vitest';
import type { Variable } from '../../src-contract/library.ts';
import { fillPrompt, firstValues, valueProblem } from '../../src-renderer/prompts/fill-prompt.ts';

const variable = (over: Partial<Variable>): Variable => ({
  name: 'x',
  type: 'text',
  label: 'X',
  required: false,
  default: null,
  choices: [],
  ...over,
});

test('places get their values; what is not declared stays as it is written', () => {
  const variables = [
    variable({ name: 'words', type: 'number', default: 150 }),
    variable({ name: 'text', type: 'long-text' }),
    variable({ name: 'strict', type: 'boolean', default: true }),
  ];
  expect(firstValues(variables)).toEqual({ words: '150', text: '', strict: true });
  expect(
    fillPrompt('At most {{ words }} words, {{strict}}: {{text}} {{text}} {{other}}\n', variables, {
      words: '20',
      text: '$& {{words}}',
      strict: false,
    }),
  ).toBe('At most 20 words, no: $& {{words}} $& {{words}} {{other}}');
});

test('a value is needed where it is required, and a number is a number', () => {
  expect(valueProblem(variable({ required: true }), '  ')).not.toBeNull();
  expect(valueProblem(variable({}), '')).toBeNull();
  expect(valueProblem(variable({ type: 'number' }), 'ten')).not.toBeNull();
  expect(valueProblem(variable({ type: 'number' }), '1.5')).toBeNull();
  expect(valueProblem(variable({ type: 'boolean', required: true }), false)).toBeNull();
});
