/** Another key for an account (RFC 8555 §7.3.5): a request of the old key with one of the new key inside. */
import { refuse } from '../../../domain/errors.ts';
import { publicKeyOfJwk } from '../../../pki/jwk.ts';
import {
  headerText,
  type Jws,
  keySignatureOf,
  parseInnerJws,
  payloadIn,
  payloadOf,
  signerOf,
} from '../../../pki/jws.ts';
import { spkiSha256 } from '../../../pki/public-key.ts';
import { callerOperation } from '../../kit/operation.ts';
import { accountOfRequest, signedPartsOf } from '../requests.ts';
import type { Services } from '../services.ts';
import { accountIdIn, basePath, urlsOf } from '../urls.ts';
import { accountToWire } from './account-to-wire.ts';
import { account, keyChangeRequest } from './schema.ts';

const part = 'keyChange';

export const changeKey = callerOperation<Services, typeof keyChangeRequest, typeof account>({
  id: 'account.changeKey',
  method: 'POST',
  path: `${basePath}:directory/key-change`,
  summary: { en: 'Give the account another key', zh: '更换账户密钥' },
  request: keyChangeRequest,
  response: account,
  async handle({ directory }, { services, caller, request, reply }) {
    const { jws, url } = signedPartsOf(request);
    const inner = parseInnerJws(payloadOf(jws), part);
    const signer = signerOf(inner);
    if (!('jwk' in signer)) throw refuse('jwsNeedsKey', {});
    // The nonce is the outer one's; one that is inside as well, as Posh-ACME sends it, is nobody's.
    if (headerText(inner, 'url') !== url) throw refuse('jwsMalformed', { detail: { fault: 'otherUrl', part } });
    const { account: named, oldKey } = changeIn(inner);
    const own = accountOfRequest(request);
    const urls = urlsOf(services.publicUrl, directory);
    if (accountIdIn(services.ownPathOf(named), directory) !== own.publicId) {
      throw refuse('jwsMalformed', { detail: { fault: 'otherAccount', part } });
    }
    const before = publicKeyOfJwk(oldKey).spkiDer;
    const present = own.key?.hash;
    if (spkiSha256(before) !== present) throw refuse('jwsMalformed', { detail: { fault: 'otherOldKey', part } });
    if (spkiSha256(signer.jwk.spkiDer) === present)
      throw refuse('jwsMalformed', { detail: { fault: 'sameKey', part } });
    const changed = await services.credentials.changeKey(caller, {
      oldKey: before,
      publicKey: signer.jwk.spkiDer,
      proof: keySignatureOf(inner),
    });
    reply.headers.set('location', urls.account(changed.publicId));
    return accountToWire(changed, urls);
  },
});

function changeIn(inner: Jws): { readonly account: string; readonly oldKey: Readonly<Record<string, unknown>> } {
  const { account: named, oldKey } = payloadIn(inner, part);
  const missing = (member: string) =>
    refuse('jwsMalformed', { detail: { fault: 'memberMissing', part: `the payload of ${part}`, member } });
  if (typeof named !== 'string') throw missing('account');
  if (!isRecord(oldKey)) throw missing('oldKey');
  return { account: named, oldKey };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
