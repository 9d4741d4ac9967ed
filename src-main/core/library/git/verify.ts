import type { ObjectStore, Oid } from './object-store.ts';

export interface NewVersion {
  readonly store: ObjectStore;
  /** Last accepted version; null for the first. */
  readonly trusted: Oid | null;
  readonly tip: Oid;
  /** From the tip down to, without, the trusted version. All of it is complete. */
  readonly commits: readonly Oid[];
}

/** What may become trusted: a commit of the new part, or the version before where none is acceptable. */
export interface Verdict {
  readonly trust: 'unverified';
  readonly accepted: Oid;
  /** Versions that are not accepted, the newest first, each with its reason in words. */
  readonly quarantined: readonly { readonly version: Oid; readonly reason: string }[];
}

/**
 * The step between "it is all here" and "it is trusted". Signatures and roles are checked in here:
 * of what comes from the team, and of what was made here before it is sent.
 */
export type TrustPolicy = (version: NewVersion) => Promise<Verdict>;

/** For libraries without a policy of their own: everything is taken, and marked as unverified. */
export const acceptAll: TrustPolicy = async ({ tip }) => ({
  trust: 'unverified',
  accepted: tip,
  quarantined: [],
});
