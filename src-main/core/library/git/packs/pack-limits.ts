import { MAX_INFLATED_BYTES, MAX_OBJECT_BYTES, MAX_PACK_OBJECTS } from '../../limits.ts';

/** What a pack from a remote may cost. */
export interface PackLimits {
  readonly objects: number;
  /** One object, bytes when inflated. */
  readonly objectBytes: number;
  /** All objects, bytes when inflated. Also bounds what resolving deltas may cost again. */
  readonly inflatedBytes: number;
  /** A delta, its base and its result, bytes: up to three of them are in memory at the same time. */
  readonly deltaBytes: number;
  /** Deltas on deltas. */
  readonly depth: number;
}

export const PACK_LIMITS: PackLimits = {
  objects: MAX_PACK_OBJECTS,
  objectBytes: MAX_OBJECT_BYTES,
  inflatedBytes: MAX_INFLATED_BYTES,
  // More than the largest file of a library has. Three of these, and 64 MB that await the collector, stay below 100 MB.
  deltaBytes: 12 * 1024 * 1024,
  // The most that git's own packer can be told; its default is 50.
  depth: 4_095,
};
