/** Another key for our account at a CA (RFC 8555 §7.3.5). Both are stored before the CA hears of it: it knows one of them, and is asked which. */
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import { AcmeFailure, acmeErrorName } from '../../dialects/acme/client/failure.ts';
import { CertError, reason } from '../../domain/errors.ts';
import type { JwsKey } from '../../pki/jws-writer.ts';
import type { AccountRow, Registered } from './account-row.ts';
import { type ProblemKind, verdictOn } from './problem-kinds.ts';

export interface KeyChange {
  /** @throws {AcmeFailure} where the CA refuses the new key, after it is dropped */
  end(row: Registered, nextSealedKey: Uint8Array, signal: AbortSignal): Promise<Registered>;
  /** Ends one that was cut off, if there is one. Where the CA refuses it now, the account stays as it was. */
  endCutOff(row: Registered, signal: AbortSignal): Promise<Registered>;
}

interface KeyChangeOptions {
  readonly row: AccountRow;
  readonly clientOf: (key: JwsKey, accountUrl: string) => AcmeClient;
  /** The account of a key at the CA. */
  readonly find: (key: JwsKey, signal: AbortSignal) => Promise<{ readonly url: string } | undefined>;
}

export function createKeyChange({ row: stored, clientOf, find }: KeyChangeOptions): KeyChange {
  async function isKeyOf({ url }: Registered, key: JwsKey, signal: AbortSignal): Promise<boolean> {
    try {
      return (await find(key, signal))?.url === url;
    } catch (thrown) {
      // A CA may want a binding even for a look-up (RFC 8555 §7.3.4), and says nothing of the key then.
      if (!isAnswered(thrown, mayPass)) throw thrown;
    }
    try {
      await clientOf(key, url).account(signal);
      return true;
    } catch (thrown) {
      if (isRefusal(thrown)) return false;
      throw thrown;
    }
  }

  const end: KeyChange['end'] = async (row, nextSealedKey, signal) => {
    const next = stored.openKey(nextSealedKey, 'nextSealedKey');
    if (await isKeyOf(row, next, signal)) return stored.promoteNextKey(row, nextSealedKey);
    try {
      await clientOf(stored.openKey(row.sealedKey, 'sealedKey'), row.url).changeKey(next, signal);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      // Another process may have ended it meanwhile, so that the CA no longer knew the old key.
      if (await isKeyOf(row, next, signal)) return stored.promoteNextKey(row, nextSealedKey);
      await stored.dropNextKey();
      throw thrown;
    }
    // RFC 8555 §7.3.5 asks for nothing but the status 200, which a firewall's page has too.
    if (await isKeyOf(row, next, signal)) return stored.promoteNextKey(row, nextSealedKey);
    throw new NotTaken(row.url);
  };

  return {
    end,
    async endCutOff(row, signal) {
      if (row.nextSealedKey === null) return row;
      try {
        return await end(row, row.nextSealedKey, signal);
      } catch (thrown) {
        if (isRefusal(thrown)) return { ...row, nextSealedKey: null };
        const isStillOurs =
          thrown instanceof NotTaken && (await isKeyOf(row, stored.openKey(row.sealedKey, 'sealedKey'), signal));
        if (isStillOurs) return row;
        throw thrown;
      }
    },
  };
}

/** It seemed to take the key, and shows the account to the former one only. Both stay stored: it may be slow to know itself. */
class NotTaken extends CertError {
  constructor(accountUrl: string) {
    const detail = `it answered with success, and does not know the new key of ${accountUrl}`;
    super(reason('upstreamUnavailable', { upstream: new URL(accountUrl).host, detail }));
  }
}

const mayPass: readonly ProblemKind[] = ['retry', 'rateLimited'];
/** Also what a person has to do at the CA before it answers anything. */
const undecided: readonly ProblemKind[] = [...mayPass, 'userAction'];

/** The CA's own decision. After anything else both keys stay stored. */
function isRefusal(thrown: unknown): boolean {
  return isAnswered(thrown, undecided);
}

function isAnswered(thrown: unknown, without: readonly ProblemKind[]): boolean {
  if (!(thrown instanceof AcmeFailure) || thrown.failed.kind !== 'refused') return false;
  return !without.includes(verdictOn(thrown.failed).kind);
}

export function isUnknown(thrown: unknown): boolean {
  return thrown instanceof AcmeFailure && acmeErrorName(thrown.failed.type) === 'accountDoesNotExist';
}
