import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** One line that installs a browser for the tests. */
export const INSTALL_HINT =
  'sudo apt-get install -y chromium (Debian, Ubuntu), brew install --cask chromium (macOS), winget install Google.Chrome (Windows)';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of an installed Chromium, Chrome or Edge; `CARREL_BROWSER` names another. Null where there is none. */
export function findBrowser(): string | null {
  const named = process.env['CARREL_BROWSER'];
  const dirs = (process.env['PATH'] ?? '').split(delimiter);
  const all = [
    ...(named ? [named] : []),
    ...dirs.flatMap((dir) => NAMES.map((name) => join(dir, name))),
    ...PLACES,
  ];
  return all.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: look on.
    return false;
  }
}
