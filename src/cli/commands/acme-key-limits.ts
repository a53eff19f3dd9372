/** What the clients of an ACME key may do: as options, and as it is shown. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WireAcmeKey } from '../../dialects/native/schema.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { collect, wholeNumber } from '../command.ts';
import { wrappedFact } from '../table.ts';
import { coverageText, momentText } from '../words.ts';

export interface LimitOptions {
  readonly allowName?: string[];
  readonly profile?: string[];
  readonly defaultProfile?: string;
  readonly maxDays?: number;
  readonly issuer?: string;
  readonly method?: Method[];
  readonly approval?: WireAcmeKey['approval'];
  readonly accounts?: number;
  readonly allowAddress?: string[];
  readonly preAuthorized?: string[];
  readonly proveAll?: true;
  readonly useBefore?: string;
}

type Method = NonNullable<WireAcmeKey['methods']>[number];

/** By the name of ACME, where it has one. */
const acmeNames: Readonly<Partial<Record<Method, string>>> = {
  httpFile: 'http-01',
  dnsTxt: 'dns-01',
  tlsAlpn: 'tls-alpn-01',
  dnsPersist: 'dns-persist-01',
};

const methods = [
  'httpFile',
  'httpsFile',
  'tlsAlpn',
  'dnsCname',
  'dnsTxt',
  'dnsPersist',
  'email',
] as const satisfies readonly Method[];

function methodOf(text: string): Method {
  const found = methods.find((method) => method === text || acmeNames[method] === text);
  if (found !== undefined) return found;
  const known = methods.map((method) => acmeNames[method] ?? method).join(', ');
  throw new InvalidArgumentError(`It is one of ${known}.`);
}

function accountsOf(text: string): number {
  return text === 'one' ? 1 : wholeNumber(text);
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--allow-name <name>', 'only names under these may be ordered (repeatable)', collect)
    .option('--profile <name>', 'only these profiles of the directory may be named (repeatable)', collect)
    .option('--default-profile <name>', 'what is ordered where the client names no profile')
    .option('--max-days <days>', 'the longest that a certificate lasts', wholeNumber)
    .option('--issuer <id>', 'who issues; only the operator sets it')
    .option(
      '--method <method>',
      'how names are proved: http-01, dns-01, tls-alpn-01, … (repeatable)',
      (text: string, before: readonly Method[] | undefined): readonly Method[] => [...(before ?? []), methodOf(text)],
    )
    .addOption(
      new Option('--approval <how>', "by the account's rule, or none").choices(['account', 'automatic'] as const),
    )
    .option('--accounts <count>', 'ACME accounts that it binds: one, or a number', accountsOf)
    .option('--allow-address <cidr>', 'requests only from these addresses (repeatable)', collect)
    .option(
      '--pre-authorized <name>',
      "names under these need no proof of the client's own once the account has one (repeatable)",
      collect,
    )
    .addOption(new Option('--prove-all', 'its clients prove every name by themselves').conflicts('preAuthorized'))
    .option('--use-before <time>', 'it must be used once before then: 2027-01-31T12:00:00Z');
}

/** What the options say, by the names of the API. */
export function limitsOf(options: LimitOptions) {
  return withDefined({
    names: options.allowName,
    profiles: options.profile,
    defaultProfile: options.defaultProfile,
    maxValidityDays: options.maxDays,
    issuerId: options.issuer,
    methods: options.method,
    approval: options.approval,
    accounts: options.accounts,
    addressRanges: options.allowAddress,
    preAuthorized: options.proveAll === true ? [] : options.preAuthorized,
    expiresAt: options.useBefore,
  });
}

/** What `--lift` takes away. */
const lifted = {
  names: { names: null },
  profiles: { profiles: null },
  'default-profile': { defaultProfile: null },
  'max-days': { maxValidityDays: null },
  issuer: { issuerId: null },
  methods: { methods: null },
  accounts: { accounts: null },
  addresses: { addressRanges: null },
  'pre-authorized': { preAuthorized: null },
  'use-before': { expiresAt: null },
} as const;

export type Lifted = keyof typeof lifted;

export function liftOption(): Option {
  const names = Object.keys(lifted);
  return new Option('--lift <limit>', `takes a limit away (repeatable): ${names.join(', ')}`).argParser(
    (text: string, before: readonly Lifted[] | undefined): readonly Lifted[] => {
      if (!isLifted(text)) throw new InvalidArgumentError(`It is one of ${names.join(', ')}.`);
      return [...(before ?? []), text];
    },
  );
}

function isLifted(text: string): text is Lifted {
  return Object.hasOwn(lifted, text);
}

type Lifts = Partial<
  Record<'names' | 'profiles' | 'defaultProfile' | 'maxValidityDays' | 'issuerId' | 'methods', null>
> &
  Partial<Record<'accounts' | 'addressRanges' | 'preAuthorized' | 'expiresAt', null>>;

export function liftsOf(limits: readonly Lifted[] = []): Lifts {
  let lifts: Lifts = {};
  for (const limit of limits) lifts = { ...lifts, ...lifted[limit] };
  return lifts;
}

/** A key and its limits, for people. Long lists go on in further lines. */
export function factsOf(key: WireAcmeKey): readonly (readonly [string, string | null])[] {
  const { approval, preAuthorized } = key;
  const listed = (items: readonly string[] | null, without: string) => items?.join(', ') ?? without;
  return [
    ['Key', `${key.number} (${key.id})`],
    ['Name', key.name],
    ['Key id', key.keyId],
    ['Account', key.accountId],
    ['Product', key.productCode],
    ['Organization', key.organizationId],
    ['Coverage', coverageText(key.coverage)],
    ...wrappedFact('Names', listed(key.names, 'all of the account')),
    ...wrappedFact('Profiles', listed(key.profiles, 'as the directory offers them')),
    ['Default', key.defaultProfile === null ? null : `the profile ${key.defaultProfile}`],
    ['Longest', key.maxValidityDays === null ? null : `${key.maxValidityDays} days`],
    ['Issuer', key.issuerId],
    ['Methods', key.methods === null ? 'all' : key.methods.map((method) => acmeNames[method] ?? method).join(', ')],
    ['Approval', approval === 'account' ? "by the account's rule" : 'none: automatic'],
    ['Accounts', key.accounts === null ? 'as many as the directory allows' : `at most ${key.accounts}`],
    ...wrappedFact('Addresses', listed(key.addressRanges, 'any')),
    ...wrappedFact(
      'Proofs',
      preAuthorized?.length === 0 ? 'only of its own clients' : listed(preAuthorized, 'all of the account serve'),
    ),
    ['Use before', key.expiresAt === null ? null : momentText(key.expiresAt)],
    ['Created', momentText(key.createdAt)],
    ['Revoked', key.revokedAt === null ? null : momentText(key.revokedAt)],
  ];
}
