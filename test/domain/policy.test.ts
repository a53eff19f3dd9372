/** Whether we are willing to issue: every objection there is, in the order in which they are raised. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Account } from '../../src/domain/account.ts';
import type { Authorization } from '../../src/domain/authorization.ts';
import type { Binding, Challenge } from '../../src/domain/challenge.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import {
  acceptedChallenges,
  canProve,
  canProveBy,
  holdsFor,
  isReusable,
  objectionToKey,
  objectionToNames,
  provedUntil,
  provingNames,
  reusableProofs,
} from '../../src/domain/policy.ts';
import { type Product, priceOfAddedNames, priceOfNames } from '../../src/domain/product.ts';
import { defaultProfiles, type KeyKind, type Profile } from '../../src/domain/profile.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import { createPublicSuffixes, isSpecialPurpose } from '../../src/system/index.ts';

const names = (...texts: string[]) => texts.map((text) => parseIdentifier(text, 'names'));

function profile(id: string): Profile {
  const found = defaultProfiles.find((candidate) => candidate.id === id);
  assert.ok(found !== undefined);
  return found;
}

const account = { allowedNames: null } as unknown as Account;
const product = {
  maxNames: 3,
  allowsWildcard: true,
  allowsIpv4: true,
  allowsIpv6: true,
  currency: 'CNY',
  prices: { fqdnMinor: 100, wildcardMinor: 1000, ipMinor: 10_000 },
} as Product;
const publicSuffixes = createPublicSuffixes();

describe('objectionToNames', () => {
  interface Case {
    readonly profile?: string;
    readonly product?: Partial<Product>;
    readonly allowedNames?: readonly string[];
  }
  const rows: readonly (readonly [names: readonly string[], objection: string | undefined, around?: Case])[] = [
    [['example.com'], undefined],
    [['example.com', 'www.example.com', '*.example.com'], undefined],
    [
      ['a.example.com', 'b.example.com', 'c.example.com', 'd.example.com'],
      '4 names were requested; this product covers at most 3',
    ],
    [['example.com', 'EXAMPLE.com.'], 'the name example.com is listed twice; list it once'], // the same once canonical
    [['example.com', '*.example.com', 'www.example.com'], undefined], // overlapping is not double
    [
      ['*.example.com'],
      '*.example.com is a wildcard, which this product does not cover',
      { product: { allowsWildcard: false } },
    ],
    [['co.uk'], 'co.uk is a public suffix, under which anyone can register names; order a name below it'],
    [['*.co.uk'], '*.co.uk is a public suffix, under which anyone can register names; order a name below it'],
    [['github.io'], 'github.io is a public suffix, under which anyone can register names; order a name below it'], // the list's private section
    [
      ['example.com', 'com.cn'],
      'com.cn is a public suffix, under which anyone can register names; order a name below it',
    ], // the second name
    [['example.co.uk'], undefined],
    [
      ['7.2.0.192.in-addr.arpa'],
      '7.2.0.192.in-addr.arpa is in a reverse-lookup zone (in-addr.arpa, ip6.arpa), for which no certificates are issued',
    ],
    [
      ['*.8.b.d.0.1.0.0.2.ip6.arpa'],
      '*.8.b.d.0.1.0.0.2.ip6.arpa is in a reverse-lookup zone (in-addr.arpa, ip6.arpa), for which no certificates are issued',
    ],
    [['in-addr.arpa.example.com'], undefined],
    [['notip6.arpa.example.com'], undefined],
    // private names
    [['db.corp.internal'], undefined],
    [
      ['db.corp.internal'],
      'db.corp.internal does not end in a known public suffix, as this product requires',
      { profile: 'public-dv' },
    ],
    [['example.com'], undefined, { profile: 'public-dv' }],
    // addresses
    [['192.0.2.7', '2001:db8::7'], undefined],
    [['8.8.8.8'], '8.8.8.8 is an IPv4 address, which this product does not cover', { product: { allowsIpv4: false } }],
    [
      ['2001:4860::8'],
      '2001:4860::8 is an IPv6 address, which this product does not cover',
      { product: { allowsIpv6: false } },
    ],
    [['2001:4860::8'], undefined, { product: { allowsIpv4: false } }],
    [['10.0.0.1'], undefined],
    [
      ['10.0.0.1'],
      '10.0.0.1 is an address reserved for special use; this product covers public addresses only',
      { profile: 'public-dv' },
    ],
    [
      ['fd00::1'],
      'fd00::1 is an address reserved for special use; this product covers public addresses only',
      { profile: 'public-ov' },
    ],
    [
      ['::ffff:10.0.0.1'],
      '::ffff:a00:1 is an address reserved for special use; this product covers public addresses only',
      { profile: 'public-dv' },
    ], // hidden in IPv6
    [['8.8.8.8', '2001:4860:4860::8888'], undefined, { profile: 'public-dv' }],
    // no EV certificate of a public-like profile holds either, whatever the product says
    [['*.example.com'], '*.example.com is a wildcard, which this product does not cover', { profile: 'public-ev' }],
    [['8.8.8.8'], '8.8.8.8 is an IPv4 address, which this product does not cover', { profile: 'public-ev' }],
    [['*.example.com', '8.8.8.8'], undefined, { profile: 'private-ev' }],
    // what an account may order
    [['example.com', '*.a.example.com'], undefined, { allowedNames: ['example.com'] }],
    [['*.example.com'], undefined, { allowedNames: ['example.com'] }],
    [
      ['badexample.com'],
      'badexample.com is not among the names that this account may order; the operator can allow it',
      { allowedNames: ['example.com'] },
    ],
    [
      ['example.com.evil.net'],
      'example.com.evil.net is not among the names that this account may order; the operator can allow it',
      { allowedNames: ['example.com'] },
    ],
    [
      ['example.com'],
      'example.com is not among the names that this account may order; the operator can allow it',
      { allowedNames: [] },
    ],
    [['192.0.2.7'], undefined, { allowedNames: ['192.0.2.7'] }],
    [
      ['192.0.2.8'],
      '192.0.2.8 is not among the names that this account may order; the operator can allow it',
      { allowedNames: ['192.0.2.7'] },
    ],
    [
      ['10.192.0.2'],
      '10.192.0.2 is not among the names that this account may order; the operator can allow it',
      { allowedNames: ['192.0.2'] },
    ], // no "below" for addresses
  ];
  for (const [texts, objection, around = {}] of rows) {
    const where = [around.profile, around.product && JSON.stringify(around.product), around.allowedNames?.join(' ')];
    test([texts.join(' '), ...where.filter((part) => part !== undefined)].join(' · '), () => {
      const found = objectionToNames(names(...texts), {
        product: { ...product, ...around.product },
        profile: profile(around.profile ?? 'private-dv'),
        account: { ...account, allowedNames: around.allowedNames ?? null },
        publicSuffixes,
        isSpecialPurpose,
      });
      assert.equal(found && renderReason(found, 'en'), objection);
    });
  }
});

test('objectionToNames: where several names are refused, each has its own part and the first one speaks for all.', () => {
  const policy = {
    product: { ...product, maxNames: 9, allowsWildcard: false },
    profile: profile('private-dv'),
    account,
    publicSuffixes,
    isSpecialPurpose,
  };
  const parts = [
    { name: 'co.uk', reason: { key: 'nameIsPublicSuffix', params: { name: 'co.uk' } } },
    { name: '*.example.com', reason: { key: 'nameWildcardNotAllowed', params: { name: '*.example.com' } } },
    { name: 'example.com', reason: { key: 'nameDuplicate', params: { name: 'example.com' } } },
  ];
  const refused = names('co.uk', 'example.com', '*.example.com', 'example.com');
  assert.deepEqual(objectionToNames(refused, policy), { ...parts[0]?.reason, parts });
  assert.deepEqual(objectionToNames(names('co.uk', 'example.com'), policy), parts[0]?.reason);
});

test('objectionToKey: Ed25519 is for private profiles only.', () => {
  const kinds: readonly KeyKind[] = ['rsa', 'P-256', 'P-384', 'P-521', 'Ed25519'];
  for (const one of defaultProfiles) {
    for (const kind of kinds) {
      const objection = objectionToKey(kind, one);
      const expected =
        one.isPublicLike && kind === 'Ed25519'
          ? `keys of type Ed25519 are not allowed by the profile ${one.id}; use another key type`
          : undefined;
      assert.equal(objection && renderReason(objection, 'en'), expected);
    }
  }
});

const txt: Challenge = { method: 'dnsTxt', binding: 'server', host: '_a.example.com', value: 'b' };
const mail: Challenge = { method: 'email', binding: 'server', addresses: ['admin@example.com'] };
const cname: Challenge = { method: 'dnsCname', binding: 'server', host: '_a.example.com', target: 'b.example.net' };
const file: Challenge = { method: 'httpFile', binding: 'server', path: '/a', content: 'b' };
const secureFile: Challenge = { method: 'httpsFile', binding: 'server', path: '/a', content: 'b' };

describe('which methods prove which names', () => {
  const rows: readonly (readonly [name: string, profileId: string, methods: readonly ValidationMethod[]])[] = [
    ['example.com', 'private-dv', ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt', 'email']],
    ['example.com', 'public-dv', ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt', 'email']],
    ['*.example.com', 'private-dv', ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt', 'email']], // no Encryption365 client sets DNS
    ['*.example.com', 'public-dv', ['dnsCname', 'dnsTxt', 'email']], // BR §3.2.2.4.18
    ['192.0.2.7', 'private-dv', ['httpFile', 'httpsFile']], // an address has no place for a CNAME
    ['2001:db8::7', 'public-dv', ['httpFile', 'httpsFile']],
  ];
  for (const [name, profileId, methods] of rows) {
    test(`${name} under ${profileId}: ${methods.join(', ')}`, () => {
      const identifier = parseIdentifier(name, 'names');
      const accepted = acceptedChallenges([file, secureFile, cname, txt, mail], identifier, profile(profileId));
      assert.deepEqual(
        accepted.map(({ method }) => method),
        methods,
      );
    });
  }

  test('a method that the profile does not list proves nothing', () => {
    const dnsOnly: Profile = { ...profile('private-dv'), methods: ['dnsCname'] };
    const [name] = names('example.com');
    assert.ok(name !== undefined);
    assert.equal(canProve('httpFile', name, dnsOnly), false);
    assert.equal(canProve('dnsCname', name, dnsOnly), true);
  });
});

describe('isReusable', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const authorization = {
    state: 'valid',
    identifier: parseIdentifier('*.example.com', 'names'),
    checkedBy: null,
    provedBy: 'dnsCname',
    provedAt: daysAgo(10),
    binding: 'server',
    keyHash: null,
    validUntil: daysAgo(-10),
  } as Authorization;
  const rows: readonly (readonly [
    why: string,
    change: Partial<Authorization>,
    profileId: string,
    expected: boolean,
  ])[] = [
    ['a young proof', {}, 'public-dv', true],
    [
      'one that is 199 days old, less a millisecond',
      { provedAt: new Date(daysAgo(199).getTime() + 1) },
      'public-dv',
      true,
    ],
    ['one that is 199 days old', { provedAt: daysAgo(199) }, 'public-dv', false],
    ['one whose time is over although nobody marked it', { validUntil: now }, 'public-dv', false],
    ['one marked expired', { state: 'expired' }, 'public-dv', false],
    ['one that an upstream checked', { checkedBy: 'racent' }, 'private-dv', false],
    ['one still pending', { state: 'pending', provedBy: null, provedAt: null, validUntil: null }, 'public-dv', false],
    ['a wildcard proved by file, for a profile that accepts it', { provedBy: 'httpFile' }, 'private-dv', true],
    ['a wildcard proved by file, for one that does not', { provedBy: 'httpFile' }, 'public-dv', false],
    ['one that says valid but not by what', { provedBy: null }, 'private-dv', false],
  ];
  for (const [why, change, profileId, expected] of rows) {
    test(`${why}: ${expected ? 'yes' : 'no'}`, () => {
      const about = { name: authorization.identifier, keyHash: null, profile: profile(profileId), now };
      assert.equal(isReusable({ ...authorization, ...change }, about), expected);
    });
  }

  test('a profile that allows no reuse reuses nothing', () => {
    const never = { ...profile('private-dv'), reuseDays: 0 };
    const about = { name: authorization.identifier, keyHash: null, profile: never, now };
    assert.equal(isReusable({ ...authorization, provedAt: now }, about), false);
  });
});

describe('what a proof holds for', () => {
  const [own, key, other] = ['example.com', 'a'.repeat(64), 'b'.repeat(64)];
  const rows: readonly (readonly [
    binding: Binding | null,
    proved: string,
    ofKey: string | null,
    name: string,
    forKey: string | null,
    expected: boolean,
  ])[] = [
    ['server', own, null, own, key, true],
    ['server', own, null, 'www.example.com', other, true], // whether the method reaches so far is another question
    ['server', own, null, own, null, true],
    ['account', own, null, own, key, true],
    ['account', own, null, '*.example.com', null, true],
    ['request', own, key, own, key, true],
    ['request', own, key, own, other, false], // the second attack: B's own key
    ['request', own, key, own, null, false], // a CSR that comes later, a domain
    ['request', own, null, own, null, false], // no key is not the same as no key
    ['request', own, key, 'www.example.com', key, false],
    ['request', own, key, '*.example.com', key, false],
    ['request', '*.example.com', key, own, key, false],
    [null, own, null, own, key, false], // from before there were bindings
    [null, own, null, own, null, false],
  ];
  for (const [binding, proved, ofKey, name, forKey, expected] of rows) {
    const keyText = forKey === null ? 'no key' : forKey === ofKey ? 'its key' : 'a key';
    test(`${binding} of ${proved} for ${name} and ${keyText}: ${expected ? 'yes' : 'no'}`, () => {
      const held = { binding, keyHash: ofKey, identifier: parseIdentifier(proved, 'names') };
      assert.equal(holdsFor(held, { name: parseIdentifier(name, 'names'), keyHash: forKey }), expected);
    });
  }

  test('a young proof by a good method serves no other key than its own', () => {
    const now = new Date('2026-06-01T00:00:00Z');
    const identifier = parseIdentifier(own, 'names');
    const proof = {
      state: 'valid',
      identifier,
      checkedBy: null,
      provedBy: 'dnsCname',
      provedAt: now,
      binding: 'request',
      keyHash: key,
      validUntil: new Date(now.getTime() + 1),
    } as Authorization;
    const use = { name: identifier, profile: profile('public-dv'), now };
    assert.deepEqual(
      [key, other, null].map((keyHash) => isReusable(proof, { ...use, keyHash })),
      [true, false, false],
    );
    // And one that serves is found behind one that does not.
    const of = { ...proof, keyHash: other };
    const found = reusableProofs([of, proof], { ...use, names: [identifier], keyHash: key });
    assert.deepEqual([...found.values()], [proof]);
  });
});

describe('what a proof of another name proves', () => {
  const rows: readonly (readonly [proved: string, name: string, by: Readonly<Record<string, string>>])[] = [
    [
      'example.com',
      'www.example.com',
      { 'private-dv': 'dnsCname dnsTxt dnsPersist email', 'public-dv': 'dnsCname dnsTxt dnsPersist email' },
    ],
    ['example.com', 'a.b.c.example.com', { 'public-dv': 'dnsCname dnsTxt dnsPersist email' }],
    [
      'example.com',
      '*.example.com',
      {
        'private-dv': 'httpFile httpsFile dnsCname dnsTxt dnsPersist email',
        'public-dv': 'dnsCname dnsTxt dnsPersist email',
      },
    ],
    [
      'example.com',
      '*.www.example.com',
      { 'private-dv': 'dnsCname dnsTxt dnsPersist email', 'public-dv': 'dnsCname dnsTxt dnsPersist email' },
    ],
    ['example.com', 'example.com', { 'public-dv': 'httpFile httpsFile tlsAlpn dnsCname dnsTxt dnsPersist email' }],
    ['example.com', 'anexample.com', { 'private-dv': '', 'public-dv': '' }], // ends the same, but in no label
    ['www.example.com', 'example.com', { 'private-dv': '', 'public-dv': '' }], // never upwards
    ['www.example.com', 'ftp.example.com', { 'private-dv': '' }],
    ['*.example.com', 'www.example.com', { 'private-dv': '' }], // a wildcard's proof is for the wildcard
    ['*.example.com', 'example.com', { 'private-dv': '' }],
    ['192.0.2.7', '192.0.2.8', { 'private-dv': '' }],
    ['0.2.7.example', '192.0.2.7', { 'private-dv': '' }],
  ];
  for (const [proved, name, by] of rows) {
    for (const [profileId, expected] of Object.entries(by)) {
      test(`${proved} for ${name} under ${profileId}: ${expected === '' ? 'nothing' : expected}`, () => {
        const about = {
          proved: parseIdentifier(proved, 'names'),
          name: parseIdentifier(name, 'names'),
          profile: profile(profileId),
        };
        const methods = profile(profileId).methods.filter((method) => canProveBy(method, about));
        assert.equal(methods.join(' '), expected);
      });
    }
  }

  test('a method that the profile does not list proves nothing of other names either', () => {
    const fileOnly: Profile = { ...profile('private-dv'), methods: ['httpFile'] };
    const [proved, name] = names('example.com', 'www.example.com');
    assert.ok(proved !== undefined && name !== undefined);
    assert.equal(canProveBy('dnsTxt', { proved, name, profile: fileOnly }), false);
  });

  test('a record that says so proves nothing below its name', () => {
    const [proved, below, wildcard] = names('example.com', 'www.example.com', '*.example.com');
    assert.ok(proved !== undefined && below !== undefined && wildcard !== undefined);
    for (const [coversBelow, expected] of [
      [false, [true, false, false]],
      [true, [true, true, true]],
    ] as const) {
      const about = { proved, profile: profile('private-dv'), coversBelow };
      const found: readonly boolean[] = [proved, below, wildcard].map((one) =>
        canProveBy('dnsPersist', { ...about, name: one }),
      );
      assert.deepEqual(found, expected);
    }
  });
});

describe('evidence lasts', () => {
  const checkedAt = new Date('2026-06-01T08:00:00Z');
  const checked = {
    binding: 'server',
    proved: true,
    checkedAt,
    durationMs: 1,
    asked: '',
    answeredBy: [],
    answer: '',
  } as const;
  const days = (end: Date) => (end.getTime() - checkedAt.getTime()) / 86_400_000;
  const rows: readonly (readonly [
    method: ValidationMethod,
    reuseDays: number,
    forSeconds: number | null,
    days: number,
  ])[] = [
    ['dnsTxt', 199, null, 199], // as long as the profile says
    ['dnsPersist', 199, 86_400 * 30, 10], // BR §3.2.2.4.22
    ['dnsPersist', 7, 86_400 * 30, 7],
    ['dnsPersist', 199, 86_400, 1],
    ['dnsPersist', 0, 86_400, 0],
  ];
  for (const [method, reuseDays, forSeconds, expected] of rows) {
    test(`${method}, ${reuseDays} days by the profile, ${forSeconds} seconds by itself: ${expected} days`, () => {
      const terms = forSeconds === null ? {} : { terms: { coversBelow: false, forSeconds } };
      const end = provedUntil({ ...checked, method, ...terms }, { ...profile('private-dv'), reuseDays });
      assert.equal(days(end), expected);
    });
  }
});

describe('the names whose proof may serve another', () => {
  const rows: readonly (readonly [name: string, candidates: string])[] = [
    ['example.com', 'example.com'],
    ['*.example.com', '*.example.com example.com'],
    ['a.b.example.co.uk', 'a.b.example.co.uk b.example.co.uk example.co.uk'],
    ['*.a.example.com', '*.a.example.com a.example.com example.com'],
    ['someone.github.io', 'someone.github.io'], // strangers register below github.io
    ['www.someone.github.io', 'www.someone.github.io someone.github.io'],
    ['host.corp.internal', 'host.corp.internal corp.internal'],
    ['192.0.2.7', '192.0.2.7'],
    [
      'a.b.c.d.e.f.g.h.i.j.k.example.com',
      'a.b.c.d.e.f.g.h.i.j.k.example.com e.f.g.h.i.j.k.example.com f.g.h.i.j.k.example.com g.h.i.j.k.example.com h.i.j.k.example.com i.j.k.example.com j.k.example.com k.example.com example.com',
    ],
  ];
  for (const [name, candidates] of rows) {
    test(name, () => {
      assert.equal(provingNames(parseIdentifier(name, 'names'), publicSuffixes).join(' '), candidates);
    });
  }
});

describe('reusableProofs', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const proof = (name: string, provedBy: ValidationMethod, age: number, left: number) =>
    ({
      state: 'valid',
      identifier: parseIdentifier(name, 'names'),
      checkedBy: null,
      provedBy,
      provedAt: daysAgo(age),
      binding: 'server',
      keyHash: null,
      validUntil: daysAgo(-left),
    }) as Authorization;

  test('passes over longer ones that the profile does not take', () => {
    const byFile = proof('*.example.com', 'httpFile', 1, 300);
    const old = proof('*.example.com', 'dnsCname', 250, 200);
    const good = proof('*.example.com', 'dnsCname', 100, 99);
    const shorter = proof('*.example.com', 'dnsCname', 100, 98);
    const other = proof('b.example.com', 'httpFile', 1, 300);
    const about = {
      names: names('b.example.com', '*.example.com', 'c.example.com'),
      keyHash: null,
      profile: profile('public-dv'),
      now,
    };
    const found = reusableProofs([other, byFile, old, good, shorter], about);
    assert.deepEqual(
      [...found.entries()],
      [
        ['b.example.com', other],
        ['*.example.com', good],
      ],
    );
  });

  test('takes the own proof before a parent, and the nearest parent before others', () => {
    const top = proof('example.com', 'dnsTxt', 1, 300);
    const near = proof('b.example.com', 'email', 1, 300);
    const own = proof('x.b.example.com', 'httpFile', 1, 10);
    const about = {
      names: names(
        'x.b.example.com',
        'y.b.example.com',
        '*.b.example.com',
        'b.example.com',
        'c.example.com',
        'ab.example.org',
      ),
      keyHash: null,
      profile: profile('public-dv'),
      now,
    };
    const found = reusableProofs([top, near, own], about);
    assert.deepEqual([...found.values()], [own, near, near, near, top]);
    assert.deepEqual([...reusableProofs([], about)], []);
  });
});

describe('prices', () => {
  const rows: readonly (readonly [names: readonly string[], minor: number])[] = [
    [[], 0],
    [['example.com'], 100],
    [['example.com', 'www.example.com'], 200],
    [['*.example.com'], 1000],
    [['192.0.2.7'], 10_000],
    [['2001:db8::7'], 10_000],
    [['example.com', '*.example.com', '192.0.2.7'], 11_100],
  ];
  for (const [texts, minor] of rows) {
    test(`${texts.join(' ') || 'no name'} costs ${minor}`, () => {
      assert.deepEqual(priceOfNames(product, names(...texts)), { minor, currency: 'CNY' });
      assert.deepEqual(priceOfNames(product, names(...texts), 3), { minor: 3 * minor, currency: 'CNY' });
    });
  }

  const reissues: readonly (readonly [before: readonly string[], after: readonly string[], minor: number])[] = [
    [['example.com'], ['example.com'], 0],
    [['example.com'], ['example.com', 'www.example.com'], 100],
    [['example.com', 'www.example.com'], ['example.com'], 0], // dropped names are not refunded
    [['example.com'], ['*.example.com'], 1000], // a wildcard is another name
    [['example.com', 'a.example.com'], ['b.example.com', 'example.com'], 100],
  ];
  for (const [before, after, minor] of reissues) {
    test(`a reissue of ${before.join(' ')} as ${after.join(' ')} costs ${minor}`, () => {
      const added = { before: names(...before), after: names(...after) };
      assert.deepEqual(priceOfAddedNames(product, { ...added, periods: 1 }), { minor, currency: 'CNY' });
      assert.deepEqual(priceOfAddedNames(product, { ...added, periods: 2 }), { minor: 2 * minor, currency: 'CNY' });
    });
  }
});

describe('the built-in profiles', () => {
  test('of public certificates keep a day below the limits of the Baseline Requirements', () => {
    for (const one of defaultProfiles.filter(({ isPublicLike }) => isPublicLike)) {
      assert.equal(one.maxValidityDays, 199); // BR §6.3.2
      assert.equal(one.reuseDays, 199); // BR §4.2.1
      assert.ok(one.validationDays <= 30); // BR §4.2.1
      assert.equal(one.wildcardByFile, false); // BR §3.2.2.4.18
      assert.equal(one.allowsReservedIp, false); // BR §4.2.2
      assert.equal(one.requiresKnownSuffix, true);
      assert.equal(one.policyOids.length, 1); // BR §7.1.6.1
    }
  });

  test('of private certificates claim no policy and stay below 398 days', () => {
    for (const one of defaultProfiles.filter(({ isPublicLike }) => !isPublicLike)) {
      assert.deepEqual(one.policyOids, []);
      assert.ok(one.maxValidityDays < 398);
    }
  });

  test('have an id each', () => {
    const ids = defaultProfiles.map(({ id }) => id);
    assert.deepEqual(ids, ['private-dv', 'private-ov', 'private-ev', 'public-dv', 'public-ov', 'public-ev']);
  });
});
