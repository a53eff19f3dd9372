/** httpsok, the certificate API whose customers delegate `_acme-challenge` once and get key and certificate. */
import { apiDialect } from '../kit/api-dialect.ts';
import { newKey } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { relayDoor } from './relay-door.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { upstream } from './upstream.ts';
import { createWebhookWriter } from './webhook-message.ts';

export const httpsok = apiDialect({
  name: dialectName,
  title: 'httpsok',
  paths: ['/v1/cert/', '/v1/nginx/'],
  language: 'zh',
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  secretPurposes: ['alias', 'agent'],
  newKey,
  keySettings: ({ publicId, secret }) => ({ OpenApiKey: publicId + secret }),
  relayDoor,
  upstream,
  createProofMaker,
  createWebhookWriter,
  ports,
  createServer,
});
