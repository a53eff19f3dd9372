/** ACME (RFC 8555): what most software that wants a certificate speaks. */
import { apiDialect } from '../kit/api-dialect.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { references } from './references.ts';
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
  references,
  createProofMaker,
  ports,
  createServer,
});
