/** WoSign ACMAPI (2015): one call from a platform, one DV certificate. */
import type { ApiDialect } from '../kit/api-dialect.ts';
import { keySettings, newKey } from './auth.ts';
import { catalogue } from './catalogue.ts';
import { configSchema } from './config.ts';
import { docs } from './docs.ts';
import { errors } from './errors.ts';
import { dialectName } from './name.ts';
import { operations } from './operations.ts';
import { createServer } from './server.ts';

export const wosign: ApiDialect = {
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
  createServer,
};
