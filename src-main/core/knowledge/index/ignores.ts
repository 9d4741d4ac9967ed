/** Made by tools from what is indexed anyway, or not for people: left out whatever a .gitignore says. */
const FOLDERS = new Set(
  `node_modules bower_components jspm_packages .git .hg .svn .bzr .jj __pycache__ .venv .tox .nox
  .mypy_cache .pytest_cache .ruff_cache .ipynb_checkpoints .gradle .next .nuxt .svelte-kit .turbo
  .parcel-cache .cache .terraform .idea .vs .dart_tool .eggs .Trash $RECYCLE.BIN`.split(/\s+/),
);
const FILES = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', 'Icon\r']);

export function isIgnored(name: string): boolean {
  return FOLDERS.has(name) || FILES.has(name);
}
