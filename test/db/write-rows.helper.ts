/** Writes rows for ever, says each number after its commit; at a failure says the last one and the code. */
import { toStoreError } from '../../src-main/db/store-error.ts';
import { openEncrypted } from '../../src-main/db/open.ts';

const [file = '', hex = ''] = process.argv.slice(2);
const db = openEncrypted(file, Buffer.from(hex, 'hex'));
db.exec('CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY, text TEXT NOT NULL)');
const insert = db.prepare('INSERT INTO rows (text) VALUES (?)');
let last = 0;

function step(): void {
  try {
    last = Number(insert.run('x'.repeat(2_000)).lastInsertRowid);
    process.send?.(last);
    setImmediate(step);
  } catch (error) {
    const code = toStoreError(error)?.code ?? String(error);
    process.stdout.write(`${JSON.stringify({ last, code })}\n`);
  }
}
step();
process.on('disconnect', () => process.exit(0));
