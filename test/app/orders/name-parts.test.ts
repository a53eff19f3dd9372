/**
 * A refusal of several names says of each what is wrong with it (RFC 8555 §6.7.1). Every message that names a name is in one of
 * the two lists below, so that a new one is thought about.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../../../src/domain/account.ts';
import type { NameChoice } from '../../../src/domain/challenge.ts';
import { CertError, forEachName, type Reason, type ReasonOfName, refuse } from '../../../src/domain/errors.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { ReasonKey } from '../../../src/domain/messages/index.ts';
import { objectionToNames } from '../../../src/domain/policy.ts';
import type { Product } from '../../../src/domain/product.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createPublicSuffixes, isSpecialPurpose } from '../../../src/system/index.ts';
import {
  type Customer,
  createCustomer,
  issue,
  names,
  offering,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { reasonSamples } from '../../support/message-samples.ts';

let app: TestApp;
let customer: Customer;
before(async () => {
  app = await startTestApp({ mail: createMailFake() });
  customer = await createCustomer(app, { roles: ['administrator'], balanceMinor: 1_000_000 });
});
after(() => app.close());

async function reasonOf(call: Promise<unknown> | (() => unknown)): Promise<Reason> {
  try {
    await (typeof call === 'function' ? call() : call);
  } catch (thrown) {
    if (thrown instanceof CertError) return thrown.reason;
    throw thrown;
  }
  return assert.fail('it is refused');
}

const parsed = (texts: readonly string[]) => () => forEachName(texts, String, (text) => parseIdentifier(text, 'names'));

/** Objections of the policy, by what it allows. */
function objection(
  texts: readonly string[],
  product: Partial<Product> = {},
  allowedNames: readonly string[] | null = null,
) {
  const profile = defaultProfiles.find(({ id }) => id === 'public-dv') ?? assert.fail();
  const found = objectionToNames(names(...texts), {
    profile,
    account: { allowedNames } as unknown as Account,
    product: { maxNames: 10, allowsWildcard: true, allowsIpv4: true, allowsIpv6: true, ...product } as Product,
    publicSuffixes: createPublicSuffixes(),
    isSpecialPurpose,
  });
  return Promise.resolve(found ?? assert.fail('it objects'));
}

const choices = (choice: NameChoice['choice']): readonly NameChoice[] =>
  names('a.example', 'b.example').map((name) => ({ name, choice }));

const chosen = async (choice: NameChoice['choice']) => {
  const { order } = await place(
    app,
    customer.caller,
    ['a.example', 'b.example', 'c.example'],
    offering(challengesOfFile),
  );
  const refused = await reasonOf(app.ports.proving.chooseMethods(customer.caller, order, choices(choice)));
  assert.deepEqual(
    await reasonOf(
      place(app, customer.caller, ['a.example', 'b.example'], {
        ...offering(challengesOfFile),
        choices: choices(choice),
      }),
    ),
    refused,
    'the same while ordering',
  );
  return refused;
};

const challengesOfFile = () => [
  { method: 'httpFile', binding: 'server', path: '/proof.txt', content: 'proof' } as const,
  { method: 'email', binding: 'server', addresses: ['admin@example.com'] } as const,
];

/** How two names are refused for the reason at once. */
const ofSeveral: Readonly<Partial<Record<ReasonKey, () => Promise<Reason>>>> = {
  nameTooLong: () => reasonOf(parsed([`${'a.'.repeat(130)}example`, 'b.example', `${'b.'.repeat(130)}example`])),
  nameBadLabel: () => reasonOf(parsed(['a_b.example', 'b.example', '-c.example'])),
  nameBadUnicode: () => reasonOf(parsed(['\u200d.example', 'b.example', 'a\u200d.example'])),
  nameBadWildcard: () => reasonOf(parsed(['a*.example', 'b.example', '*.*.example'])),
  nameSingleLabel: () => reasonOf(parsed(['one', 'b.example', 'two'])),
  nameIsPublicSuffix: () => objection(['co.uk', 'b.example.com', 'com.cn']),
  nameUnknownSuffix: () => objection(['a.internal', 'b.example.com', 'c.lan']),
  nameDuplicate: () => objection(['a.example.com', 'a.example.com', 'b.example.com', 'b.example.com']),
  nameIpNotAllowed: () => objection(['192.0.2.1', 'b.example.com', '192.0.2.2'], { allowsIpv4: false }),
  nameIpReserved: () => objection(['10.0.0.1', 'b.example.com', '10.0.0.2']),
  nameReverseZone: () => objection(['1.2.in-addr.arpa', 'b.example.com', '1.ip6.arpa']),
  nameWildcardNotAllowed: () =>
    objection(['*.a.example.com', 'b.example.com', '*.c.example.com'], { allowsWildcard: false }),
  nameNotAllowedForAccount: () => objection(['a.example.com', 'b.example.net', 'c.example.com'], {}, ['example.net']),
  nameNotAllowedInContainer: async () => {
    const container = await app.ports.containers.add(customer.caller, {
      name: 'Sales',
      allowedNames: ['sales.example'],
    });
    const texts = ['a.example', 'sales.example', 'b.example'];
    return reasonOf(place(app, customer.caller, texts, { container: { id: container.id } }));
  },
  nothingToProve: () =>
    reasonOf(
      place(app, customer.caller, ['a.example', 'b.example', 'c.example'], {
        ...offering((name) => (name.value === 'b.example' ? challengesOfFile() : [])),
      }),
    ),
  nameNotInOrder: async () => {
    const { order } = await issue(app, customer.caller, ['own.example']);
    const request = await reissueFor(['a.example', 'own.example', 'b.example']);
    return reasonOf(app.ports.issuances.duplicate(customer.caller, order, request));
  },
  methodNotAllowed: () => chosen('dnsTxt'),
  mailAddressMissing: () => chosen('email'),
  mailAddressNotAllowed: () => chosen({ method: 'email', address: 'stranger@example.com' }),
};

/** Shown with their parts in the tests of these files. */
const elsewhere: readonly ReasonKey[] = [
  'caaProhibits', // app/issuing/caa
  'caaUnavailable',
  'ancestorWrong', // dialects/acme/subdomains
  'checkFailed', // app/proving/check-on-request
  'proofEnded',
  'validationExpired', // app/proving/validation
  'proofsNotFound', // dialects/digicert/order-proofs
  'proofsByMail',
  'nothingToRelay', // app/issuing/relay
  'nameNotInNamedOrder', // dialects/acme/actions
  'nameNotAllowedForKey', // dialects/acme/key-policy
  'methodsOfKeyProveNothing',
  'methodNotOfKey', // dialects/acme/key-policy-others
  'proofNotOfKey',
];

/** About a single name by their nature: what one check of one name found, or a request about one name. */
const ofOne: readonly ReasonKey[] = [
  'acmeAuthorizationOver', // of an order that is shown: the first name
  'preAuthorizedWildcard', // of one name before it is ordered
  'csrLacksNames', // of one CSR, with all of its names
  'csrHasOtherNames',
  'csrNameOctets', // of the first name of a CSR that cannot be read
  'checkedByIssuer', // authorizations.deactivate
  'issuerKeptName', // of one removal at an upstream
  'issuerRefusedMethod', // of one change at an upstream
  'nginxNamesLeftOut', // of one site: the first name behind the limit
  'nothingToShow', // for the operator: the first name that hinders
  'dnsCaseChanged',
  'dnsLoop',
  'dnsMalformed',
  'dnsNoRecord',
  'dnsNoSuchName',
  'dnsOtherRecord',
  'dnsServerFailure',
  'dnsTimeout',
  'dnsWrongTarget',
  'dnsWrongText',
  'persistEnded',
  'persistMalformed',
  'persistNoIssuer',
  'persistNotBelow',
  'persistOtherAccount',
  'mailRejected', // of one mail
  'nameNotProved', // WoSign names the first one
  'proofTooOld', // of one domain
  'nameExcludedByAuthority', // the first name that the certificates of the CA do not allow
  'nameOutsideAuthority',
  'addressByDns', // the first name that an upstream cannot certify
  'caTakesNoAddress',
  'caTakesNoWildcard',
  'wildcardByFile',
  'wildcardOverHttp',
  'caCouldNotValidate', // the first name that a CA gives up
  'caOffersNoChallenge',
  'onlyDelegation', // a choice of method for one name
  'relayedNamesProved', // of removals at an upstream, one after the other
  'responderOther', // parts of a preparation, one for each name
  'responderUnchecked',
  'responderUnreachable',
  'vendorFileMissing',
  'vendorTakesNoIpv6', // the first address of an order, as caTakesNoAddress
  'vendorTakesWildcardsOnly', // the first name of an order without a wildcard
];

describe('a message about names', () => {
  it('is in one of the lists of this test', () => {
    const found = Object.entries(reasonSamples).flatMap(([key, [sample]]) =>
      'name' in sample || 'names' in sample ? [key] : [],
    );
    assert.deepEqual(found.toSorted(), [...Object.keys(ofSeveral), ...elsewhere, ...ofOne].toSorted());
  });

  for (const [key, refusalOf] of Object.entries(ofSeveral)) {
    it(`has a part for each of two names: ${key}`, async () => {
      const found = await refusalOf();
      assert.equal(found.key, key);
      const parts: readonly ReasonOfName[] = found.parts ?? [];
      assert.equal(parts.length, 2);
      assert.equal(new Set(parts.map(({ name }) => name)).size, 2);
      for (const part of parts) assert.equal(part.reason.key, key);
      const [first] = parts;
      assert.deepEqual(found.params, first?.reason.params, 'the whole says what it said before, of the first');
    });
  }
});

describe('forEachName', () => {
  it('answers what each check answered, and one refusal alone as it was', async () => {
    assert.deepEqual(
      forEachName(['a', 'b'], String, (text, index) => `${text}${index}`),
      ['a0', 'b1'],
    );
    const one = await reasonOf(parsed(['one', 'b.example']));
    assert.equal(one.parts, undefined);
  });

  it('keeps the reasons apart where they differ', async () => {
    const { key, parts } = await reasonOf(parsed(['one', 'a*.example']));
    assert.equal(key, 'nameSingleLabel');
    assert.deepEqual(
      parts?.map(({ name, reason }) => [name, reason.key]),
      [
        ['one', 'nameSingleLabel'],
        ['a*.example', 'nameBadWildcard'],
      ],
    );
  });

  it('does not take a fault of ours for one of a name', () => {
    const broken = () => forEachName(['a', 'b'], String, () => assert.fail('broken'));
    assert.throws(broken, { name: 'AssertionError' });
    const ours = () =>
      forEachName(['a', 'b'], String, () => {
        throw refuse('internal', {});
      });
    assert.throws(ours, (thrown) => thrown instanceof CertError && thrown.reason.parts === undefined);
  });
});
