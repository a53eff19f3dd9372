/** Tenants who come through several front doors of one core: what one of them places and sends is there for the others to abuse. */
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import type { Role } from '../../src/domain/role.ts';
import { createCustomer } from './app.ts';
import { carrierOf, type FrontDoors } from './front-doors.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Body = { readonly [key: string]: any };

export interface Tenant {
  readonly accountId: string;
  /** Sends the fields as JSON, with the tenant's key to that dialect among them or in a header. */
  post(dialect: string, path: string, fields?: Body): Promise<Body>;
  put(dialect: string, path: string, fields?: Body): Promise<Body>;
  get(dialect: string, path: string): Promise<Body>;
}

const baseUrl = 'https://certs.example';
const roles: readonly Role[] = ['requester', 'registrar'];

/** An account with money. Its keys are made when they are first used. */
export async function createTenant(
  { app, acme, keyTo, fetch }: FrontDoors,
  change: Parameters<typeof createCustomer>[1] = {},
): Promise<Tenant> {
  const { account } = await createCustomer(app, { balanceMinor: 1_000_000_00, ...change });
  const keys = new Map<string, KeySettings>();

  async function send(dialect: string, path: string, fields?: Body, method = 'POST'): Promise<Body> {
    const key = keys.get(dialect) ?? (await keyTo(dialect, account.id, roles));
    keys.set(dialect, key);
    const request =
      dialect === 'acme'
        ? await acme.signed(path, fields ?? {}, key)
        : requestWith(carrierOf(dialect, key), path, fields, method);
    const text = await (await fetch(dialect, request)).text();
    return text === '' ? {} : JSON.parse(text);
  }

  return {
    accountId: account.id,
    post: (dialect, path, fields = {}) => send(dialect, path, fields),
    put: (dialect, path, fields = {}) => send(dialect, path, fields, 'PUT'),
    get: (dialect, path) => send(dialect, path),
  };
}

function requestWith(
  { headers = {}, body = {} }: ReturnType<typeof carrierOf>,
  path: string,
  fields: Body | undefined,
  method: string,
): Request {
  if (fields === undefined) return new Request(baseUrl + path, { headers });
  return new Request(baseUrl + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...fields }),
  });
}
