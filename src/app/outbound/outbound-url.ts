/** Addresses of customers' servers, as they are entered: webhooks of an account, and the one that an order names. */

import { quoted, refuse, renderReason } from '../../domain/errors.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { withoutPassword } from '../../domain/webhook.ts';
import type { AppContext } from '../context.ts';

const maxUrlLength = 2048;

export interface UrlEntry {
  /** The request's own word for it, for messages. */
  readonly field: string;
  readonly text: string;
}

/**
 * The URL, if a message could ever be delivered to it. The guard that will send asks again: a name may lead elsewhere by then.
 * @throws {CertError} invalidField, naming field and value
 */
export function requireDeliverable(
  { objectionToUrl }: Pick<AppContext, 'objectionToUrl'>,
  { field, text }: UrlEntry,
): URL {
  const url = URL.parse(text);
  const value = quoted(withoutPassword(text));
  if (url === null || text.length > maxUrlLength || !['http:', 'https:'].includes(url.protocol)) {
    throw refuse('fieldInvalid', { field, value, expected: expectedOf.webUrl(maxUrlLength) });
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('fieldInvalid', { field, value, expected: expected.urlWithoutPassword });
  }
  const objection = objectionToUrl(url);
  if (objection === undefined) return url;
  const detail = { en: renderReason(objection, 'en'), zh: renderReason(objection, 'zh') };
  throw refuse('urlUndeliverable', { field, value, detail });
}

/**
 * Checks the URL to which an order wants its certificate sent.
 * @param hasKey whether certmux makes the key, which is then sent along
 * @throws {CertError} invalidField
 */
export function requireCallback(context: AppContext, entry: UrlEntry & { readonly hasKey: boolean }): void {
  const url = requireDeliverable(context, entry);
  if (!entry.hasKey || maySendKeyTo(context, url)) return;
  throw refuse('callbackInClear', { field: entry.field, value: quoted(url.href) });
}

/** A private key is sent over https only, unless the operator opened it. */
export function maySendKeyTo({ dangerSendKeysInClear }: AppContext, url: URL): boolean {
  return url.protocol === 'https:' || dangerSendKeysInClear;
}
