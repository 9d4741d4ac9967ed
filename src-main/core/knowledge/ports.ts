/** What knowledge needs of the library: its `knowledge/<collection>/` folders, as they are on disk. */
export interface LibraryCollections {
  list(): Promise<readonly { readonly name: string; readonly dir: string }[]>;
}

/** Encrypted files under a key derived from the data key; the truth for what was uploaded. */
export interface Attachments {
  put(id: string, bytes: Buffer): Promise<void>;
  /** Throws `vault/attachment-damaged` where it does not verify. */
  get(id: string): Promise<Buffer>;
  remove(id: string): Promise<void>;
}
