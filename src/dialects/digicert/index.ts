/** DigiCert CertCentral Services API v2. */
import { apiDialect } from '../kit/api-dialect.ts';
import { formatKey, keyHeader, newKey } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { basePath, dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { relayDoor } from './relay-door.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { upstream } from './upstream.ts';
import { webhookMessage } from './webhooks/webhook-message.ts';

export const digicert = apiDialect({
  name: dialectName,
  title: 'DigiCert CertCentral Services API v2',
  paths: [`${basePath}/`],
  language: 'en',
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  secretPurposes: ['webhook challenge'],
  numbersRequests: true,
  newKey,
  keySettings: (key) => ({ [keyHeader]: formatKey(key) }),
  relayDoor,
  createProofMaker,
  createWebhookWriter: () => webhookMessage,
  upstream,
  ports,
  createServer,
});
