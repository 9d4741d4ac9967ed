/** The command line: `carrel …`. */
import { prepareEntry } from './shell/entry.ts';

const argv = process.argv.slice(2);
prepareEntry(argv);
// Imported after the compile cache is on, so that it covers everything that follows.
void import('./cli/run.ts').then(({ runCli }) => runCli(argv));
