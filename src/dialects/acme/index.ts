/** ACME (RFC 8555): what most software that wants a certificate speaks. */
import { base32 } from '../../domain/ids.ts';
import { encodeBase64url } from '../../pki/base64url.ts';
import { apiDialect } from '../kit/api-dialect.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { basePath } from './urls.ts';

export const acme = apiDialect({
  name: dialectName,
  title: 'ACME',
  paths: [basePath],
  language: 'en',
  // It sells what external account keys name: products of the other front doors.
  catalogue: [],
  configSchema,
  operations,
  errors,
  docs,
  newKey: (random) => ({ publicId: base32(random.bytes(16)), secret: encodeBase64url(random.bytes(32)) }),
  keySettings: ({ publicId, secret }) => ({ kid: publicId, hmacKey: secret }),
  createProofMaker,
  ports,
  createServer,
});
