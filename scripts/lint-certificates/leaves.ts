/** Certificates of subscribers: of every product and of every profile, with each key that it takes, under each authority. */
import type { Authority } from '../../src/domain/authority.ts';
import { newNumberedId } from '../../src/domain/ids.ts';
import type { OrganizationDetails } from '../../src/domain/organization.ts';
import { type Coverage, coverageEnd } from '../../src/domain/product.ts';
import { defaultProfiles, type Profile } from '../../src/domain/profile.ts';
import { serverCertificate } from '../../src/issuers/embedded/server-certificate.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { decodePemBundle, encodePem } from '../../src/pki/pem.ts';
import { issued, names } from '../../test/issuers/embedded/support.ts';
import type { TestApp } from '../../test/support/app.ts';
import { type Csrs, csrsFor } from './keys.ts';
import type { Made, Put } from './made.ts';
import { findingsOfLeaf } from './own-lint.ts';
import { type Look, looks } from './products.ts';

const organization: OrganizationDetails = {
  name: 'Example Ltd',
  street: '1 Example Street',
  city: 'Shenzhen',
  state: 'Guangdong',
  country: 'CN',
  postalCode: '518000',
  registrationNumber: '91440300MA5EXAMPLE',
  businessCategory: 'Private Organization',
  jurisdictionCountry: 'CN',
};

const longName = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`;

/** By what is special in them. */
const nameSets: Readonly<Record<string, readonly string[]>> = {
  wildcard: ['example.com', '*.example.com'],
  addresses: ['9.9.9.9', '2620:fe::9'],
  IDN: ['bücher.example.com', '例子.中国'],
  'a hundred names': Array.from({ length: 100 }, (_, i) => `host${i}.example.com`),
  'a long name': [longName],
};

export interface Leaves {
  readonly app: TestApp;
  readonly signing: ReadonlyMap<string, Authority>;
  readonly csrs: Csrs;
  readonly put: Put;
}

/** One for each look of a product, key and authority. @returns the looks */
export async function makeProductLeaves(leaves: Leaves): Promise<readonly Look[]> {
  const all = looks();
  for (const { profile, coverage, names: wanted, products } of all) {
    for (const [key, csr] of csrsFor(leaves.csrs, profile)) {
      for (const [how, authority] of leaves.signing) {
        const title = `${products[0]} and ${products.length - 1} like it, ${key}, ${how}`;
        await makeLeaf(leaves, { title, profile, authority, csr, coverage, wanted });
      }
    }
  }
  return all;
}

/** The profiles, that operators may give to any product: as they come, and without what they may leave out. */
export async function makeProfileLeaves(leaves: Leaves): Promise<void> {
  for (const { profile, shape } of shapes()) {
    for (const [key, csr] of csrsFor(leaves.csrs, profile)) {
      for (const [how, authority] of leaves.signing) {
        const sets = isEach(key, how) ? { 'one name': ['example.com'], ...nameSets } : { 'one name': ['example.com'] };
        for (const [set, wanted] of Object.entries(sets)) {
          // EVG §9.2.2: neither is certified.
          if (kindOf(profile) === 'public-ev' && (set === 'wildcard' || set === 'addresses')) continue;
          const title = `${profile.id}, ${shape}, ${key}, ${set}, ${how}`;
          await makeLeaf(leaves, { title, profile, authority, csr, coverage: { unit: 'years', count: 10 }, wanted });
        }
      }
    }
  }
}

/** Names and keys have nothing to do with each other: all keys for one name, all names for one key of each hierarchy. */
function isEach(key: string, how: string): boolean {
  return (key === 'P-256' && how === 'own P-256') || (key === 'RSA 2048' && how === 'own RSA 3072');
}

function shapes(): readonly { readonly profile: Profile; readonly shape: string }[] {
  return defaultProfiles.flatMap((profile) => [
    { profile, shape: 'as it comes' },
    {
      profile: { ...profile, id: `${profile.id}-bare`, includesCommonName: false, includesSubjectKeyId: false },
      shape: 'bare',
    },
  ]);
}

interface Leaf {
  readonly title: string;
  readonly profile: Profile;
  readonly authority: Authority;
  readonly csr: Uint8Array;
  readonly coverage: Coverage;
  readonly wanted: readonly string[];
}

const dayMs = 86_400_000;
const second = 1000;

async function makeLeaf({ app, put }: Leaves, leaf: Leaf): Promise<void> {
  const { title, profile, authority, csr, coverage, wanted } = leaf;
  const { clock, random } = app.context;
  const issuer = parseCertificate(authority.certificate);
  const now = clock.now();
  const beginMs = Math.floor(now.getTime() / second) * second - profile.backdateSeconds * second;
  const notBefore = new Date(Math.max(beginMs, issuer.notBefore.getTime()));
  const longestMs = notBefore.getTime() + profile.maxValidityDays * dayMs;
  const endMs = Math.min(longestMs, coverageEnd(notBefore, coverage).getTime());
  const serial = await app.issuer.newSerial(app.database.read, authority.id);
  const der = await issued(app.issuer, {
    issuanceId: newNumberedId('issuance', 1, { clock, random }),
    profile,
    csr,
    names: names(...wanted),
    organization: profile.level === 'dv' ? null : organization,
    plan: { serial, notBefore, notAfter: new Date(endMs - second), authorityId: authority.id },
  });
  const own = findingsOfLeaf(der, profile, { issuer, now });
  put({ title, kind: kindOf(profile), pem: encodePem('CERTIFICATE', der), own });
}

function kindOf({ isPublicLike, level }: Profile): Made['kind'] {
  return isPublicLike ? `public-${level}` : 'private';
}

/** What the server serves itself with. */
export async function makeServerCertificate({ app, put }: Pick<Leaves, 'app' | 'put'>): Promise<void> {
  const [profile] = defaultProfiles;
  if (profile === undefined) throw new Error('there are no profiles');
  const { clock, clockGuard, random, log, keySealer, database } = app.context;
  const files = new Map<string, Uint8Array>();
  const { certificate } = await serverCertificate({
    names: ['certs.example.com', 'localhost', '127.0.0.1'],
    issuer: app.issuer,
    profile,
    files: { read: async (name) => files.get(name), write: async (name, seal) => void files.set(name, seal()) },
    keySealer,
    database,
    clock,
    clockGuard,
    random,
    log,
  });
  const [der, above] = decodePemBundle(certificate, 'the chain').map((block) => block.der);
  if (der === undefined || above === undefined) throw new Error('the server has no chain');
  const own = findingsOfLeaf(der, profile, { issuer: parseCertificate(above), now: clock.now() });
  put({ title: 'of the server itself', kind: 'private', pem: encodePem('CERTIFICATE', der), own });
}
