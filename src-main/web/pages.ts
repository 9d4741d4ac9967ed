/** Loaded by the entry page without a cookie. */
export const ENTER_SCRIPT_PATH = '/enter.js';

/**
 * A link on another site opens our page without the SameSite=Strict cookie: one try from our own
 * page brings it along. The mark ends a loop where there is no cookie at all.
 */
export const ENTER_SCRIPT = `const mark = 'carrel-entered';
if (!sessionStorage.getItem(mark)) {
  sessionStorage.setItem(mark, '1');
  location.replace('/');
}
`;

/** A small plain page, readable without the app. All text is ours or escaped. */
export function plainPage(
  title: string,
  text: string,
  options: { readonly nonce: string; readonly tryAgain: boolean },
): string {
  const script = options.tryAgain ? `<script src="${ENTER_SCRIPT_PATH}"></script>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style nonce="${options.nonce}">
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; }
</style>
${script}
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
