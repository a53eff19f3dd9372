/** The object identifiers that certmux reads or writes, their names for people, and their encoding (X.690 §8.19). */

export const oids = {
  // Keys and signatures: RFC 3279, RFC 5480, RFC 5758, RFC 8410
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  p384: '1.3.132.0.34',
  p521: '1.3.132.0.35',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  md5WithRSAEncryption: '1.2.840.113549.1.1.4',
  sha1WithRSAEncryption: '1.2.840.113549.1.1.5',
  sha256WithRSAEncryption: '1.2.840.113549.1.1.11',
  sha384WithRSAEncryption: '1.2.840.113549.1.1.12',
  sha512WithRSAEncryption: '1.2.840.113549.1.1.13',
  ecdsaWithSha1: '1.2.840.10045.4.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  // Requests: RFC 2985; Microsoft's own number for the same attribute
  extensionRequest: '1.2.840.113549.1.9.14',
  microsoftExtensionRequest: '1.3.6.1.4.1.311.2.1.14',
  // Containers: RFC 5652 §4, §5, §8; RFC 7292 Appendix D; RFC 2985 §5.5
  pkcs7Data: '1.2.840.113549.1.7.1',
  pkcs7SignedData: '1.2.840.113549.1.7.2',
  pkcs7EncryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  pkcs8ShroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  // Encryption under a password: RFC 8018; Sun's own for its keystores
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbmac1: '1.2.840.113549.1.5.14',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  hmacWithSha1: '1.2.840.113549.2.7',
  hmacWithSha256: '1.2.840.113549.2.9',
  hmacWithSha384: '1.2.840.113549.2.10',
  hmacWithSha512: '1.2.840.113549.2.11',
  pbeWithSha1And3Des: '1.2.840.113549.1.12.1.3',
  pbeWithSha1And40BitRc2: '1.2.840.113549.1.12.1.6',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  desEde3Cbc: '1.2.840.113549.3.7',
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  javaKeyProtector: '1.3.6.1.4.1.42.2.17.1.1',
  // Extensions of certificates and CRLs: RFC 5280 §4.2, §5.2, §5.3
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  signedCertificateTimestamps: '1.3.6.1.4.1.11129.2.4.2',
  acmeIdentifier: '1.3.6.1.5.5.7.1.31',
  // Access methods, key purposes, policies
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  anyPolicy: '2.5.29.32.0',
  policyConstraints: '2.5.29.36',
  inhibitAnyPolicy: '2.5.29.54',
  cpsQualifier: '1.3.6.1.5.5.7.2.1',
  // EV guidelines §7.1.2.2
  cabfOrganizationIdentifier: '2.23.140.3.1',
  // BR §7.1.6.1
  extendedValidated: '2.23.140.1.1',
  domainValidated: '2.23.140.1.2.1',
  organizationValidated: '2.23.140.1.2.2',
} as const;

/** What clients send and certmux does not accept, by the names of RFC 3279, RFC 5480, RFC 5639, RFC 5758 and FIPS 202. */
const foreign = [
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10040.4.3', 'dsa-with-SHA1'],
  ['2.16.840.1.101.3.4.3.1', 'dsa-with-SHA224'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-SHA256'],
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.113549.1.1.15', 'sha512-224WithRSAEncryption'],
  ['1.2.840.113549.1.1.16', 'sha512-256WithRSAEncryption'],
  ['1.3.14.3.2.29', 'sha1WithRSAEncryption (OIW)'],
  ['1.3.36.3.3.1.2', 'ripemd160WithRSAEncryption'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['2.16.840.1.101.3.4.3.9', 'ecdsa-with-SHA3-224'],
  ['2.16.840.1.101.3.4.3.10', 'ecdsa-with-SHA3-256'],
  ['2.16.840.1.101.3.4.3.11', 'ecdsa-with-SHA3-384'],
  ['2.16.840.1.101.3.4.3.12', 'ecdsa-with-SHA3-512'],
  ['2.16.840.1.101.3.4.3.14', 'sha3-256WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.15', 'sha3-384WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.16', 'sha3-512WithRSAEncryption'],
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
  ['1.2.156.10197.1.301', 'SM2'],
  ['1.2.156.10197.1.501', 'SM2-with-SM3'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
] as const;

const displayNames = new Map<string, string>([
  ...foreign,
  ...Object.entries(oids).map(([name, dotted]): [string, string] => [dotted, name]),
  [oids.rsaPss, 'RSASSA-PSS'],
  [oids.ecdsaWithSha1, 'ecdsa-with-SHA1'],
  [oids.ecdsaWithSha256, 'ecdsa-with-SHA256'],
  [oids.ecdsaWithSha384, 'ecdsa-with-SHA384'],
  [oids.ecdsaWithSha512, 'ecdsa-with-SHA512'],
  [oids.ed25519, 'Ed25519'],
  [oids.ed448, 'Ed448'],
  [oids.p256, 'P-256'],
  [oids.p384, 'P-384'],
  [oids.p521, 'P-521'],
]);

/** Longer ones do not occur; the bound keeps the dotted text small whatever is sent. */
const maxOidBytes = 64;

/** The name people know it by, or the dotted number. */
export function oidName(dotted: string): string {
  return displayNames.get(dotted) ?? dotted;
}

/** The dotted form of an OID's content octets; undefined when they are not a minimal encoding. */
export function parseOid(content: Uint8Array): string | undefined {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80 || content.length > maxOidBytes) return undefined;
  let dotted = '';
  let arc = 0;
  let arcBytes = 0;
  for (const byte of content) {
    // A leading 0x80 is padding; seven octets are 49 bits, which a number still holds exactly.
    if ((arcBytes === 0 && byte === 0x80) || arcBytes === 7) return undefined;
    arc = arc * 128 + (byte & 0x7f);
    arcBytes += 1;
    if (byte >= 0x80) continue;
    if (dotted === '') {
      const first = Math.min(Math.floor(arc / 40), 2);
      dotted = `${first}.${arc - first * 40}`;
    } else {
      dotted += `.${arc}`;
    }
    arc = 0;
    arcBytes = 0;
  }
  return dotted;
}

/** The content octets of a dotted OID. Takes the constants above and configured policy OIDs, not a stranger's text. */
export function encodeOid(dotted: string): Uint8Array {
  const [first = -1, second = -1, ...rest] = dotted
    .split('.')
    .map((arc) => (/^(0|[1-9][0-9]{0,14})$/.test(arc) ? Number(arc) : -1));
  const isValid = first >= 0 && first <= 2 && second >= 0 && (first === 2 || second < 40) && !rest.includes(-1);
  if (!isValid) throw new Error(`"${dotted}" is not an object identifier`);
  return Uint8Array.from([first * 40 + second, ...rest].flatMap(base128));
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | (left % 128));
  return bytes;
}
