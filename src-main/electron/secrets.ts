import { safeStorage } from 'electron';
import { AppError } from '../../src-contract/app-error.ts';
import type { HostSecrets } from '../shell/host-port.ts';

/** The system's keychain through Electron's asynchronous safeStorage; the synchronous one ends with Electron 46. */
export const keychain: HostSecrets = {
  backend: async () => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) throw noKeychain();
    switch (process.platform) {
      case 'darwin':
        return 'keychain';
      case 'win32':
        return 'dpapi';
      default:
        return safeStorage.getSelectedStorageBackend();
    }
  },
  wrap: async (plain) => (await safeStorage.encryptStringAsync(plain)).toString('base64'),
  unwrap: async (wrapped) => {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(
      Buffer.from(wrapped, 'base64'),
    );
    return {
      plain: result,
      rewrap: shouldReEncrypt ? await keychain.wrap(result) : null,
    };
  },
};

function noKeychain(): AppError {
  return new AppError(
    'vault/keychain-unavailable',
    'The keychain of this system does not answer.',
    {
      remedy: 'Unlock it (log in to the desktop session) and start Carrel again.',
    },
  );
}
