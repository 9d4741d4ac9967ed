/** The web shell's program over a stand-in engine and a renderer folder named in the environment. */
import { join } from 'node:path';
import { runServe } from '../../src-main/web/serve-program.ts';

void runServe(process.argv.slice(2), {
  renderer: String(process.env['TEST_RENDERER']),
  engineEntry: join(import.meta.dirname, '..', 'shell', 'stand-in-engine.helper.ts'),
});
