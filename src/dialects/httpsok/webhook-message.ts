/** Delivery to the `notifyUrl` of an application: the bare object, without the envelope of the replies, as in the vendor's sample. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { WebhookWriter } from '../../domain/ports/webhook-writer.ts';
import { configSchema } from './config.ts';
import { issuedToWire } from './order-to-wire.ts';

export function createWebhookWriter({ config }: Pick<DialectSetup, 'config'>): WebhookWriter {
  const { timeOffset } = configSchema.parse(config ?? {});
  return ({ event, view, privateKey }) => {
    if (event !== 'certificateIssued' || view === null) return null;
    return { contentType: 'application/json', body: JSON.stringify(issuedToWire(view, privateKey, timeOffset)) };
  };
}
