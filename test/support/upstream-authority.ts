/** The authority of the upstreams in tests. It issues for real, and, where a test wants it, what nobody ordered. */
import type { Identifier } from '../../src/domain/identifier.ts';
import type { Randomness } from '../../src/domain/ports/system.ts';
import { intermediateTbs, rootTbs } from '../../src/pki/ca-certificate.ts';
import { type Certificate, parseCertificate } from '../../src/pki/certificate.ts';
import { createLocalSigner, generateKey, type LocalSigner } from '../../src/pki/key.ts';
import { createLeafTemplate, serialFrom } from '../../src/pki/leaf-template.ts';
import { encodeName } from '../../src/pki/name.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';

/** Fault of the certificates it issues. */
export type Misfit =
  | 'anotherKey'
  | 'missingName'
  | 'furtherName'
  | 'noChain'
  | 'strangersChain'
  | 'expired'
  | 'usedSerial'
  | 'notDer';

export interface LeafOrder {
  readonly spkiDer: Uint8Array;
  readonly names: readonly Identifier[];
  readonly now: Date;
  readonly randomness: Randomness;
  readonly misfit?: Misfit | undefined;
  /** A certificate of before, whose serial `usedSerial` takes. */
  readonly earlier?: Uint8Array | undefined;
  readonly days?: number;
}

const dayMs = 86_400_000;

/** Chain nearest first, with the root. */
export async function issueLeaf(order: LeafOrder): Promise<{ der: Uint8Array; chain: readonly Uint8Array[] }> {
  made ??= makeAuthority();
  const authority = await made;
  const { misfit, names, randomness, earlier, days = 47 } = order;
  const { signer, certificate, chain } = authority;
  const nowMs = Math.floor(order.now.getTime() / 1000) * 1000;
  const notBefore = new Date(misfit === 'expired' ? nowMs - 20 * dayMs : nowMs - 3_600_000);
  const tbs = createLeafTemplate({
    issuerName: certificate.subject.der,
    issuerKeyId: Buffer.from(certificate.subjectKeyId ?? '', 'hex'),
    signatureAlgorithm: signer.algorithm,
    validationLevel: 'dv',
    policies: [],
  }).tbs({
    serial:
      misfit === 'usedSerial' && earlier !== undefined
        ? parseCertificate(earlier).serial
        : serialFrom(randomness.bytes(16)),
    notBefore,
    // Not what was planned: an upstream chooses by itself.
    notAfter: new Date(notBefore.getTime() + (misfit === 'expired' ? 10 : days) * dayMs - 1000),
    spkiDer: misfit === 'anotherKey' ? authority.strangersSpki : order.spkiDer,
    names: namesFor(names, misfit),
  });
  const der = await signAndAssemble(tbs, signer);
  if (misfit === 'notDer') return { der: Buffer.from('<html>Bad Gateway</html>'), chain };
  if (misfit === 'noChain') return { der, chain: [] };
  return { der, chain: misfit === 'strangersChain' ? authority.strangersChain : chain };
}

function namesFor(names: readonly Identifier[], misfit: Misfit | undefined): readonly Identifier[] {
  if (misfit === 'missingName') return names.slice(1);
  if (misfit === 'furtherName') return [...names, { kind: 'dns', value: 'www.also.example' }];
  return names;
}

interface Authority {
  readonly signer: LocalSigner;
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
  readonly strangersChain: readonly Uint8Array[];
  readonly strangersSpki: Uint8Array;
}

let made: Promise<Authority> | undefined;

/** Once for each test file. */
async function makeAuthority(): Promise<Authority> {
  const own = await makeChain('Upstream Ltd');
  const strangers = await makeChain('Upstream Ltd');
  const { spkiDer: strangersSpki } = await generateKey({ type: 'ec', curve: 'P-256' });
  return { ...own, strangersChain: strangers.chain, strangersSpki };
}

async function makeChain(organization: string) {
  const root = await generateKey({ type: 'ec', curve: 'P-256' });
  const intermediate = await generateKey({ type: 'ec', curve: 'P-256' });
  const rootSigner = createLocalSigner(root.privateKeyPkcs8);
  const common = {
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2040-01-01T00:00:00Z'),
    signatureAlgorithm: rootSigner.algorithm,
  };
  const subjectName = encodeName({ O: organization, CN: `${organization} Root` });
  const rootDer = await signAndAssemble(
    rootTbs({ ...common, serial: Buffer.from([1]), subjectName, spkiDer: root.spkiDer }),
    rootSigner,
  );
  const rootCertificate = parseCertificate(rootDer);
  const der = await signAndAssemble(
    intermediateTbs({
      ...common,
      serial: Buffer.from([2]),
      subjectName: encodeName({ O: organization, CN: `${organization} TLS` }),
      spkiDer: intermediate.spkiDer,
      issuerName: rootCertificate.subject.der,
      issuerKeyId: Buffer.from(rootCertificate.subjectKeyId ?? '', 'hex'),
    }),
    rootSigner,
  );
  return {
    signer: createLocalSigner(intermediate.privateKeyPkcs8),
    certificate: parseCertificate(der),
    chain: [der, rootDer],
  };
}
