/** The directory of a CA, kept for an hour, and its URLs, which may move in the meantime. */

import type { Exchanger } from './exchange.ts';
import type { AcmeClientOptions } from './face.ts';
import { type AcmeCall, AcmeFailure } from './failure.ts';
import { parsed, urlsOf } from './parsed.ts';
import { type SeenDirectory, seenDirectory } from './schema.ts';

export type DirectoryUrl = 'newNonce' | 'newAccount' | 'newOrder' | 'revokeCert' | 'keyChange' | 'renewalInfo';

export interface KnownDirectory {
  read(signal: AbortSignal | undefined): Promise<SeenDirectory>;
  /**
   * Runs the call with the URL that the directory has for it. Where it is not found there, the directory is read again, and the call
   * runs once more if it has another URL now (Let's Encrypt moved its renewal information like that).
   * @throws {AcmeFailure} notOffered
   */
  at<T>(name: DirectoryUrl, signal: AbortSignal | undefined, call: (url: string) => Promise<T>): Promise<T>;
}

const keptMs = 3_600_000;

export function createKnownDirectory({ directoryUrl, clock }: AcmeClientOptions, exchanger: Exchanger): KnownDirectory {
  let kept: { readonly directory: SeenDirectory; readonly atMs: number } | undefined;

  async function read(signal: AbortSignal | undefined): Promise<SeenDirectory> {
    const atMs = clock.now().getTime();
    if (kept !== undefined && Math.abs(atMs - kept.atMs) < keptMs) return kept.directory;
    const reply = await exchanger.send({ call: 'directory', method: 'GET', url: directoryUrl, signal });
    const directory = absolute(parsed(exchanger, reply, seenDirectory), urlsOf(reply));
    kept = { directory, atMs };
    return directory;
  }

  async function urlOf(name: DirectoryUrl, call: AcmeCall, signal: AbortSignal | undefined): Promise<string> {
    const url = (await read(signal))[name];
    if (url === null) throw exchanger.notOffered(call);
    return url;
  }

  return {
    read,
    async at(name, signal, call) {
      const url = await urlOf(name, name, signal);
      try {
        return await call(url);
      } catch (thrown) {
        const isGone =
          thrown instanceof AcmeFailure && thrown.failed.status === 404 && thrown.failed.url.startsWith(url);
        if (!isGone) throw thrown;
        kept = undefined;
        const moved = await urlOf(name, name, signal);
        if (moved === url) throw thrown;
        return call(moved);
      }
    },
  };
}

function absolute(directory: SeenDirectory, at: (url: string) => string): SeenDirectory {
  const { newNonce, newAccount, newOrder, revokeCert, keyChange, renewalInfo } = directory;
  const atOrNull = (url: string | null) => (url === null ? null : at(url));
  return {
    ...directory,
    newNonce: at(newNonce),
    newAccount: at(newAccount),
    newOrder: at(newOrder),
    revokeCert: atOrNull(revokeCert),
    keyChange: atOrNull(keyChange),
    renewalInfo: atOrNull(renewalInfo),
  };
}
