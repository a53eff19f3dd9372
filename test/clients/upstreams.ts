/** CAs that certmux is run against as their client, each in the manners that it has. `docs/clients.md` tells people of them. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { stepCa } from '../../bench/peers/step-ca.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import type { AcmeMode } from '../../src/domain/relay.ts';
import { freePort, operatorToken, startServerProcess } from '../support/server-process.ts';
import { pebbleProfiles, pebbleVersion, startPebble } from './pebble.ts';

/** What the CA and certmux share: the names, and where they answer. */
export interface Surroundings {
  readonly folder: string;
  /** `address:port` of the resolver that knows every name. */
  readonly resolver: string;
  /** Where certmux answers HTTP for every name. */
  readonly httpPort: number;
}

export interface RunningCa {
  /** Of the section `issuers`, beside kind and mode. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** PEM: what trusts the CA's https certificate; undefined: it speaks plain HTTP. */
  readonly tlsRoots?: string;
  /** What must be seen once everything was bought, so that a manner that the CA no longer has is noticed. */
  check?(bought: Bought): Promise<void> | void;
  /** Undefined: the CA does not say. */
  isRevoked?(serial: string): Promise<boolean>;
  stop(): Promise<unknown>;
}

/** The certificates of an order and of its reissue, each with its chain as the CA sent it. */
export interface Bought {
  readonly first: readonly X509Certificate[];
  readonly second: readonly X509Certificate[];
}

export interface Manner {
  readonly title: string;
  readonly mode: AcmeMode;
  start(surroundings: Surroundings): Promise<RunningCa>;
}

export interface UpstreamCa {
  readonly name: string;
  readonly version: string;
  readonly manners: readonly Manner[];
}

interface PebbleManner {
  readonly title: string;
  readonly mode?: AcmeMode;
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly hasExternalKey?: true;
  readonly profile?: keyof typeof pebbleProfiles;
  /** The root that is preferred, by its number at Pebble. */
  readonly preferredRoot?: number;
  /** In its log. */
  readonly logs?: RegExp;
  /** How many challenges it was told to look at in all. */
  readonly challenges?: number;
}

const quiet = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' };

const pebbleManners: readonly PebbleManner[] = [
  { title: 'as it comes', environment: {} },
  { title: 'as it comes', mode: 'serve', environment: {} },
  { title: 'strict', args: ['-strict'] },
  { title: 'strict', mode: 'serve', args: ['-strict'] },
  { title: 'external account key', hasExternalKey: true },
  { title: 'another chain', environment: { ...quiet, PEBBLE_ALTERNATE_ROOTS: '2' }, preferredRoot: 1 },
  { title: 'a profile', profile: 'shortlived' },
  {
    title: 'authorizations reused',
    environment: { ...quiet, PEBBLE_AUTHZREUSE: '100' },
    challenges: 3,
    logs: /authz reuse for each identifier 100%/,
  },
  {
    title: 'half of the nonces refused',
    environment: { ...quiet, PEBBLE_WFE_NONCEREJECT: '50' },
    logs: /reject 50% of good nonces/,
  },
];

async function startPebbleAs(manner: PebbleManner, surroundings: Surroundings): Promise<RunningCa> {
  const { environment = quiet, args = [], hasExternalKey, profile, preferredRoot, logs, challenges } = manner;
  const hmacKey = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64url');
  const pebble = await startPebble({
    ...surroundings,
    environment,
    args,
    ...(hasExternalKey && { externalKeys: { 'kid-1': hmacKey } }),
  });
  const root = new X509Certificate(await pebble.managed(`/roots/${preferredRoot ?? 0}`));
  return {
    tlsRoots: pebble.tlsRoots,
    settings: {
      ca: 'pebble',
      directory: pebble.directoryUrl,
      ...(hasExternalKey && { externalKey: { keyId: 'kid-1', hmacKey } }),
      ...(profile && { profile: { name: profile } }),
      ...(preferredRoot !== undefined && { preferredChain: root.subject.replace(/^CN=/, '') }),
    },
    async check({ first, second }) {
      for (const chain of [first, second]) {
        assert.ok(chain.at(-1)?.checkIssued(root), `the chain leads to ${root.subject}`);
        const [leaf = assert.fail('no certificate')] = chain;
        const seconds = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / 1000;
        if (profile !== undefined) assert.ok(Math.abs(seconds - pebbleProfiles[profile]) < 2, `valid for ${seconds} s`);
      }
      assert.equal(/"externalAccountRequired":\s*true/.test(await pebble.directory()), hasExternalKey === true);
      if (logs !== undefined) assert.match(pebble.log(), logs);
      const told = pebble.log().match(/POST \/chalZ\/ -> calling handler/g)?.length;
      if (challenges !== undefined) assert.equal(told, challenges);
    },
    isRevoked: async (serial) => /"Status":\s*"Revoked"/.test(await pebble.managed(`/cert-status-by-serial/${serial}`)),
    stop: pebble.stop,
  };
}

async function startStepCa(surroundings: Surroundings): Promise<RunningCa> {
  const {
    directoryUrl,
    roots = assert.fail('no roots'),
    stop,
  } = await stepCa.start({
    ...surroundings,
    nodeOptions: [],
  });
  const root = new X509Certificate(roots);
  return {
    tlsRoots: roots,
    settings: { ca: 'step-ca', directory: directoryUrl },
    check: ({ first }) => assert.ok(first.at(-1)?.checkIssued(root)),
    stop,
  };
}

/** A server of our own, as the CA. */
async function startCertmux({ folder, resolver, httpPort }: Surroundings): Promise<RunningCa> {
  const config = {
    dns: { resolvers: [resolver] },
    validation: { httpPort, dangerAllowAddresses: ['127.0.0.0/8'] },
    authority: { allowLocalPkiUrl: true, organization: 'Upstream' },
  };
  const server = await startServerProcess({ directory: folder, port: await freePort(), isCheap: true, config });
  const token = await operatorToken(folder);
  const operator = createNativeClient({ baseUrl: server.url, token, fetch: (request) => fetch(request) });
  const { id } = await operator.accounts.create({ name: 'certmux', currency: 'CNY' });
  const request = { account: id, name: 'certmux', productCode: 'native:tls-dv' };
  const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create(request);
  return {
    settings: { directory: directoryUrl, externalKey: { keyId: key.keyId, hmacKey } },
    check: ({ first }) => assert.match(first[0]?.issuer ?? '', /^O=Upstream$/m),
    async isRevoked(serial) {
      const { items } = await operator.certificates.list({ serial });
      return items[0]?.state === 'revoked';
    },
    stop: server.stop,
  };
}

export const upstreamCas: readonly UpstreamCa[] = [
  {
    name: 'pebble',
    version: pebbleVersion,
    manners: pebbleManners.map((manner) => ({
      title: manner.title,
      mode: manner.mode ?? 'alias',
      start: (surroundings) => startPebbleAs(manner, surroundings),
    })),
  },
  { name: 'step-ca', version: stepCa.version.replace(/^v/, ''), manners: inBothModes(startStepCa) },
  { name: 'certmux', version: 'itself', manners: inBothModes(startCertmux) },
];

function inBothModes(start: Manner['start']): readonly Manner[] {
  return (['alias', 'serve'] as const).map((mode) => ({ title: 'as it comes', mode, start }));
}
