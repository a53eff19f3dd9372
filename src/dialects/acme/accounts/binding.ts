/** External account bindings (RFC 8555 §7.3.4). */
import { refuse } from '../../../domain/errors.ts';
import type { AccountBinding } from '../../../domain/key-signature.ts';
import { publicKeyOfJwk } from '../../../pki/jwk.ts';
import { headerText, parseMacJws, payloadIn } from '../../../pki/jws.ts';
import { type PublicKey, spkiSha256 } from '../../../pki/public-key.ts';

const part = 'externalAccountBinding';

/**
 * The binding, once it is for this request and this key. Whether its MAC is right is the core's to say.
 * @throws {CertError} malformedRequest, forbidden
 */
export function bindingFromWire(
  value: unknown,
  { url, accountKey }: { readonly url: string; readonly accountKey: PublicKey },
): AccountBinding {
  const jws = parseMacJws(value, part);
  const keyId = headerText(jws, 'kid');
  if (headerText(jws, 'url') !== url) throw refuse('jwsMalformed', { detail: { fault: 'otherUrl', part } });
  if (Object.hasOwn(jws.header, 'nonce')) throw refuse('jwsMalformed', { detail: { fault: 'nonceInside', part } });
  const bound = publicKeyOfJwk(payloadIn(jws, part));
  if (spkiSha256(bound.spkiDer) !== spkiSha256(accountKey.spkiDer)) throw refuse('bindingOtherKey', {});
  return { keyId, algorithm: jws.algorithm, data: jws.data, mac: jws.signature };
}
