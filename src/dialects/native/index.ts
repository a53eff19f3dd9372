/** The native API: everything certmux can do, for its own console, command line and scripts. */
import { z } from 'zod';
import type { ApiDialect } from '../kit/api-dialect.ts';
import { readJsonQueryAndParams } from '../kit/input.ts';
import { acceptedLanguage } from '../kit/language.ts';
import { createOperationServer } from '../kit/server.ts';
import { authenticate, formatToken, newTokenParts } from './auth.ts';
import { docs } from './docs.ts';
import { errors, fieldNames, renderProblem } from './errors.ts';
import { operations } from './operations/index.ts';
import { createProofMaker } from './proof-maker.ts';
import { webhookMessageToWire } from './webhook-message.ts';

const configSchema = z.strictObject({}).default({});

export const native: ApiDialect = {
  name: 'native',
  title: 'certmux',
  paths: ['/api/'],
  language: 'en',
  // It sells the products of the other front doors.
  catalogue: [],
  configSchema,
  operations,
  errors,
  docs,
  newKey: newTokenParts,
  keySettings: (key) => ({ token: formatToken(key) }),
  createProofMaker,
  createWebhookWriter: () => webhookMessageToWire,
  createServer: (context, { checkReplies = false } = {}) =>
    createOperationServer({
      operations,
      services: context,
      clock: context.clock,
      log: context.log,
      language: (request) => acceptedLanguage(request.headers.get('accept-language'), context.language),
      read: readJsonQueryAndParams,
      credentials: {
        in: 'header',
        authenticate: ({ request, peer }) => authenticate(context.platform, request, peer),
      },
      // Answers hold keys' secrets and orders' state: no cache may keep them.
      renderReply: (output, { status = 200 }) =>
        Response.json(output, { status, headers: { 'cache-control': 'no-store' } }),
      renderError: renderProblem,
      fieldNames,
      secretFields: ['password'],
      checkReplies,
    }),
};
