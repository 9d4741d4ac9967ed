import { isAlias, isMap, isScalar, parseDocument, stringify } from 'yaml';
import { MAX_YAML_CHARS } from '../limits.ts';
import { frontMatterRange, parseFields, splitFrontMatter } from './front-matter.ts';

/**
 * Sets one text field of an item's front matter and leaves every other character as it is: comments,
 * unknown keys, their order, line ends. Null where that can't be done safely: no front matter, YAML
 * that is broken or too long, a field that is no text.
 */
export function setField(text: string, key: string, value: string): string | null {
  const range = frontMatterRange(text);
  if (!range || range.end - range.start > MAX_YAML_CHARS) return null;
  const yaml = text.slice(range.start, range.end);
  const changed = changedYaml(yaml, key, value);
  if (changed === null) return null;
  const edited = text.slice(0, range.start) + changed + text.slice(range.end);
  return isOnlyThat(text, edited, key, value) ? edited : null;
}

function changedYaml(yaml: string, key: string, value: string): string | null {
  const { problems } = parseFields(yaml);
  if (problems.length > 0) return null;
  const { contents } = parseDocument(yaml, {
    schema: 'core',
    stringKeys: true,
    logLevel: 'silent',
  });
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  const eol = yaml.includes('\r\n') ? '\r\n' : '\n';
  const pair = isMap(contents)
    ? contents.items.find((each) => isScalar(each.key) && each.key.value === key)
    : undefined;
  if (!pair) return `${key}: ${plain}${eol}${yaml}`;
  const node = pair.value;
  if (!(isScalar(node) || isAlias(node)) || !node.range) return null;
  const [start, end] = node.range;
  if (start === end) {
    // No value: the place of one may be behind a comment.
    const keyEnd = isScalar(pair.key) && pair.key.range ? pair.key.range[1] : start;
    const colon = yaml.indexOf(':', keyEnd) + 1;
    return `${yaml.slice(0, colon)} ${plain}${yaml.slice(colon)}`;
  }
  // A block of lines has its last line end inside.
  const after = yaml.slice(start, end).endsWith('\n') ? eol : '';
  return yaml.slice(0, start) + plain + after + yaml.slice(end);
}

/** Reads both again: a splice that changed more than this one field is not used. */
function isOnlyThat(before: string, after: string, key: string, value: string): boolean {
  const [old, now] = [splitFrontMatter(before), splitFrontMatter(after)];
  if (now.problems.length > 0 || now.body !== old.body) return false;
  const { [key]: _old, ...others } = old.fields;
  const { [key]: set, ...rest } = now.fields;
  return set === value && JSON.stringify(others) === JSON.stringify(rest);
}
