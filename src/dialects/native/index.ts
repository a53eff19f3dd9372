/** The native API: everything certmux can do, for its own console, command line and scripts. */
import { apiDialect } from '../kit/api-dialect.ts';
import { formatToken, newTokenParts } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { fingerprintPurpose } from './idempotency.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { relayDoor } from './relay-door.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { webhookMessageToWire } from './webhook-message.ts';

export const native = apiDialect({
  name: dialectName,
  title: 'certmux',
  paths: ['/api/'],
  language: 'en',
  seesAllDialects: true,
  // It sells the products of the other front doors as well.
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  newKey: newTokenParts,
  keySettings: (key) => ({ token: formatToken(key) }),
  relayDoor,
  createProofMaker,
  createWebhookWriter: () => webhookMessageToWire,
  ports,
  secretPurposes: [fingerprintPurpose],
  createServer,
});
