/**
 * What the vault needs of the host: the keychain of the system. Strings are base64. The shell's
 * host port has exactly this shape.
 */
export interface KeychainSecrets {
  /** Name of what keeps the secret (`keychain`, `dpapi`, `gnome_libsecret` …); `basic_text` is no protection. */
  backend(): Promise<string>;
  wrap(plain: string): Promise<string>;
  /** `rewrap` is a new wrapping where the host asks for one (its own key was rotated). */
  unwrap(wrapped: string): Promise<{ readonly plain: string; readonly rewrap: string | null }>;
}
