/** How a remote with this address is entered: by SSH keys, by a password or token, or without either (a path, a file). */
export function kindOfUrl(url: string): 'ssh' | 'password' | 'none' {
  if (/^https?:\/\//iu.test(url)) return 'password';
  if (/^(?:git\+)?ssh:\/\//iu.test(url)) return 'ssh';
  // The short form `user@host:path`; a drive letter is one letter before the colon.
  return /^(?:[^\s/@]+@)?[^\s/:@]{2,}:(?!\/\/)/u.test(url) ? 'ssh' : 'none';
}

/** The host of an address, for words; the whole address where it has none. */
export function hostOf(url: string): string {
  if (URL.canParse(url) && new URL(url).host !== '') return new URL(url).host;
  return /^(?:[^\s/@]+@)?([^\s/:@]{2,}):/u.exec(url)?.[1] ?? url;
}
