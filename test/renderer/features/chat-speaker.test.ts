import { describe, expect, it } from 'vitest';
import { Speaker } from '../../../src-renderer/features/chat/speaker.ts';

function speaker() {
  const said: string[] = [];
  const clock = { ms: 0 };
  return {
    said,
    clock,
    speaker: new Speaker(
      (words) => said.push(words),
      () => clock.ms,
    ),
  };
}

describe('Speaker', () => {
  it('says whole sentences only', () => {
    const { said, speaker: it } = speaker();
    it.feed('Not qui');
    it.feed('te');
    expect(said).toEqual([]);
    it.feed('. The runbook');
    expect(said).toEqual(['Not quite.']);
  });

  it('says what came within two seconds together', () => {
    const { said, clock, speaker: it } = speaker();
    it.feed('One. ');
    it.feed('Two. ');
    it.feed('Three. Fo');
    expect(said).toEqual(['One.']);
    clock.ms = 1_999;
    it.feed('ur. ');
    expect(said).toHaveLength(1);
    clock.ms = 2_000;
    it.feed('Five');
    expect(said).toEqual(['One.', 'Two. Three. Four.']);
  });

  it('says the rest and the end', () => {
    const { said, speaker: it } = speaker();
    it.feed('Done. And so');
    it.finish('Answer finished');
    expect(said).toEqual(['Done.', 'And so Answer finished']);
  });

  it('leaves out the marks of Markdown', () => {
    const { said, speaker: it } = speaker();
    it.feed('# A **bold** [word](https://example.org) in `code`. ');
    expect(said).toEqual(['A bold word in code.']);
  });

  it('does not wait for a sentence in a text that has none', () => {
    const { said, speaker: it } = speaker();
    it.feed('word '.repeat(100));
    expect(said).toHaveLength(1);
    expect(said[0]?.length).toBeLessThanOrEqual(400);
  });
});
