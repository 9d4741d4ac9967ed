import { MAX_FETCH_BYTES } from '../../limits.ts';
import { gitDirOf, gitNeeded, readConfig, refuseDecidingHooks } from './local-repository.ts';
import type { ServeStep } from './local.ts';
import { Objects } from './store/objects.ts';
import { receive } from './store/receive.ts';
import { NO_OID, readRefs, type Refs } from './store/refs.ts';
import { upload } from './store/upload.ts';
import { FLUSH, packetLine, type Service, type TransportOptions } from './transport.ts';

/** What this side can do beyond the first protocol. */
const ABILITIES: Readonly<Record<Service, string>> = {
  'git-upload-pack': 'side-band-64k ofs-delta no-progress agent=carrel',
  'git-receive-pack': 'report-status side-band-64k ofs-delta agent=carrel',
};

/**
 * Serves a folder without Git: reads its refs and objects, writes objects and moves a branch under the
 * lock that git itself takes. No hook is run, and a push that isn't a fast-forward is refused.
 *
 * Errors: `library/not-a-git-remote`, `library/git-needed` (SHA-256, reftable, old packs),
 * `library/hooks-decide`, `library/bad-pack`, `library/incomplete`, `library/too-large`.
 */
export function localStore(path: string, options: TransportOptions): ServeStep {
  const maxBytes = options.maxBytes ?? MAX_FETCH_BYTES;
  let received = 0;
  return async ({ service, step }, body) => {
    options.signal.throwIfAborted();
    const gitdir = gitDirOf(path);
    const config = readConfig(gitdir);
    refuseOtherForms(config);
    if (service === 'git-receive-pack') refuseDecidingHooks(path);
    const refs = readRefs(gitdir);
    const answer = await (step === 'ask' ? advertised() : served());
    received += answer.length;
    options.onBytes(received);
    return [answer];

    async function advertised(): Promise<Buffer> {
      return advertisement(service, refs);
    }

    async function served(): Promise<Buffer> {
      const { signal } = options;
      if (service === 'git-receive-pack') {
        const isBare = config.get('core.bare') !== 'false';
        return receive(gitdir, isBare ? null : refs.head, body, signal);
      }
      const objects = new Objects(gitdir);
      try {
        return await upload(objects, refs, body, { maxBytes, signal });
      } finally {
        objects.close();
      }
    }
  };
}

function advertisement(service: Service, refs: Refs): Buffer {
  const list = [...refs.byName].map(([name, oid]) => `${oid} ${name}`);
  const isRead = service === 'git-upload-pack';
  if (isRead && refs.headOid !== null) list.unshift(`${refs.headOid} HEAD`);
  const symref = isRead && refs.head !== null ? ` symref=HEAD:${refs.head}` : '';
  if (list.length === 0) list.push(`${NO_OID} capabilities^{}`);
  const [first, ...rest] = list;
  return Buffer.concat([
    packetLine(`${first}\0${ABILITIES[service]}${symref}\n`),
    ...rest.map((line) => packetLine(`${line}\n`)),
    FLUSH,
  ]);
}

/** Errors: `library/git-needed`. */
function refuseOtherForms(config: ReadonlyMap<string, string>): void {
  if ((config.get('extensions.objectformat') ?? 'sha1') !== 'sha1') {
    throw gitNeeded('It names its objects by SHA-256.');
  }
  if ((config.get('extensions.refstorage') ?? 'files') !== 'files') {
    throw gitNeeded('It keeps its refs in a table.');
  }
  if (config.get('extensions.partialclone') !== undefined) {
    throw gitNeeded('It holds only a part of its objects.');
  }
}
