/**
 * The dialects' servers over one real core, with tenants who come through several of them: what one tenant places and sends
 * is there for the others to abuse.
 */
import assert from 'node:assert/strict';
import { dialects } from '../../src/dialects/registry.ts';
import type { DialectServer } from '../../src/domain/dialect.ts';
import type { OrderView } from '../../src/domain/platform.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { createCustomer, createKey, startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { deriveSecretInTests, keySettingsOf } from './dialect-harness.ts';
import { passingTime } from './system.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Body = { readonly [key: string]: any };

export interface Tenant {
  readonly accountId: string;
  /** Sends the fields as JSON, with the tenant's key to that dialect among them or in its header. */
  post(dialect: string, path: string, fields?: Body): Promise<Body>;
  get(dialect: string, path: string): Promise<Body>;
}

export interface FrontDoors {
  readonly app: TestApp;
  readonly server: (dialect: string) => DialectServer;
  tenant(change?: Parameters<typeof createCustomer>[1]): Promise<Tenant>;
}

const baseUrl = 'https://certs.example';

export async function openFrontDoors(options: TestAppOptions = {}): Promise<FrontDoors> {
  const servers = new Map<string, DialectServer>();
  const server = (name: string) => servers.get(name) ?? assert.fail(`no dialect ${name}`);
  const proofMakers = Object.fromEntries(
    dialects.map(({ name }) => [
      name,
      (view: OrderView, csr: Uint8Array) => server(name).proofs?.(view, csr) ?? assert.fail(`no proofs of ${name}`),
    ]),
  );
  const app = await startTestApp({ ...options, proofMakers });
  for (const dialect of dialects) {
    const context = {
      ...app,
      random: app.context.random,
      publicSuffixes: createPublicSuffixes(),
      version: '0.0.0-test',
      publicUrl: baseUrl,
      keySettings: keySettingsOf,
      deriveSecret: (purpose: string) => deriveSecretInTests(`${dialect.name} ${purpose}`),
      language: 'en',
      sendsMail: options.mail !== undefined,
      config: dialect.name === 'digicert' ? { requestLimits: 'off' } : {},
    } as const;
    servers.set(dialect.name, dialect.createServer(context, { checkReplies: true }));
  }

  async function call(request: Request, dialect: string): Promise<Body> {
    const answer = server(dialect).fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
    const response = await passingTime(app.clock, answer);
    const text = await response.text();
    return text === '' ? {} : (JSON.parse(text) as Body);
  }

  return {
    app,
    server,
    async tenant(change = {}) {
      const { account } = await createCustomer(app, { balanceMinor: 1_000_000_00, ...change });
      const settings = new Map<string, Readonly<Record<string, string>>>();
      const settingsOf = async (dialect: string) => {
        const known = settings.get(dialect);
        if (known !== undefined) return known;
        const { credential, secret } = await createKey(app, account, { dialect, roles: ['requester', 'registrar'] });
        const made = keySettingsOf(dialect, { publicId: credential.publicId, secret });
        settings.set(dialect, made);
        return made;
      };
      const send = async (dialect: string, method: string, path: string, fields?: Body) => {
        const key = await settingsOf(dialect);
        const headers = new Headers({ 'content-type': 'application/json' });
        if (dialect === 'digicert') headers.set('x-dc-devkey', Object.values(key)[0] ?? '');
        if (dialect === 'httpsok') headers.set('openapikey', Object.values(key)[0] ?? '');
        if (dialect === 'native') headers.set('authorization', `Bearer ${key.token}`);
        const isInBody = !['digicert', 'httpsok', 'native'].includes(dialect);
        const body = fields === undefined ? {} : { body: JSON.stringify(isInBody ? { ...key, ...fields } : fields) };
        return call(new Request(baseUrl + path, { method, headers, ...body }), dialect);
      };
      return {
        accountId: account.id,
        post: (dialect, path, fields = {}) => send(dialect, 'POST', path, fields),
        get: (dialect, path) => send(dialect, 'GET', path),
      };
    },
  };
}
