import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { play, scenes, themes } from './states.ts';

/** WCAG 2.2 AA: what a level adds to the ones before it has a tag of its own. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The smallest window that is promised: nothing may need a horizontal scroll bar there. */
const SMALL = { width: 900, height: 600 };
const USUAL = { width: 1280, height: 800 };

for (const scene of scenes) {
  test(`${scene.name}: no state has a violation of WCAG 2.2 AA or a cut window`, async ({
    page,
  }) => {
    test.setTimeout(600_000);
    const found: string[] = [];
    await play(scene, page, async ({ name }) => {
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme });
        for (const violation of await violations(page))
          found.push(`${name}, ${theme}: ${violation}`);
      }
      await page.setViewportSize(SMALL);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > SMALL.width) found.push(`${name}: ${wide} wide in a window of ${SMALL.width}`);
      await page.setViewportSize(USUAL);
    });
    expect(found).toEqual([]);
  });
}

async function violations(page: Page): Promise<string[]> {
  const results = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}
