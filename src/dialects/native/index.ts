/** The native API: everything certmux can do, for its own console, command line and scripts. */
import { z } from 'zod';
import { apiDialect } from '../kit/api-dialect.ts';
import { readJsonQueryAndParams } from '../kit/input.ts';
import { acceptedLanguage } from '../kit/language.ts';
import { createOperationServer } from '../kit/server.ts';
import { authenticate, formatToken, newTokenParts } from './auth.ts';
import { challengesOf, newProofReference } from './challenges.ts';
import { docs } from './docs.ts';
import { errors, renderProblem } from './errors.ts';
import { operations } from './operations/index.ts';
import { ports } from './services.ts';
import { webhookMessageToWire } from './webhook-message.ts';

const configSchema = z.strictObject({}).default({});

export const native = apiDialect({
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
  ports,
  createServer: (context, { checkReplies = false } = {}) => ({
    ...createOperationServer({
      operations,
      services: { ...context, ...context.ports },
      clock: context.clock,
      log: context.log,
      language: (request) => acceptedLanguage(request.headers.get('accept-language'), context.language),
      read: readJsonQueryAndParams,
      credentials: {
        in: 'header',
        authenticate: ({ request, peer }) => authenticate(context.ports.signIn, request, peer),
      },
      // Answers hold keys' secrets and orders' state: no cache may keep them.
      renderReply: (output, { status = 200 }) =>
        Response.json(output, { status, headers: { 'cache-control': 'no-store' } }),
      renderError: renderProblem,
      secretFields: ['password'],
      checkReplies,
    }),
    webhookMessage: webhookMessageToWire,
    proofs: ({ authorizations }, csr) => {
      const proofReference = newProofReference(context.random);
      const { publicSuffixes } = context;
      const challengesFor = challengesOf({ csr, proofReference, publicSuffixes });
      return { proofReference, challengesFor, preferredMethod: authorizations[0]?.preferredMethod ?? 'httpFile' };
    },
  }),
});
