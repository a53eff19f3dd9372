import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { upstreamError } from '../../../src/dialects/kit/error-table.ts';
import type { OperationDescription } from '../../../src/dialects/kit/operation.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { errors, problemOf, problemType, renderProblem } from '../../../src/dialects/native/errors.ts';
import { api } from '../../../src/dialects/native/schema.ts';
import { type ErrorCode, errorCodes } from '../../../src/domain/error-codes.ts';
import { CertError, type Reason, refuse } from '../../../src/domain/errors.ts';
import { acmeReasons } from '../../../src/domain/messages/acme.ts';
import { authorityReasons } from '../../../src/domain/messages/authorities.ts';
import { authorityImportReasons } from '../../../src/domain/messages/authority-import.ts';
import { backupReasons } from '../../../src/domain/messages/backup.ts';
import { databaseReasons } from '../../../src/domain/messages/database.ts';
import { type ReasonKey, reasons } from '../../../src/domain/messages/index.ts';
import { startReasons } from '../../../src/domain/messages/start.ts';
import { reasonSamples } from '../../support/message-samples.ts';

const endpoints = Object.values(api).flatMap((group) => Object.values(group));

const statuses: Readonly<Record<ErrorCode, number>> = {
  malformedRequest: 400,
  invalidField: 422,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  unknownProduct: 422,
  badCsr: 422,
  badKey: 422,
  badName: 422,
  refusedName: 422,
  tooManyNames: 422,
  wrongState: 409,
  insufficientBalance: 402,
  conflict: 409,
  tooLarge: 413,
  rateLimited: 429,
  validationFailed: 422,
  issuerRefused: 422,
  unavailable: 503,
  unsupported: 501,
  internal: 500,
};

const context = {
  language: 'en',
  requestId: 'req-1',
  request: new Request('https://certs.example.com/'),
  operation: undefined,
} as const;

for (const code of errorCodes) {
  test(`${code} is sent with status ${statuses[code]} and read back as ${code}`, async () => {
    const reply = renderProblem(upstreamError(code, { upstream: 'it', detail: 'no' }), context);
    assert.equal(errors[code].status, statuses[code]);
    assert.equal(reply.status, statuses[code]);
    assert.equal(reply.headers.get('content-type'), problemType);
    const client = createNativeClient({ baseUrl: 'https://certs.example.com', fetch: async () => reply });
    await assert.rejects(client.me.show({}), (error) => error instanceof CertError && error.code === code);
  });
}

describe('a problem', () => {
  test('names the field', () => {
    assert.deepEqual(problemOf(refuse('fieldMissing', { field: 'csr' }), context), {
      type: 'urn:certmux:error:invalidField',
      title: 'Invalid field',
      status: 422,
      detail: 'csr is required',
      instance: 'req-1',
      code: 'invalidField',
      errors: [{ field: 'csr', detail: 'csr is required' }],
    });
  });

  test('is Chinese for who asks for it', () => {
    const problem = problemOf(refuse('fieldMissing', { field: 'csr' }), { ...context, language: 'zh' });
    assert.equal(problem.title, '参数无效');
    assert.equal(problem.detail, '缺少参数 csr');
  });

  test('of an internal error tells nothing of its cause', () => {
    const problem = problemOf(refuse('internal', {}, { cause: new Error('the database is on fire') }), context);
    assert.doesNotMatch(JSON.stringify(problem), /fire/);
    assert.deepEqual(problem.errors, []);
  });
});

describe('a refusal that a field of the request is to blame for', () => {
  /** Every field that some request has. */
  const everyField = z.object(
    Object.assign({}, ...endpoints.map(({ request }) => (request instanceof z.ZodObject ? request.shape : {}))),
  );
  const everywhere = { ...context, operation: { request: everyField } as unknown as OperationDescription };
  const fieldOf = (key: ReasonKey) => {
    const [params] = reasonSamples[key];
    return problemOf(new CertError({ key, params } as Reason), everywhere).errors[0]?.field;
  };

  /** Why these say none: the native API never answers with them. */
  const others: Readonly<Record<string, readonly ReasonKey[]>> = {
    'of a command on this machine, or of a start': [
      ...[backupReasons, databaseReasons, startReasons].flatMap((rows) => Object.keys(rows) as ReasonKey[]),
      'issuerUnsold',
    ],
    'of ACME': [...(Object.keys(acmeReasons) as ReasonKey[])],
    'of httpsok: its agent sends the configuration of nginx': [
      'nginxNoServer',
      'nginxLineByLine',
      'nginxNoCertificate',
      'nginxPathUnusable',
      'nginxNoName',
      'nginxHalfCertificate',
      'nginxOtherCertificate',
      'nginxNamesLeftOut',
    ],
    'of files of a CA: the message names the file, the certificate or the line': [
      ...(Object.keys(authorityReasons) as ReasonKey[]),
      ...(Object.keys(authorityImportReasons) as ReasonKey[]),
    ],
    'of DigiCert': ['timeFrameTooLong', 'webhookTokenWrong'],
    'of a client of another server': ['upstreamInvalidField'],
  };

  test('names it: each of the catalogue, but for those of others', () => {
    const nameless = (Object.keys(reasons) as ReasonKey[])
      .filter((key) => reasons[key].code === 'invalidField' && fieldOf(key) === undefined)
      .filter((key) => !Object.values(others).flat().includes(key));
    assert.deepEqual(nameless, []);
  });

  const rows: readonly (readonly [key: ReasonKey, field: string])[] = [
    ['mailAddressNotAllowed', 'address'],
    ['mailAddressMissing', 'address'],
    ['mailboxStopped', 'address'],
    ['methodNotAllowed', 'method'],
    ['refundTooLarge', 'minor'],
    ['lastName', 'names'],
    ['keyListLine', 'text'],
    ['proofSubject', 'csr'],
    ['currencyDiffers', 'product'],
    ['vendorReferenceTaken', 'reference'],
    ['alreadyExists', 'username'],
  ];
  for (const [key, field] of rows) test(`${key}: ${field}`, () => assert.equal(fieldOf(key), field));

  test('and not one that the request does not have', () => {
    const operation = { request: z.object({ order: z.string() }) } as unknown as OperationDescription;
    const refusal = refuse('lastName', {});
    assert.deepEqual(problemOf(refusal, { ...context, operation }).errors, []);
  });
});
