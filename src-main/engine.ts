/** The engine process: started by a shell, ends with it. */
import { prepareEntry } from './shell/entry.ts';

const argv = process.argv.slice(2);
prepareEntry(argv);
// Imported after the compile cache is on, so that it covers everything that follows.
void import('./shell/engine-process.ts').then(({ runEngineProcess }) => runEngineProcess(argv));
