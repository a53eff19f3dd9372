/** Keys and certificates of the CA: one intermediate under as many roots as there are chains, and leaves as wrong as they are wanted. */
import { generateKeyPairSync } from 'node:crypto';
import { type Identifier, parseIdentifier } from '../../../src/domain/identifier.ts';
import { intermediateTbs, rootTbs } from '../../../src/pki/ca-certificate.ts';
import { type Certificate, parseCertificate } from '../../../src/pki/certificate.ts';
import { createLocalSigner, type LocalSigner } from '../../../src/pki/key.ts';
import { createLeafTemplate, serialFrom } from '../../../src/pki/leaf-template.ts';
import { encodeName } from '../../../src/pki/name.ts';
import { assembleSigned } from '../../../src/pki/signature.ts';
import type { Dice } from './dice.ts';

const leafMisfits = ['anotherKey', 'missingName', 'furtherName', 'expired', 'notYetValid', 'usedSerial'] as const;

/** Wrong certificates that the authority itself makes. */
export type LeafMisfit = (typeof leafMisfits)[number];

export function leafMisfitsIn(takes: (misfit: LeafMisfit) => boolean): readonly LeafMisfit[] {
  return leafMisfits.filter(takes);
}

export interface LeafRequest {
  readonly names: readonly string[];
  readonly spkiDer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly misfits: readonly LeafMisfit[];
}

export interface Authority {
  /** @throws for usedSerial where there is no certificate yet */
  issue(request: LeafRequest): Buffer;
  /** From the intermediate to the root: the default chain first. */
  chains(alternates: number): readonly (readonly Uint8Array[])[];
  /** Of the same names, and of other keys. */
  readonly strangersChain: readonly Uint8Array[];
  /** A key that nobody ordered for. */
  readonly strangersSpki: Uint8Array;
  /** A server certificate under the first root, as PEM, with its key. */
  serverCertificate(names: readonly string[]): { readonly key: string; readonly cert: string; readonly ca: string };
}

const dayMs = 86_400_000;
const caSpan = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2045-01-01T00:00:00Z') };

export function createAuthority(organization: string, dice: Dice): Authority {
  const intermediate = newKey();
  const strangers = newKey();
  const serverRoot = makeRoot(organization, 'Root', dice);
  const roots = [serverRoot];
  const chainUnder = (root: Root, spkiDer: Uint8Array): readonly Uint8Array[] => [
    signedBy(
      root.signer,
      intermediateTbs({
        ...caSpan,
        signatureAlgorithm: root.signer.algorithm,
        serial: serialFrom(dice.bytes(16)),
        subjectName: encodeName({ O: organization, CN: `${organization} TLS` }),
        spkiDer,
        issuerName: root.certificate.subject.der,
        issuerKeyId: Buffer.from(root.certificate.subjectKeyId ?? '', 'hex'),
      }),
    ),
    root.certificate.der,
  ];
  const chains = [chainUnder(serverRoot, intermediate.spkiDer)];
  const issuer = parseCertificate(chains[0]?.[0] ?? Buffer.alloc(0));
  const template = templateUnder(issuer, intermediate);
  const serials: Uint8Array[] = [];

  return {
    chains(alternates) {
      while (chains.length <= alternates) {
        const root = makeRoot(organization, `Root ${roots.length + 1}`, dice);
        roots.push(root);
        chains.push(chainUnder(root, intermediate.spkiDer));
      }
      return chains.slice(0, alternates + 1);
    },
    strangersChain: chainUnder(makeRoot(organization, 'Root', dice), strangers.spkiDer),
    strangersSpki: strangers.spkiDer,
    issue({ names, spkiDer, notBefore, notAfter, misfits }) {
      const is = (misfit: LeafMisfit) => misfits.includes(misfit);
      const serial = is('usedSerial') ? serials[0] : serialFrom(dice.bytes(16));
      if (serial === undefined) throw new Error('no serial number has been used yet');
      serials.push(serial);
      const lifeMs = notAfter.getTime() - notBefore.getTime();
      const byMs = (is('expired') ? -2 * lifeMs : 0) + (is('notYetValid') ? 3 * dayMs : 0);
      return signedBy(
        intermediate.signer,
        template.tbs({
          serial,
          notBefore: new Date(notBefore.getTime() + byMs),
          notAfter: new Date(notAfter.getTime() + byMs),
          spkiDer: is('anotherKey') ? strangers.spkiDer : spkiDer,
          names: namesFor(names, misfits),
        }),
      );
    },
    serverCertificate(names) {
      const { signer, spkiDer, pem } = newKey();
      const tbs = templateUnder(serverRoot.certificate, serverRoot).tbs({
        serial: serialFrom(dice.bytes(16)),
        ...caSpan,
        spkiDer,
        names: names.map((name) => serverName(name)),
      });
      const der = assembleSigned(tbs, signer.algorithm, serverRoot.signer.signSync(tbs));
      return { key: pem, cert: pemOf(der), ca: pemOf(serverRoot.certificate.der) };
    },
  };
}

interface Key {
  readonly signer: LocalSigner;
  readonly spkiDer: Uint8Array;
  readonly pem: string;
}

interface Root extends Key {
  readonly certificate: Certificate;
}

function newKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    signer: createLocalSigner(privateKey.export({ format: 'der', type: 'pkcs8' })),
    spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function makeRoot(organization: string, name: string, dice: Dice): Root {
  const key = newKey();
  const tbs = rootTbs({
    ...caSpan,
    signatureAlgorithm: key.signer.algorithm,
    serial: serialFrom(dice.bytes(16)),
    subjectName: encodeName({ O: organization, CN: `${organization} ${name}` }),
    spkiDer: key.spkiDer,
  });
  return { ...key, certificate: parseCertificate(signedBy(key.signer, tbs)) };
}

function templateUnder(issuer: Certificate, { signer }: Pick<Key, 'signer'>) {
  return createLeafTemplate({
    issuerName: issuer.subject.der,
    issuerKeyId: Buffer.from(issuer.subjectKeyId ?? '', 'hex'),
    signatureAlgorithm: signer.algorithm,
    validationLevel: 'dv',
    policies: [],
  });
}

/** In this thread: no turn of a fake clock passes. */
function signedBy(signer: LocalSigner, tbs: Uint8Array): Buffer {
  return assembleSigned(tbs, signer.algorithm, signer.signSync(tbs));
}

function namesFor(names: readonly string[], misfits: readonly LeafMisfit[]): readonly Identifier[] {
  const kept = misfits.includes('missingName') ? names.slice(1) : names;
  const all = misfits.includes('furtherName') ? [...kept, 'www.also.example'] : kept;
  return all.map((name) => parseIdentifier(name, 'name'));
}

function serverName(name: string): Identifier {
  return name === 'localhost' ? { kind: 'dns', value: name } : parseIdentifier(name, 'name');
}

export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
