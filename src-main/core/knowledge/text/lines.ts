/** Lines of a text as an editor counts them. A text that ends with a line break has no empty last line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** Width of the white space a line begins with, in characters. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
