import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { upstreamError } from '../../../src/dialects/kit/error-table.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { errors, problemOf, problemType, renderProblem } from '../../../src/dialects/native/errors.ts';
import { type ErrorCode, errorCodes } from '../../../src/domain/error-codes.ts';
import { CertError, refuse } from '../../../src/domain/errors.ts';

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
