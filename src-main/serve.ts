/** The web shell as a program: prints its link (or one JSON document) and serves until it is stopped. */
import { prepareEntry } from './shell/entry.ts';

const argv = process.argv.slice(2);
prepareEntry(argv);
// Imported after the compile cache is on, so that it covers everything that follows.
void import('./web/serve-program.ts').then(({ runServe }) => runServe(argv));
