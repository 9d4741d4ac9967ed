import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, sourceFiles } from '../helpers/imports.helper.ts';

const sources = ['src-main', 'src-preload', 'src-renderer', 'src-contract'].flatMap(sourceFiles);

/** Files whose code (comments left out) has a match. */
function users(pattern: RegExp): string[] {
  return sources.filter((file) => {
    const code = readFileSync(join(root, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/(^|[^:])\/\/.*$/gm, '$1');
    return pattern.test(code);
  });
}

describe('who may use what of Electron', () => {
  test.each([
    ['messages of windows', /\bipcMain\b/, ['src-main/electron/ipc.ts']],
    ['messages to the main process', /\bipcRenderer\b/, ['src-preload/preload.ts']],
    ['the keychain', /\bsafeStorage\b/, ['src-main/electron/secrets.ts']],
    ['the program that opens links', /\bopenExternal\b/, ['src-main/electron/navigation.ts']],
    ['windows', /\bnew BrowserWindow\b/, ['src-main/electron/windows.ts']],
    ['the scheme of the app', /\bprotocol\.handle\b/, ['src-main/electron/app-protocol.ts']],
  ])('%s: one file', (_, pattern, files) => {
    expect(users(pattern)).toEqual(files);
  });

  test.each([
    ['synchronous keychain', /\b(isEncryptionAvailable|encryptString|decryptString)\(/],
    ['node in a page', /nodeIntegration(InWorker|InSubFrames)?: true/],
    ['webviews', /webviewTag: true/],
    ['a window without its guards', /(sandbox|contextIsolation|webSecurity): false/],
    ['synchronous messages', /\b(sendSync|sendToHost|invoke)\(\s*['"]/],
    ['the remote module', /@electron\/remote|enableRemoteModule/],
    ['code made of text', /[=(,;]\s*eval\(|new Function\(/],
  ])('nobody: %s', (_, pattern) => {
    expect(users(pattern)).toEqual([]);
  });
});
