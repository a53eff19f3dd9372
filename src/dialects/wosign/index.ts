/** WoSign ACMAPI (2015): one call from a platform, one DV certificate. */
import { apiDialect } from '../kit/api-dialect.ts';
import { keySettings, newKey } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createProofMaker } from './proof-maker.ts';
import { createServer } from './server.ts';
import { ports } from './services.ts';
import { upstream } from './upstream.ts';

export const wosign = apiDialect({
  name: dialectName,
  title: 'WoSign ACMAPI',
  paths: ['/', '/acmapi'],
  // GET / is for people.
  methods: ['POST'],
  language: 'zh',
  catalogue,
  configSchema,
  operations,
  errors,
  docs,
  newKey,
  keySettings,
  upstream,
  createProofMaker,
  ports,
  createServer,
});
