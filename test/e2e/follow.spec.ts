import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/browser-app.ts';
import { gate } from '../helpers/sse-server.ts';
import { addCollection, addProvider, answers, ask, button } from './desk.ts';

/** Sections that all fit a question, each long enough to be a passage of its own. */
const long = Array.from(
  { length: 8 },
  (_, n) => `## Lamp ${n}\n\n${`The lamp of pier ${n} burns whale oil at night. `.repeat(30)}\n`,
).join('\n');

interface Place {
  readonly top: number;
  /** Pixels below what is in sight. */
  readonly left: number;
}

function place(page: Page): Promise<Place> {
  return page.getByRole('region', { name: 'Conversation' }).evaluate((element) => ({
    top: element.scrollTop,
    left: element.scrollHeight - element.clientHeight - element.scrollTop,
  }));
}

test('an answer that comes at once is shown from its question on', async ({ app, desk }) => {
  await addCollection(app, 'piers', { 'lamps.md': long });
  await desk.setViewportSize({ width: 1280, height: 600 });
  for (const question of ['Which lamp burns whale oil?', 'And what burns at night?']) {
    await ask(desk, question);
    await expect(button(answers(desk).last(), 'Regenerate')).toBeAttached();
    // The view is placed a moment after the answer is drawn.
    await expect.poll(async () => (await place(desk)).left).toBeGreaterThan(0);
    await expect(desk.getByText(question, { exact: true }).last()).toBeInViewport();
    await expect(answers(desk).last().getByRole('paragraph').first()).toBeInViewport();
  }
});

test('text that streams in is followed at the end, and leaves a reader alone who went up', async ({
  app,
  desk,
  provider,
}) => {
  const turns = Array.from({ length: 60 }, () => gate());
  const server = await provider({
    script: () => async (exchange) => {
      for (const [n, turn] of turns.entries()) {
        await turn.passed;
        await exchange.delta(`Line ${n} of the log.\n\n`);
      }
      await exchange.finish();
    },
  });
  await addProvider(app, server);
  await desk.setViewportSize({ width: 1280, height: 600 });
  await ask(desk, 'Read the log');
  const say = async (from: number, to: number): Promise<void> => {
    for (const [n, turn] of turns.entries()) {
      if (n < from || n >= to) continue;
      turn.open();
      // One line at a time, as a reader would get them.
      await expect(answers(desk)).toContainText(`Line ${n} of`);
    }
  };
  await say(0, 40);
  await expect.poll(async () => (await place(desk)).left).toBeLessThan(2);
  expect((await place(desk)).top).toBeGreaterThan(300);

  await answers(desk).hover();
  await desk.mouse.wheel(0, -30);
  await expect.poll(async () => (await place(desk)).left).toBeGreaterThan(10);
  const { top } = await place(desk);
  await say(40, 50);
  expect((await place(desk)).top).toBe(top);

  await button(desk, 'New text below').click();
  await expect.poll(async () => (await place(desk)).left).toBeLessThan(2);
  await say(50, 60);
  await expect(button(desk, 'Regenerate')).toBeInViewport();
});
