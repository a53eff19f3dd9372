/** The value by which a webhook's receiver recognizes us: the customer chose it, and it is kept sealed. */

import { quoted, refuse } from '../../domain/errors.ts';
import type { WebhookId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { Webhook } from '../../domain/webhook.ts';
import type { AppContext } from '../context.ts';

const maxLength = 512;

/** Seals it in the transaction that stores it. @throws {CertError} invalidField for a value that cannot stand in an HTTP header */
export function sealSecret({ keySealer }: AppContext, id: WebhookId, secret: string | null): Uint8Array | null {
  return secret === null ? null : keySealer.seal(Buffer.from(checkedSecret(secret)), sealedObject(id));
}

/** @throws {CertError} invalidField for what cannot stand in a header of HTTP */
export function checkedSecret(secret: string): string {
  if (secret.length <= maxLength && /^[\x21-\x7e]+$/.test(secret)) return secret;
  throw refuse('fieldInvalid', {
    field: 'secret',
    value: quoted('[secret]'),
    expected: expectedOf.visibleAscii(1, maxLength),
  });
}

export function secretOf({ keySealer }: AppContext, { id, sealedSecret }: Webhook): string | null {
  if (sealedSecret === null) return null;
  return Buffer.from(keySealer.open(sealedSecret, sealedObject(id))).toString('utf8');
}

function sealedObject(id: WebhookId): SealedObject {
  return { kind: 'webhookSecret', id };
}
