/** The servers of every dialect over one core, as the composition root makes them, and requests to them. */

import assert from 'node:assert/strict';
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import type { OperationDescription } from '../../src/dialects/kit/operation.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { ErrorCode } from '../../src/domain/error-codes.ts';
import type { CertError } from '../../src/domain/errors.ts';
import type { AccountId, UserId } from '../../src/domain/ids.ts';
import type { Language } from '../../src/domain/language.ts';
import type { Dialect, DialectServer, DialectSetup, KeySettings } from '../../src/domain/ports/dialect.ts';
import type { Role } from '../../src/domain/role.ts';
import { type AcmeDoor, createAcmeDoor } from './acme-door.ts';
import { startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { keySettingsOf, makersOf, setupInTests } from './dialect-harness.ts';
import { openFrontDoor } from './front-door.ts';
import { createFakeLog, longestStepMs, passingTime } from './system.ts';

/**
 * Content of a request: a member that the path names goes there; the rest is the query of a GET, the body of anything else.
 * `plainText` is a body that is no JSON.
 */
export type Input = Readonly<Record<string, unknown>> | FormData;

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The reason for the core's refusal; undefined for a success. */
  readonly refusal: ErrorCode | undefined;
  /** The field that the refusal names, as the vendor calls it. */
  readonly field: string | undefined;
}

export interface FrontDoors {
  readonly app: TestApp;
  /** A key of the account, as clients of that dialect enter it. */
  keyTo(
    dialect: string,
    accountId: AccountId | null,
    roles: readonly Role[],
    userId?: UserId | null,
  ): Promise<KeySettings>;
  readonly acme: AcmeDoor;
  /** A request as it is, to the server of that dialect. */
  fetch(dialect: string, request: Request): Promise<Response>;
  call(dialect: string, operation: string, input: Input, key: KeySettings): Promise<Reply>;
}

const origin = 'https://certs.example';

/** `own`: each as it speaks by default. */
export type DoorLanguage = Language | 'own';

export interface FrontDoorsOptions extends TestAppOptions {
  /** English by default. */
  readonly language?: DoorLanguage;
  /** The clock moves so far while a call waits, and not to what comes later. */
  readonly patienceMs?: number;
}

/** Settings that the tests of all doors need. */
const configs: Readonly<Record<string, unknown>> = {
  acme: {
    directories: {
      default: { keysOf: ['native'], dnsPersist: true, caaIdentities: ['certs.example'] },
      digicert: { keysOf: ['digicert'] },
    },
  },
  digicert: { requestLimits: 'off', answerWithinMs: 0 },
};

export async function startFrontDoors({
  language = 'en',
  patienceMs = Math.max(100, longestStepMs),
  ...options
}: FrontDoorsOptions = {}): Promise<FrontDoors> {
  const servers = new Map<string, DialectServer>();
  const setupOf = (dialect: Dialect): DialectSetup => {
    const config = dialect.configSchema.safeParse(configs[dialect.name] ?? {}, { error: () => undefined });
    assert.ok(config.success, dialect.name);
    return setupInTests({ config: config.data, sendsMail: options.mail != null, aliasZone: options.aliasZone });
  };
  const app = await startTestApp({ ...makersOf(dialects, setupOf), ...options });
  const log = createFakeLog();
  /** What the newest call was refused with. */
  const errors: CertError[] = [];
  for (const dialect of dialects) {
    const { config } = setupOf(dialect);
    servers.set(
      dialect.name,
      openFrontDoor(app, dialect, {
        publicUrl: origin,
        config,
        ...(language === 'own' ? {} : { language }),
        log,
        onError: (error) => errors.push(error),
      }),
    );
  }

  async function fetch(dialect: string, request: Request): Promise<Response> {
    const server = servers.get(dialect) ?? assert.fail(dialect);
    const answer = server.fetch(request, { address: '192.0.2.7', requestId: 'request-of-walk' });
    return passingTime(app.clock, answer, patienceMs);
  }

  const acmeDoor = createAcmeDoor(app, { publicUrl: origin, fetch: (request) => fetch('acme', request) });
  const acmeKeys = new Map<AccountId | null, Promise<KeySettings>>();
  /** Its clients have no roles, so each account has one. */
  function acmeKeyTo(accountId: AccountId | null): Promise<KeySettings> {
    const known = acmeKeys.get(accountId) ?? acmeDoor.register(accountId);
    acmeKeys.set(accountId, known);
    return known;
  }

  function makeRequest(dialect: ApiDialect, operation: OperationDescription, input: Input, key: KeySettings) {
    if (dialect.name === 'acme' && operation.access === 'caller') return acmeDoor.requestOf(operation, input, key);
    return requestOf(dialect, operation, input, key);
  }

  return {
    app,
    acme: acmeDoor,
    fetch,
    async keyTo(dialect, accountId, roles, userId = null) {
      if (dialect === 'acme') return acmeKeyTo(accountId);
      const request = { accountId, userId, dialect, label: 'walk', roles, allowedAddresses: null };
      const { credential, secret } = await app.ports.credentials.create(app.operator, request);
      return keySettingsOf(dialect, { publicId: credential.publicId, secret });
    },
    async call(name, id, input, key) {
      const dialect = dialects.find((one) => one.name === name);
      const operation = dialect?.operations.find((one) => one.id === id);
      assert.ok(dialect && operation, `${name} has an operation ${id}`);
      const request = await makeRequest(dialect, operation, input, key);
      errors.length = 0;
      const response = await fetch(name, request);
      const [error] = errors;
      const params: Readonly<Record<string, unknown>> = error?.reason.params ?? {};
      const field = typeof params.field === 'string' ? params.field : undefined;
      return { status: response.status, text: await textOf(response), refusal: error?.code, field };
    },
  };
}

/** The answer; of a stream, which has no end, what it begins with. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}

/** Place of each dialect's key in a request: in a header, or in the body. */
const carriers: Readonly<
  Record<string, (key: KeySettings) => { headers?: Record<string, string>; body?: KeySettings }>
> = {
  native: ({ token = '' }) => ({ headers: { Authorization: `Bearer ${token}` } }),
  digicert: (key) => ({ headers: { ...key } }),
  httpsok: ({ OpenApiKey = '' }) => ({ headers: { OpenApiKey } }),
  encryption365: (key) => ({ body: key }),
  racent: (key) => ({ body: key }),
  wosign: (key) => ({ body: key }),
};

export function carrierOf(dialect: string, key: KeySettings) {
  return carriers[dialect]?.(key) ?? assert.fail(dialect);
}

function requestOf(dialect: ApiDialect, operation: OperationDescription, input: Input, key: KeySettings): Request {
  const { headers = {}, body: inBody = {} } = carrierOf(dialect.name, key);
  const rest = new Map<string, unknown>(input instanceof FormData ? [] : Object.entries({ ...inBody, ...input }));
  const path = operation.path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => {
    const value = String(rest.get(name) ?? assert.fail(`${operation.id} needs ${name}`));
    rest.delete(name);
    return encodeURIComponent(value);
  });
  const url = new URL(origin + path);
  if (operation.method === 'GET') {
    for (const [name, value] of rest) url.searchParams.set(name, String(value));
    return new Request(url, { headers });
  }
  if (input instanceof FormData) return new Request(url, { method: operation.method, headers, body: input });
  const { plainText } = input;
  const isPlain = typeof plainText === 'string';
  return new Request(url, {
    method: operation.method,
    headers: { ...headers, 'content-type': isPlain ? 'text/plain' : 'application/json' },
    body: isPlain ? plainText : JSON.stringify(Object.fromEntries(rest)),
  });
}
