/** Another key for our account at a CA (RFC 8555 §7.3.5). Both are stored before the CA hears of it: it knows one of them, and is asked which. */
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import { AcmeFailure, acmeErrorName } from '../../dialects/acme/client/failure.ts';
import type { JwsKey } from '../../pki/jws-writer.ts';
import type { AccountRow, Registered } from './account-row.ts';

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
  const isKeyOf = async ({ url }: Registered, key: JwsKey, signal: AbortSignal) =>
    (await find(key, signal))?.url === url;

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
    return stored.promoteNextKey(row, nextSealedKey);
  };

  return {
    end,
    async endCutOff(row, signal) {
      if (row.nextSealedKey === null) return row;
      try {
        return await end(row, row.nextSealedKey, signal);
      } catch (thrown) {
        if (isRefusal(thrown)) return { ...row, nextSealedKey: null };
        throw thrown;
      }
    },
  };
}

/** The CA's own decision. After a fault, which may pass, both keys stay stored. */
function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof AcmeFailure)) return false;
  const { kind, status } = thrown.failed;
  return kind === 'refused' && status !== null && status !== 429 && status < 500;
}

export function isUnknown(thrown: unknown): boolean {
  return thrown instanceof AcmeFailure && acmeErrorName(thrown.failed.type) === 'accountDoesNotExist';
}
