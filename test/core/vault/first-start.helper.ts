/** Opens a new workspace; the test ends it somewhere in between. */
import { systemClock } from '../../../src-main/core/shared/clock.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { dataPaths, workspacePaths } from '../../../src-main/core/shared/paths.ts';
import { keyFilePath } from '../../../src-main/core/vault/key-file.ts';
import { openVault } from '../../../src-main/core/vault/open-vault.ts';
import { migrations } from '../../../src-main/db/migrations/index.ts';

const [root = '', id = ''] = process.argv.slice(2);
process.send?.('ready');
process.once('message', () => {
  void openVault({
    workspaceId: id,
    paths: workspacePaths(dataPaths(root), id),
    keyFile: keyFilePath(root, id),
    secrets: null,
    migrations,
    clock: systemClock,
    logger: silentLogger,
  }).then((vault) => {
    vault.db.prepare(`INSERT INTO kv VALUES ('test', ?)`).run(Buffer.from('written'));
    process.send?.('written');
  });
});
