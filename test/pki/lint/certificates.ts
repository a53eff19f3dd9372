/** Certificates to be signed that lint has nothing to say of, by the writers that make the real ones, and ways to spoil them. */
import { type Identifier, parseIdentifier } from '../../../src/domain/identifier.ts';
import { defaultProfiles, type Profile } from '../../../src/domain/profile.ts';
import { intermediateTbs, rootTbs } from '../../../src/pki/ca-certificate.ts';
import { oid } from '../../../src/pki/der-writer.ts';
import { generateKey } from '../../../src/pki/key.ts';
import { createLeafTemplate } from '../../../src/pki/leaf-template.ts';
import type { CertificateFacts } from '../../../src/pki/lint/index.ts';
import { encodeName, type NameFields } from '../../../src/pki/name.ts';
import { oids } from '../../../src/pki/oid.ts';
import { type KeyAlgorithm, keyIdentifier } from '../../../src/pki/public-key.ts';
import { childOf, type DerNode, encodeTree, leafNode, parseTree } from '../../support/der-tree.ts';

export interface Fixture {
  readonly tbs: Buffer;
  readonly facts: CertificateFacts;
}

export const now: Date = new Date('2026-06-01T00:00:00Z');
const dayMs = 86_400_000;
const serial = Buffer.from('4a5b6c7d8e9fa0b1c2d3e4f500112233', 'hex');
const caName = encodeName({ O: 'Example', CN: 'Example TLS CA E1' });
const rootName = encodeName({ O: 'Example', CN: 'Example Root CA E1' });
const caKeyId = Buffer.alloc(20, 7);
const issuer: CertificateFacts['issuer'] = {
  name: caName,
  keyId: caKeyId,
  keyKind: 'P-256',
  period: { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2036-01-01T00:00:00Z') },
  pathLength: 0,
};

const organization: NameFields = { C: 'CN', ST: 'Guangdong', L: '深圳', O: 'Example Ltd' };
const registered: NameFields = {
  ...organization,
  businessCategory: 'Private Organization',
  jurisdictionC: 'CN',
  serialNumber: '91440300MA5',
};

interface LeafOptions {
  readonly profile: string;
  readonly names: readonly string[];
  readonly key?: KeyAlgorithm;
  readonly organization?: NameFields;
}

const p256: KeyAlgorithm = { type: 'ec', curve: 'P-256' };

async function leaf(options: LeafOptions): Promise<Fixture> {
  const profile = profileNamed(options.profile);
  const template = createLeafTemplate({
    issuerName: caName,
    issuerKeyId: caKeyId,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    validationLevel: profile.level,
    policies: profile.policyOids,
    caIssuersUrl: 'http://ca.example.com/pki/ca_1.cer',
    crlUrl: 'http://ca.example.com/pki/ca_1.crl',
  });
  const { spkiDer } = await generateKey(options.key ?? p256);
  const names = options.names.map((name): Identifier => parseIdentifier(name, 'names'));
  const notBefore = new Date(now.getTime() - 60_000);
  const tbs = template.tbs({
    serial,
    notBefore,
    notAfter: new Date(notBefore.getTime() + profile.maxValidityDays * dayMs - 1000),
    spkiDer,
    names,
    ...(options.organization === undefined ? {} : { organization: options.organization }),
  });
  return { tbs, facts: { kind: 'leaf', issuer, profile } };
}

function profileNamed(id: string): Profile {
  const found = defaultProfiles.find((profile) => profile.id === id);
  if (found === undefined) throw new Error(`there is no profile ${id}`);
  return found;
}

const caDates = {
  serial,
  notBefore: new Date(now.getTime() - 60_000),
  signatureAlgorithm: 'ecdsa-with-SHA256',
} as const;

async function root(): Promise<Fixture> {
  const { spkiDer } = await generateKey(p256);
  const tbs = rootTbs({ ...caDates, subjectName: rootName, spkiDer, notAfter: new Date(now.getTime() + 7000 * dayMs) });
  const own = { name: rootName, keyId: keyIdentifier(spkiDer), keyKind: 'P-256', period: null } as const;
  return { tbs, facts: { kind: 'root', issuer: { ...own, pathLength: undefined }, profile: null } };
}

async function intermediate(): Promise<Fixture> {
  const { spkiDer } = await generateKey(p256);
  const tbs = intermediateTbs({
    ...caDates,
    subjectName: caName,
    spkiDer,
    notAfter: new Date(now.getTime() + 3000 * dayMs),
    issuerName: rootName,
    issuerKeyId: caKeyId,
    caIssuersUrl: 'http://ca.example.com/pki/ca_0.cer',
    crlUrl: 'http://ca.example.com/pki/ca_0.crl',
  });
  return { tbs, facts: { kind: 'intermediate', issuer: { ...issuer, name: rootName, pathLength: 1 }, profile: null } };
}

const names = ['example.com', '*.example.com'];

/** By what they are. */
export const fixtures = {
  dv: await leaf({ profile: 'private-dv', names: [...names, '192.0.2.7', '2001:db8::7', 'host.internal'] }),
  publicDv: await leaf({ profile: 'public-dv', names: [...names, '9.9.9.9', '2620:fe::9'] }),
  ov: await leaf({ profile: 'private-ov', names, organization }),
  publicOv: await leaf({ profile: 'public-ov', names, organization }),
  ev: await leaf({ profile: 'private-ev', names, organization: registered }),
  publicEv: await leaf({ profile: 'public-ev', names: ['www.example.com', 'example.com'], organization: registered }),
  rsa: await leaf({ profile: 'private-dv', names, key: { type: 'rsa', bits: 2048 } }),
  ed25519: await leaf({ profile: 'private-dv', names, key: { type: 'ed25519' } }),
  p384: await leaf({ profile: 'public-dv', names, key: { type: 'ec', curve: 'P-384' } }),
  long: await leaf({ profile: 'private-dv', names: [`${'a'.repeat(63)}.${'b'.repeat(63)}.example.com`] }),
  root: await root(),
  intermediate: await intermediate(),
} as const satisfies Record<string, Fixture>;

/** A TBSCertificate that is being spoiled. */
export class Spoiled {
  readonly tree: DerNode;

  constructor(tbs: Uint8Array) {
    this.tree = parseTree(tbs);
  }

  get serial(): DerNode {
    return childOf(this.tree, 1);
  }
  get signature(): DerNode {
    return childOf(this.tree, 2);
  }
  get issuer(): DerNode {
    return childOf(this.tree, 3);
  }
  get validity(): DerNode {
    return childOf(this.tree, 4);
  }
  /** Its RDNs. */
  get subject(): DerNode {
    return childOf(this.tree, 5);
  }
  get key(): DerNode {
    return childOf(this.tree, 6);
  }
  get extensions(): DerNode {
    return childOf(this.tree, 7, 0);
  }

  /** The Extension with this OID. */
  extension(dotted: string): DerNode {
    const wanted = oid(dotted);
    const found = this.extensions.children.find((one) => encodeTree(childOf(one, 0)).equals(wanted));
    if (found === undefined) throw new Error(`there is no extension ${dotted}`);
    return found;
  }

  /** Changes what is inside the OCTET STRING. */
  inside(dotted: string, change: (content: DerNode) => void): void {
    const value = childOf(this.extension(dotted), -1);
    const content = parseTree(value.bytes);
    change(content);
    value.bytes = encodeTree(content);
  }

  remove(dotted: string): void {
    const { extensions } = this;
    const gone = this.extension(dotted);
    extensions.children = extensions.children.filter((one) => one !== gone);
  }

  /** Adds an extension with this content. */
  add(dotted: string, content: Uint8Array, { isCritical = false } = {}): void {
    const critical = isCritical ? [leafNode(0x01, Uint8Array.of(0xff))] : [];
    this.extensions.children.push(sequenceOf([parseTree(oid(dotted)), ...critical, leafNode(0x04, content)]));
  }

  /** The value of the attribute of the subject with this OID. */
  attribute(dotted: string): DerNode {
    const wanted = oid(dotted);
    const rdn = this.subject.children.find((one) => encodeTree(childOf(one, 0, 0)).equals(wanted));
    if (rdn === undefined) throw new Error(`there is no attribute ${dotted}`);
    return childOf(rdn, 0, 1);
  }

  /** Adds an attribute at the end of the subject, or at a place. */
  addAttribute(dotted: string, value: DerNode, at: number = this.subject.children.length): void {
    const rdn = { tag: 0x31, bytes: Buffer.alloc(0), children: [sequenceOf([parseTree(oid(dotted)), value])] };
    this.subject.children.splice(at, 0, rdn);
  }

  removeAttribute(dotted: string): void {
    const gone = this.attribute(dotted);
    this.subject.children = this.subject.children.filter((one) => childOf(one, 0, 1) !== gone);
  }

  /** Adds a name to the subjectAltName. */
  addName(tag: number, value: string | Uint8Array): void {
    this.inside(oids.subjectAltName, (names) => names.children.push(leafNode(tag, value)));
  }

  done(): Buffer {
    return encodeTree(this.tree);
  }
}

export function sequenceOf(children: readonly DerNode[]): DerNode {
  return { tag: 0x30, bytes: Buffer.alloc(0), children: [...children] };
}
