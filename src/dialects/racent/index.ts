/** Racent, and NicSRS, its brand abroad: the certificate API of resellers and of their shop modules. */
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

export const racent = apiDialect({
  name: dialectName,
  title: 'Racent',
  paths: ['/ssl/'],
  ignoresCaseOfPaths: true,
  language: 'zh',
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  secretPurposes: ['key store passwords', 'unique values'],
  newKey,
  keySettings: ({ publicId, secret }) => ({ api_token: publicId + secret }),
  relayDoor,
  createProofMaker,
  upstream,
  ports,
  createServer,
});
