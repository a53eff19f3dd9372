/** CAs as they are (contract §3.3): what is particular about each, and nothing else. */
import type { Misbehavior } from './manners.ts';
import type { AcmeCaSettings } from './settings.ts';

export type Preset = 'letsEncrypt' | 'google' | 'zeroSsl' | 'sectigo' | 'digiCert' | 'sslCom' | 'stepCa' | 'pebble';

interface Likeness {
  readonly settings: Partial<AcmeCaSettings>;
  readonly manners: readonly Misbehavior[];
}

const always = Number.POSITIVE_INFINITY;
const minuteMs = 60_000;

export const presets = {
  /** The same order for the same names, valid authorizations again, no dates, no list of orders, addresses in one profile only. */
  letsEncrypt: {
    settings: {
      organization: 'Like Lets Encrypt',
      profiles: { classic: 'as ever', tlsserver: 'slim', shortlived: 'for days' },
      defaultProfile: 'first',
      addressProfiles: ['shortlived'],
      listsOrders: false,
      reusesOrders: true,
      authorizationReuseRate: 1,
      finalize: { isSynchronous: false, takesMs: 2000 },
    },
    manners: [],
  },
  /** An account is not read, but looked up by its key. */
  google: {
    settings: {
      organization: 'Like Google',
      requiresBinding: true,
      accountsAreReadable: false,
      takesDates: true,
      refusesClientAuth: true,
    },
    manners: [],
  },
  /** Challenges are `processing` for minutes, and Retry-After says a day. */
  zeroSsl: {
    settings: {
      organization: 'Like ZeroSSL',
      requiresBinding: true,
      hasRenewalInfo: false,
      hasKeyChange: false,
      sellsAddresses: false,
      validation: { looksAfterMs: 0, tellsAfterMs: 5 * minuteMs },
      challengeRetrySeconds: 86_400,
    },
    manners: [],
  },
  /** Names are proved by agreement, finalize takes its time, and statuses and types are its own. */
  sectigo: {
    settings: {
      organization: 'Like Sectigo',
      requiresBinding: true,
      finalize: { isSynchronous: true, takesMs: 45_000 },
    },
    manners: [
      { on: 'newOrder', how: 'alwaysValid', times: always },
      { on: 'any', how: 'status401', times: always },
      { on: 'certificate', how: 'wrongContentType', times: always },
    ],
  },
  /** Refuses what it has issued, charges once more for asking again, and keeps its authorizations to itself. */
  digiCert: {
    settings: { organization: 'Like DigiCert', requiresBinding: true, finalizeAgain: 'issue' },
    manners: [
      { on: 'newOrder', how: 'bornReady', times: always },
      { on: 'authorization', how: { problem: 'unauthorized', detail: 'not for you' }, times: always },
      {
        on: 'finalize',
        how: {
          problem: 'urn:ietf:params:acme:error:finalizeorderrequestError',
          detail: 'the order could not be finalized',
          status: 400,
          subproblems: [{ type: 'urn:ietf:params:acme:error:orderAlreadyFinalized' }],
          hasActed: true,
        },
        times: always,
      },
    ],
  },
  /** A missing contact comes to light at the end. */
  sslCom: {
    settings: { organization: 'Like SSL Com', requiresContact: 'finalize', accountsAreReadable: false },
    manners: [],
  },
  /** At once, and for a day. */
  stepCa: {
    settings: {
      organization: 'Like Step',
      validityDays: 1,
      takesDates: true,
      finalize: { isSynchronous: true, takesMs: 0 },
    },
    manners: [],
  },
  /** Strict, and at random whatever clients must cope with. */
  pebble: {
    settings: {
      organization: 'Like Pebble',
      isStrict: true,
      profiles: { default: 'usual', shortlived: 'for days' },
      defaultProfile: 'random',
      retryAfter: 'either',
      authorizationReuseRate: 0.5,
      alternates: 2,
      validation: { looksAfterMs: 2000, tellsAfterMs: 0 },
      finalize: { isSynchronous: false, takesMs: 1000 },
    },
    manners: [{ on: 'any', how: 'badNonce', rate: 0.05 }],
  },
} as const satisfies Readonly<Record<Preset, Likeness>>;
