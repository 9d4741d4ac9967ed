import { expect, test } from '../helpers/browser-app.ts';
import { addCollection, addProvider, answers, ask, button, go } from './desk.ts';

/** An address that must never be asked; `quiet` fails on any request that leaves the origin. */
const OUT = 'http://outside.invalid';

const attack = `Before.

<script>window.hacked = 'script'</script>
<img src="${OUT}/img" onerror="window.hacked = 'onerror'">
<svg onload="window.hacked = 'svg'"><style>@import url(${OUT}/css);</style></svg>
<iframe src="${OUT}/frame"></iframe>

![plain](${OUT}/plain.png) ![by reference][pixel] ![data](data:image/svg+xml,<svg/onload=alert(1)>)

[press me](javascript:window.hacked='link') [file](file:///etc/passwd) [data](data:text/html,x)
[protocol](//outside.invalid/rel) [fine](https://outside.invalid/page)

<${OUT}/auto> [x]: <javascript:1>

[pixel]: ${OUT}/reference.png "title"
[1]: ${OUT}/not-a-citation

\`\`\`html
<script>window.hacked = 'fence'</script>
\`\`\`

| a |
|---|
| <img src=${OUT}/cell onerror=window.hacked=1> |

After.`;

test('hostile Markdown of a provider asks nothing, runs nothing, and is shown as its text', async ({
  app,
  desk,
  provider,
}) => {
  await addProvider(app, await provider({ answer: attack, deltaChars: 3 }));
  await ask(desk, 'Attack me <img src=http://outside.invalid/title onerror=window.hacked=2>');
  const answer = answers(desk);
  await expect(answer).toContainText('After.');
  await expect(answer).toContainText("<script>window.hacked = 'script'</script>");
  // Images are named; an address that could run something is no image at all.
  await expect(answer.getByText(/^Image: /)).toHaveText([
    'Image: plain (outside.invalid)',
    'Image: by reference (outside.invalid)',
  ]);
  await expect(answer).toContainText('![data](data:image/svg+xml');
  for (const name of ['press me', 'file', 'data', 'protocol']) {
    await expect(answer.getByRole('link', { name, exact: true })).toHaveCount(0);
  }
  // No element of the answer's making but what Markdown may become.
  const tags = await answer.evaluate((it) =>
    [...it.querySelectorAll('script, img, iframe, style, object, embed, link, form, input')].map(
      ({ tagName }) => tagName,
    ),
  );
  expect(tags).toEqual([]);

  await answer.getByText('press me').click();
  await answer.getByRole('link', { name: 'fine' }).click();
  const asks = desk.getByRole('dialog', { name: 'Open outside.invalid?' });
  await expect(asks).toContainText('https://outside.invalid/page');
  await expect(button(asks, 'Stay here')).toBeFocused();
  await button(asks, 'Stay here').click();
  await answer.getByRole('link', { name: 'fine' }).click({ button: 'middle' });

  await desk.reload();
  await expect(answers(desk)).toContainText('After.');
  expect(await desk.evaluate(() => 'hacked' in window)).toBe(false);
  expect(desk.context().pages()).toHaveLength(1);
});

test('a hostile document is shown as its text in search, preview and citations', async ({
  app,
  desk,
}) => {
  const line = `Kraken <img src=${OUT}/doc onerror=window.hacked=3> ![p](${OUT}/p.png) \u202Eevil`;
  await addCollection(app, 'deep', { 'kraken.md': `# Kraken\n\n${line}\n` });
  await go(desk, 'Knowledge');
  await desk.getByRole('searchbox', { name: 'Search knowledge' }).fill('kraken');
  const preview = desk.getByRole('region', { name: 'Preview' });
  await expect(preview).toContainText(`<img src=${OUT}/doc onerror=window.hacked=3>`);
  // A character that turns the text around is named, not obeyed.
  await expect(preview).toContainText('U+202E');
  await go(desk, 'Chat');
  await ask(desk, 'What is the kraken?');
  await answers(desk).getByRole('button', { name: 'Source 1: kraken.md' }).first().click();
  await expect(desk.getByRole('dialog', { name: 'Source 1: kraken.md' })).toContainText('U+202E');
  expect(await desk.evaluate(() => 'hacked' in window)).toBe(false);
});
