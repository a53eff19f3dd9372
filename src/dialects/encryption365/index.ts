/** TrustOcean Encryption365, the certificate API of hosting panels. */
import { apiDialect } from '../kit/api-dialect.ts';
import { newKey } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { logoPath } from './logo.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { relayDoor } from './relay-door.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { upstream } from './upstream.ts';

export const encryption365 = apiDialect({
  name: dialectName,
  title: 'TrustOcean Encryption365',
  paths: ['/client/', '/account/', '/cert/', '/payment/', '/invoice/', '/ping', logoPath],
  language: 'zh',
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  newKey,
  keySettings: ({ publicId, secret }) => ({ client_id: publicId, access_token: secret }),
  relayDoor,
  upstream,
  createProofMaker,
  ports,
  createServer,
});
