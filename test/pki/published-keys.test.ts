/**
 * Each row of the table is computed again from the private key as its document prints it: the scalar, the seed or the two
 * primes. A wrong digit would give another key.
 */

import assert from 'node:assert/strict';
import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { generateKey } from '../../src/pki/key.ts';
import {
  fingerprintsOf,
  listPublishedKeys,
  modulusFingerprint,
  modulusHashOf,
  publishedIn,
} from '../../src/pki/key-fingerprint.ts';
import { parsePublicKey, spkiSha256 } from '../../src/pki/public-key.ts';
import { rsaSpki, withOpenSsl } from './support.ts';

type Private =
  | { readonly curve: 'P-256' | 'P-384' | 'P-521'; readonly scalar: string }
  | { readonly seed: string }
  | { readonly primes: readonly [p: string, q: string] };

const hexOf = (base64Url: string) => Buffer.from(base64Url, 'base64url').toString('hex');

const privateKeys: Readonly<Record<string, Private>> = {
  'RFC 9500 §2.1, testRSA2048': {
    primes: [
      '3RBXAjgvIys2gfU3keImF8e_TprLge1I2vbWmV2j6rZCg5r_AS0upii5CvJ5_T5vfJPNgPBy8B_yRDs-6PJO1GmnlhOkG9JAIPkv0RBZvR0PMBtbp6nTY3yo1lwamBVBfY6rc0sLTzosZh2aGoLzrHNMQFMGaauORzBFpY5lU50',
      'zPHlu5DI6Xgep1vr8QvCUuEesCOgJg8Yh1UqVoY_SmQh6MYAv1I9bLGwrb3WW_7kqIoDfj0aQV5buVZI2loMomtU9KY5SFIsPV-JuUpy7_-VE01ZQM5FdY8wiYCQiVZYju9XWz5LxMNoz-gT7pwlLCsC4N-R8aoBk404aF1gum8',
    ],
  },
  'RFC 9500 §2.1, testRSA4096': {
    primes: [
      '4EG98cm1aaz16AItIRuHG18pIUGlif0PbctZR2scHaQBjdeh4Qg5MnRe88Zs9_8xPu1MsWgd750pzD_oevetGenvNFZiycT05ucHqk6ZSWNMCGRxpVtnRsKu74dx7yGi7oq03sTCBDxwz7qJ5esvYuoHx0vUFmdpEqlYn7PtcCiPigPRkcWKiJbosg8e3pGAztMDWfdfSK_pfEbuWcknHnE3VUrXBVYXhI_TBBzWMEf2RiwOZuGDn2PGEtSjV_XldjVqqufGSsC_2dZe30svNNrb32kGIMiVykTZYdoFsTYrStXarLkP9YYzXs1-HXoWAMsas3JpW27HcXYh276TVw',
      'zPVRKdO5JMg4p2zTadRunLgT_js5uvHrEBhH0x0JE1ADqy_COUMc2m6ZCIg96KBUbjUoN9TrlctB2O7BSmbNOMIkfoKjlDkpJ7v1cKhlXg8qwkPl-4dv0gtIdnOidy2pcMHfR6Mt6op15wlUcyKcaTyIajFtLOy_A1l7BMqeyr2jNm4HZIgFmyRZb1326FaX2-YqsvjMcax_dDtkEm0B8rNhJxbsp2l15RTtTXijIpC-CoLxRBSZK9GAPa3Jg93ydtLK4aCpA_keeL48C8r1jzzpjRI6pshfZVHFcAf-R3rIfgOLmpSsxiDeEiWBBTRKDPs3ZVBejn7IasCG9lVkIw',
    ],
  },
  'RFC 9500 §2.3, testECCP256': {
    curve: 'P-256',
    scalar: 'e6cb5bdd80aa45ae9c95e8c15476679ffec953c16851e711e743939589c64fc1',
  },
  'RFC 9500 §2.3, testECCP384': {
    curve: 'P-384',
    scalar: 'e2563328dfabf68188606b91324281c1d58a4456431b09d510b35fecc9f307ca1822846fa2671371a9a81bac0e35749d',
  },
  'RFC 9500 §2.3, testECCP521': {
    curve: 'P-521',
    scalar:
      '01d924dcca0a887f8d99767a37d874e637a12ccb477d6e08665356694d68b7655e5069638fde7b45c854013dc77a35b18655b84c966a60220d40f91ed9f5145802ea',
  },
  'RFC 6979 §A.2.5': { curve: 'P-256', scalar: 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721' },
  'RFC 6979 §A.2.6': {
    curve: 'P-384',
    scalar: '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
  },
  'RFC 6979 §A.2.7': {
    curve: 'P-521',
    scalar:
      '00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538',
  },
  'RFC 7515 §A.3': { curve: 'P-256', scalar: hexOf('jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI') },
  'RFC 7515 §A.4': {
    curve: 'P-521',
    scalar: hexOf('AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C'),
  },
  'RFC 7517 §A.2, the EC key': { curve: 'P-256', scalar: hexOf('870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE') },
  'RFC 9421 §B.1.3, test-key-ecc-p256': {
    curve: 'P-256',
    scalar: hexOf('UpuF81l-kOxbjf7T4mNSv0r5tN67Gim7rnf6EFpcYDs'),
  },
  'RFC 7517 §A.2, the RSA key': {
    primes: [
      '83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs',
      '3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk',
    ],
  },
  'RFC 7515 §A.2': {
    primes: [
      '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
      'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
    ],
  },
  'RFC 8032 §7.1, TEST 1': { seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60' },
  'RFC 8032 §7.1, TEST 2': { seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb' },
  'RFC 8032 §7.1, TEST 3': { seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7' },
  'RFC 8032 §7.1, TEST 1024': { seed: 'f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5' },
  'RFC 8032 §7.1, TEST SHA(abc)': { seed: '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42' },
  'RFC 8410 §10.3': { seed: 'd4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842' },
  'RFC 9421 §B.1.4, test-key-ed25519': { seed: hexOf('n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU') },
};

const orders = { 'P-256': ['prime256v1', 32], 'P-384': ['secp384r1', 48], 'P-521': ['secp521r1', 66] } as const;

function spkiOf(key: Private): Buffer {
  if ('primes' in key) {
    const [p, q] = key.primes.map((prime) => BigInt(`0x${hexOf(prime)}`));
    return rsaSpki((p ?? 0n) * (q ?? 0n));
  }
  return exported('seed' in key ? publicKeyOfSeed(key.seed) : publicKeyOfScalar(key));
}

const exported = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

/** RFC 8410 §7: the seed with what stands before every one. */
function publicKeyOfSeed(seed: string): KeyObject {
  const key = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

function publicKeyOfScalar({ curve, scalar }: Extract<Private, { curve: string }>): KeyObject {
  const [name, size] = orders[curve];
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(Buffer.from(scalar.padStart(size * 2, '0').slice(-size * 2), 'hex'));
  const point = ecdh.getPublicKey();
  const coordinate = (start: number) => point.subarray(start, start + size).toString('base64url');
  const [x, y] = [coordinate(1), coordinate(1 + size)];
  return createPublicKey({ key: { kty: 'EC', crv: curve, x, y }, format: 'jwk' });
}

describe('published keys', () => {
  for (const [keyHash, document] of listPublishedKeys()) {
    it(`${document} is known by its hash`, () => {
      const key = privateKeys[document] ?? assert.fail(`the test has no private key of ${document}`);
      assert.equal(spkiSha256(spkiOf(key)), keyHash);
      assert.equal(publishedIn([keyHash]), document);
      const modulusHash = modulusHashOf(parsePublicKey(spkiOf(key)));
      assert.equal(publishedIn([modulusHash]), 'primes' in key ? document : undefined);
    });
  }

  it('are every key of the test, and no other key is one', async () => {
    assert.deepEqual(
      listPublishedKeys()
        .map(([, document]) => document)
        .toSorted(),
      Object.keys(privateKeys).toSorted(),
    );
    const { spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
    assert.equal(publishedIn([spkiSha256(spkiDer)]), undefined);
  });
});

describe('the fingerprint of a modulus', () => {
  it('is what openssl-vulnkey computes: the end of the SHA-1 of what openssl prints of it', async () => {
    const { spkiDer } = await generateKey({ type: 'rsa', bits: 2048 });
    const key = parsePublicKey(spkiDer);
    const digest = withOpenSsl(({ write, run }) => {
      write('key.der', spkiDer);
      write('line', run('rsa', '-pubin', '-inform', 'DER', '-in', 'key.der', '-modulus', '-noout'));
      return run('dgst', '-sha1', '-r', 'line').slice(20, 40);
    });
    assert.ok(key.type === 'rsa');
    assert.equal(modulusFingerprint(key.rsa), digest);
    assert.deepEqual(fingerprintsOf(key), [spkiSha256(spkiDer), digest]);
  });

  it('is the same for another exponent, and curves have none', async () => {
    const modulus = 0xf3n << 2040n;
    const [one, other] = [parsePublicKey(rsaSpki(modulus, 65537n)), parsePublicKey(rsaSpki(modulus, 65539n))];
    assert.equal(fingerprintsOf(one)[1], fingerprintsOf(other)[1]);
    assert.notEqual(fingerprintsOf(one)[0], fingerprintsOf(other)[0]);
    const curve = parsePublicKey((await generateKey({ type: 'ec', curve: 'P-384' })).spkiDer);
    assert.equal(fingerprintsOf(curve).length, 1);
  });
});
