/** The fingerprints by which lists of compromised and weak keys name keys. */

import { hash } from 'node:crypto';
import { type PublicKey, type RsaNumbers, spkiSha256 } from './public-key.ts';

/** Every fingerprint under which a list may hold the key; the SHA-256 of its SubjectPublicKeyInfo is the first. */
export function fingerprintsOf(key: PublicKey): readonly [keyHash: string, ...others: string[]] {
  const keyHash = spkiSha256(key.spkiDer);
  return key.type === 'rsa' ? [keyHash, modulusFingerprint(key.rsa)] : [keyHash];
}

/**
 * What all keys of an RSA modulus are known by: whoever has the private key of one has it of every exponent. SHA-256, so that
 * nobody makes a key that stands for another's. Null for other kinds, of which no two public keys share a private one.
 */
export function modulusHashOf(key: PublicKey): string | null {
  return key.type === 'rsa' ? hash('sha256', Buffer.concat([modulusPrefix, key.rsa.modulus]), 'hex') : null;
}

/** Keeps the hash apart from that of any SubjectPublicKeyInfo, which begins with a SEQUENCE. */
const modulusPrefix = Buffer.from('RSA modulus:');

/**
 * How Debian's list of weak keys names an RSA key (openssl-blacklist, `openssl-vulnkey`): the last 80 bits, as 20 hex
 * digits, of the SHA-1 of the line that `openssl rsa -modulus` prints. Another exponent changes nothing of it. To be on a
 * list by accident takes 2^80 tries, and SHA-1's collisions only give two keys of one person the same fingerprint.
 */
export function modulusFingerprint({ modulus }: Pick<RsaNumbers, 'modulus'>): string {
  return hash('sha1', `Modulus=${modulus.toString('hex').toUpperCase()}\n`, 'hex').slice(-20);
}

/** Of the key and of its modulus: what a key that was made here is known by. */
export function hashesOf(key: PublicKey): readonly string[] {
  const modulusHash = modulusHashOf(key);
  return [spkiSha256(key.spkiDer), ...(modulusHash === null ? [] : [modulusHash])];
}

/**
 * Keys whose private half stands in a document that everybody can read (BR §4.9.1.1 (4), §6.1.1.3). Known by the SHA-256
 * of their SubjectPublicKeyInfo. Each was computed from the private key in the document; the test does it again. Keys that
 * are refused for their size or kind, such as RFC 9500's RSA 1024 and DSA keys, are not listed.
 */
const publishedKeys: ReadonlyMap<string, string> = new Map([
  ['8fb6bad671cfe698393c453357da61b56d757ab8c0f3fb9c87f2849e63131878', 'RFC 9500 §2.1, testRSA2048'],
  ['96465ea5dc9bb2da7b351d808a7196e5761f2412a5040131c68d719aaba28fb9', 'RFC 9500 §2.1, testRSA4096'],
  ['b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e', 'RFC 9500 §2.3, testECCP256'],
  ['c4c10105a0be0ed4dd3354428dc38a9bfee64da141ce16e75c94eda272f9dd3a', 'RFC 9500 §2.3, testECCP384'],
  ['acb1b8327fef995e2458fdf5e3c33b2dc0749feabd6a894cb9bda9d70ac06c24', 'RFC 9500 §2.3, testECCP521'],
  ['5a7a78cca4a0f420d9bc62bb669c3c2759e39f723d3ae10dcbe0f0815a07ecd4', 'RFC 6979 §A.2.5'],
  ['2f95601fa82060b909bfc6b979dbd303d34d34e0afb27ea496beac362f242a4b', 'RFC 6979 §A.2.6'],
  ['2fb6d46385242ea4ad431f7175e7014eb74a5fc60f65b50ca54cc23c5b08de38', 'RFC 6979 §A.2.7'],
  ['6fd13c2435a361e7c588cd17f55f5ad3df0177a66c1727a6a200845f4d7ab88c', 'RFC 7515 §A.2'],
  ['2bd1bb0c44a897c30a7aa0991cde38d8062fe441de50da0f46825344f602e827', 'RFC 7515 §A.3'],
  ['9146ce73d6abeda5e0ab6926e7bd9b563f2f2258b488d520534a0b84ba5871df', 'RFC 7515 §A.4'],
  ['51b944cdfa544d4c3273aa6bf350625a7dd53bbb6a71723274f538b19a207760', 'RFC 7517 §A.2, the EC key'],
  ['ad32320cf6c596d884b05381ba573aba8ddd5749b4de8f4a23a79f9a89ddaeb2', 'RFC 7517 §A.2, the RSA key'],
  ['06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9', 'RFC 8032 §7.1, TEST 1'],
  ['deb2ded39dc26fce0e6085b6fc34bf6b5941913bbfe2ea614113cff9e004c170', 'RFC 8032 §7.1, TEST 2'],
  ['8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5', 'RFC 8032 §7.1, TEST 3'],
  ['e4f982b51ad0bdd87be820b259fe80337ef636e72b9fa7a8867a6949eb610fd6', 'RFC 8032 §7.1, TEST 1024'],
  ['e77db4a9572e9f6552c22bc751d5499ad218a73bdf7e15dc6ea0fc69246a44de', 'RFC 8032 §7.1, TEST SHA(abc)'],
  ['a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f', 'RFC 8410 §10.3'],
  ['55f96361b78cbb84f1fc604b0718e82bd91abb46d8fc25ae871b35fbbf8b7974', 'RFC 9421 §B.1.3, test-key-ecc-p256'],
  ['34571606cb7a0d71be377e671ddcccae2a169ed7733598214129231cd30c4a3c', 'RFC 9421 §B.1.4, test-key-ed25519'],
]);

/** The RSA keys of the table by `modulusHashOf`: with another exponent they are as public. */
const publishedModuli: ReadonlyMap<string, string> = new Map([
  ['4516f21e065665a715a8eb4d2f9e908ae9a4716007cb8cb19153332a572adcd7', 'RFC 9500 §2.1, testRSA2048'],
  ['6418dc577d6ed44be70b73c306e36e72eaa9c842d33bec0b8bf36c79b352808f', 'RFC 9500 §2.1, testRSA4096'],
  ['03bb11359d312de99aa7f8600e0a4bac023331922ac396f5785b0b3e8fbd9625', 'RFC 7517 §A.2, the RSA key'],
  ['6f3619ee1ce8551d438f87be2e8356fdee0da420518c5cb4b9c57ed6442868ab', 'RFC 7515 §A.2'],
]);

/** The document that holds the private key, by any of its hashes; undefined for every other key. */
export function publishedIn(hashes: readonly (string | null)[]): string | undefined {
  for (const hash of hashes) {
    const document = hash === null ? undefined : (publishedKeys.get(hash) ?? publishedModuli.get(hash));
    if (document !== undefined) return document;
  }
  return undefined;
}

/** For lists: all of them, in the order of their documents. */
export function listPublishedKeys(): readonly (readonly [keyHash: string, document: string])[] {
  return [...publishedKeys];
}
