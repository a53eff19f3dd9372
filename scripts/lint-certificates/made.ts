/** What certmux makes, to be judged: a certificate of every profile, kind of key, hierarchy and set of names, its CAs, and their lists. */
import { crlParts } from '../../src/domain/authority.ts';
import type { OrganizationDetails } from '../../src/domain/organization.ts';
import { defaultProfiles, type Profile } from '../../src/domain/profile.ts';
import { encodePem } from '../../src/pki/pem.ts';
import type { KeyAlgorithm } from '../../src/pki/public-key.ts';
import { insertOrder, insertWorld, newCertificate } from '../../test/db/fixtures.ts';
import { createScene, issued, names, newCsr, requestFor } from '../../test/issuers/embedded/support.ts';

export interface Made {
  readonly title: string;
  /** What the other linters are told that it is. */
  readonly kind: 'public-dv' | 'public-ov' | 'public-ev' | 'private' | 'root' | 'intermediate' | 'list' | 'root-list';
  readonly pem: string;
}

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

const keys: Readonly<Record<string, KeyAlgorithm>> = {
  'RSA 2048': { type: 'rsa', bits: 2048 },
  'RSA 3072': { type: 'rsa', bits: 3072 },
  'RSA 4096': { type: 'rsa', bits: 4096 },
  'P-256': { type: 'ec', curve: 'P-256' },
  'P-384': { type: 'ec', curve: 'P-384' },
  'P-521': { type: 'ec', curve: 'P-521' },
  Ed25519: { type: 'ed25519' },
};

const longName = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`;

/** By what is special in them; those of every key are the first. */
const nameSets: Readonly<Record<string, readonly string[]>> = {
  'one name': ['example.com'],
  wildcard: ['example.com', '*.example.com'],
  addresses: ['9.9.9.9', '2620:fe::9'],
  IDN: ['bücher.example.com', '例子.中国'],
  'a hundred names': Array.from({ length: 100 }, (_, i) => `host${i}.example.com`),
  'a long name': [longName],
};

/** @param report is told of each as it is made: RSA keys take their time */
export async function makeAll(report: (title: string) => void): Promise<readonly Made[]> {
  const scene = await createScene();
  try {
    const issuer = await scene.start();
    const made: Made[] = [];
    const put = (one: Made) => {
      report(one.title);
      made.push(one);
    };
    const csrs = new Map<string, Uint8Array>();
    for (const [name, algorithm] of Object.entries(keys)) csrs.set(name, await newCsr(algorithm));
    for (const { profile, shape } of shapes()) {
      for (const [key, csr] of csrs) {
        if (!isKeyOf(profile, key)) continue;
        for (const [set, texts] of Object.entries(nameSets)) {
          // Names and keys have nothing to do with each other: all keys for one name, all names for one key of each hierarchy.
          if (set !== 'one name' && key !== 'P-256' && key !== 'RSA 2048') continue;
          // EVG §9.2.2: neither is certified.
          if (kindOf(profile) === 'public-ev' && (set === 'wildcard' || set === 'addresses')) continue;
          const request = requestFor(scene, issuer, csr, {
            profile,
            organization: profile.level === 'dv' ? null : organization,
            names: names(...texts),
          });
          const pem = encodePem('CERTIFICATE', await issued(issuer, request));
          put({ title: `${profile.id}, ${shape}, ${key}, ${set}`, kind: kindOf(profile), pem });
        }
      }
    }
    for (const { role, keyKind, certificate } of await scene.authorities()) {
      put({ title: `${role}, ${keyKind}`, kind: role, pem: encodePem('CERTIFICATE', certificate) });
    }
    for (const { id, role, keyKind } of await scene.authorities()) {
      for (const state of ['empty', 'full']) {
        if (state === 'full') {
          await scene.database.write(async (tx) => {
            for (const reason of ['keyCompromise', 'superseded', 'cessationOfOperation', 'unspecified'] as const) {
              const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
              const notAfter = new Date(scene.clock.now().getTime() + 86_400_000);
              const row = newCertificate(issuance, { authorityId: id, notAfter });
              const { id: certificateId } = await tx.certificates.insert(row);
              await tx.certificates.moveToRevoked(certificateId, scene.clock.now(), reason);
            }
          });
        }
        await issuer.publishCrl(id, new AbortController().signal);
        const crl = await scene.database.read.crls.get(id);
        if (crl === undefined) throw new Error(`there is no list of ${id}`);
        const pem = encodePem('X509 CRL', Buffer.concat(crlParts(crl)));
        put({ title: `list of ${role}, ${keyKind}, ${state}`, kind: role === 'root' ? 'root-list' : 'list', pem });
      }
    }
    return made;
  } finally {
    await scene.remove();
  }
}

/** Each profile as it comes, and without what it may leave out. */
function shapes(): readonly { readonly profile: Profile; readonly shape: string }[] {
  return defaultProfiles.flatMap((profile) => [
    { profile, shape: 'as it comes' },
    {
      profile: { ...profile, id: `${profile.id}-bare`, includesCommonName: false, includesSubjectKeyId: false },
      shape: 'bare',
    },
  ]);
}

function isKeyOf({ keyKinds }: Profile, key: string): boolean {
  return keyKinds.some((kind) => (kind === 'rsa' ? key.startsWith('RSA') : kind === key));
}

function kindOf({ isPublicLike, level }: Profile): Made['kind'] {
  return isPublicLike ? `public-${level}` : 'private';
}
