/** The configuration: every setting with its default and its meaning. `docs/configuration.md` is made from this. */

import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import { checkAddressRange, isInRanges } from '../domain/address-range.ts';
import { defaultChecksKeepDays } from '../domain/check-record.ts';
import { defaultListSettings } from '../domain/crl-times.ts';
import { CertError } from '../domain/errors.ts';
import { defaultReminderDays } from '../domain/expiry-reminder.ts';
import { type IdentifierKind, parseHostName } from '../domain/identifier.ts';
import { defaultChecksAtOnce } from '../domain/job.ts';
import { isMailbox } from '../domain/mailbox.ts';
import { defaultMailLimits, type MailLimits } from '../domain/outgoing-mail.ts';
import { defaultPendingLimits } from '../domain/pending-limits.ts';
import type { ConfigIssue, Dialect } from '../domain/ports/dialect.ts';
import { defaultRolloverSettings } from '../domain/rollover.ts';
import { aliasZone } from './alias-zone-schema.ts';
import { issuersSection } from './issuers.ts';
import { profilesSection } from './profiles.ts';
import { sessionsSection } from './sessions.ts';
import { settingWords } from './setting-words.ts';
import { wording } from './wording.ts';

const listenUrl = z.string().refine(isListenUrl, settingWords.listenUrl);

const tls = z
  .union([
    z.strictObject({
      certificateFile: z
        .string()
        .min(1)
        .describe(
          'PEM: the certificate and its chain. Looked at again every hour and when the process gets SIGHUP; connections that are open keep the old one.',
        ),
      keyFile: z.string().min(1).describe('PEM: the private key.'),
    }),
    z.strictObject({
      selfServed: z
        .array(hostName(settingWords.hostOrAddress, ['dns', 'wildcard', 'ipv4', 'ipv6']))
        .min(1)
        .describe(
          'Instead of files: host names and addresses for which certmux issues itself a certificate from its own CA. It renews it by itself.',
        ),
    }),
  ])
  .describe('The certificate of https listeners: either files, or certmux serves itself.');

const serveSection = z
  .strictObject({
    listen: z
      .array(listenUrl.refine((url) => url.startsWith('http:'), settingWords.plainHttp))
      .max(8)
      .default([])
      .describe(
        'Listeners of its own, where nothing else is answered, usually http://0.0.0.0:80. An empty list: only those of `listen`, to which web servers hand such paths on.',
      ),
  })
  .describe(
    'The responder of mode `serve`: it answers `/.well-known/acme-challenge/` with the files that upstream CAs look for while they validate names. On the listeners of `listen` it answers where this section is there, or an issuer has the mode `serve`.',
  );

const range = z.string().refine(isRange, settingWords.addressRange);

const mailLimit = (limit: keyof MailLimits, which: string) =>
  z.int().min(1).max(100_000).default(defaultMailLimits[limit]).describe(`Mails ${which}.`);

const pendingLimits = {
  pendingOrders: z.int().min(1).max(10_000_000).describe('Orders that wait for proofs of their names.'),
  unprovedNames: z
    .int()
    .min(1)
    .max(10_000_000)
    .describe('Names in such orders, and names that ACME clients have begun to prove.'),
};

const mail = z
  .strictObject({
    host: z
      .string()
      .refine((text) => /^[^\s/@]+$/.test(text), settingWords.mailServer)
      .describe('Required: the SMTP server that takes our mail.'),
    port: z.int().min(1).max(65535).default(587).describe('587 for `starttls`, mostly 465 for `implicit`.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe(
        '`starttls`: the connection is encrypted before anything else is sent; `implicit`: TLS from the first byte; `none`: in the clear, for a server on this machine.',
      ),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe("PEM: authorities that the server's certificate may come from, instead of the public ones."),
    user: z.string().min(1).optional().describe('Whom to sign in as. Default: no sign-in.'),
    password: z.string().min(1).optional().describe('Better: `passwordFile`.'),
    passwordFile: z.string().min(1).optional().describe('A file with the password; its last line end does not count.'),
    from: z
      .string()
      .refine(isSender, settingWords.sender)
      .describe('Required: the sender of our mail. Its domain must let the server above send for it (SPF, DKIM).'),
    timeoutMs: z.int().min(100).max(60_000).default(20_000).describe('How long one step of a delivery may take.'),
    limits: z
      .strictObject({
        perMailboxPerHour: mailLimit('perMailboxPerHour', 'to one mailbox in an hour'),
        perMailboxPerDay: mailLimit('perMailboxPerDay', 'to one mailbox in a day'),
        perDomainPerHour: mailLimit('perDomainPerHour', 'to all mailboxes of one registrable domain in an hour'),
        perDomainPerDay: mailLimit('perDomainPerDay', 'to all mailboxes of one registrable domain in a day'),
      })
      .prefault({})
      .describe(
        'How much mail leaves, over all accounts together. What somebody asks for beyond it is refused with the time to try again; notices wait. Raise the limits where many accounts name the mailbox of one team.',
      ),
  })
  .describe(
    'The mail server. Without this section names cannot be validated by e-mail, and users are invited only by links that somebody hands over. The links in mails begin with `publicUrl`, which readers of mail must reach. Whoever reads a mailbox can stop the mail to it (`certmux mail list`).',
  );

/** The part of every dialect's section that is the same for all. */
export const dialectBase = z.object({
  enabled: z.boolean().default(true).describe('Whether this front door is open.'),
  hosts: z
    .array(hostName(settingWords.plainHost, ['dns', 'ipv4']))
    .default([])
    .describe(
      'Host names on which every path belongs to this front door, for clients that let only the host be changed.',
    ),
});

/** The dialect reads its own part by itself, see `readDialectSection`. */
const dialectSection = z.looseObject({}).prefault({});

export const mostThreads = 64;

export const threadsSchema = z.union([z.literal('auto'), z.int().min(1).max(mostThreads)]);

export const roles = ['all', 'api', 'worker'] as const;

/** What a node does: requests, jobs, or both. */
export type Role = (typeof roles)[number];

export const configSchema = z.strictObject({
  role: z
    .enum(roles)
    .default('all')
    .describe(
      'What this node does, where several share a PostgreSQL database. `api` answers requests, signs at once what needs nothing else, and leaves jobs to others: checks of names, mails, webhooks, upstream issuers, upkeep. `worker` runs jobs and answers only /healthz, /readyz and /metrics. `all` does both, as a server with the embedded database must. At least one node must run jobs. --role overrides it.',
    ),
  threads: threadsSchema
    .default(1)
    .describe(
      'Threads that do the work. 1: one for everything. More: one that owns the database, and the others for connections and front doors, which do not wait while it writes. auto: as many as there are cores, 8 at most. --threads overrides it.',
    ),
  listen: z
    .array(listenUrl)
    .min(1)
    .default(['http://127.0.0.1:8080'])
    .describe('Where to accept connections. https needs `tls`.'),
  publicUrl: z
    .string()
    .refine(isPlainUrl, settingWords.publicUrl)
    .optional()
    .describe('How clients reach this server. Default: the first listener.'),
  dataDirectory: z
    .string()
    .min(1)
    .default('./data')
    .describe(
      'Database, with the sealed CA keys, and the master key. Made at the first start with access for the owner only.',
    ),
  database: z
    .string()
    .refine(isPostgresUrl, settingWords.databaseUrl)
    .optional()
    .describe(
      'A database on a PostgreSQL server, version 15 or later, instead of a file in the data directory: `postgres://user@host:5432/name`, with `?sslmode=verify-full` over networks that others use. The password is better in the environment variable PGPASSWORD or in a password file than here. The tables are made at the first start.',
    ),
  storage: z
    .strictObject({
      reserveMiB: z
        .int()
        .min(0)
        .max(65_536)
        .default(32)
        .describe(
          'Space in MiB that a file of the data directory keeps for revocation and revocation lists. Everything else is refused while less than a quarter of it is free beside that file. 0: no reserve.',
        ),
    })
    .prefault({})
    .describe('The disk that the data directory is on.'),
  masterKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      '32 bytes as base64 that seal every private key. Default: master.key in the data directory, made at the first start; the environment variable CERTMUX_MASTER_KEY is used instead where it is set. Without it the CA keys are lost: keep a copy elsewhere.',
    ),
  masterKeyOldFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The former master key, when you have changed `masterKeyFile` or CERTMUX_MASTER_KEY: what it sealed is sealed again under the new one while the server runs, and the log says when this setting is no longer needed. The environment variable CERTMUX_MASTER_KEY_OLD does the same.',
    ),
  tls: tls.optional(),
  trustedProxies: z
    .array(range)
    .default([])
    .describe(
      'Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto headers are believed. Nobody else is. Signing in through a proxy needs its address here.',
    ),
  sessions: sessionsSection.prefault({}).describe('How long somebody who signed in to the console stays so.'),
  metricsFrom: z.array(range).default(['127.0.0.0/8', '::1']).describe('Who may read /metrics.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('The least that is written. `debug` has a line for every request.'),
      file: z.string().min(1).optional().describe('Append to this file instead of standard output.'),
    })
    .prefault({})
    .describe('The log: JSON lines.'),
  dns: z
    .strictObject({
      resolvers: z
        .array(z.string().refine(isEndpoint, settingWords.resolver))
        .default([])
        .describe(
          "Recursive resolvers that validation asks, as address or address:port, in this order. Default: the system's.",
        ),
      timeoutMs: z.int().min(100).max(30_000).default(3000).describe('How long one resolver may take to answer once.'),
    })
    .prefault({})
    .describe('Where validation looks names up.'),
  aliasZone: aliasZone.optional(),
  serve: serveSection.optional(),
  validation: z
    .strictObject({
      httpPort: z
        .int()
        .min(1)
        .max(65535)
        .default(80)
        .describe('What port 80 of a validated name, or of a webhook, is connected to. Change it only for tests.'),
      httpsPort: z.int().min(1).max(65535).default(443).describe('The same for port 443.'),
      timeoutMs: z.int().min(100).max(60_000).default(10_000).describe('Limit for one fetch, redirects included.'),
      checksAtOnce: z
        .int()
        .min(16)
        .max(4096)
        .default(defaultChecksAtOnce)
        .describe(
          'Checks of names under way at the same time, over all accounts; further ones wait for a place. Each opens at most two sockets. One account has at most a sixteenth of them, one zone at most an eighth.',
        ),
      dangerAllowAddresses: z
        .array(range)
        .default([])
        .describe(
          'Special-purpose addresses (private, loopback, link-local …) that validation may connect to. Whoever may order certificates can make the server fetch from there: list only what certificates are really wanted for.',
        ),
    })
    .prefault({})
    .describe('How control of names is validated.'),
  limits: z
    .strictObject({
      pendingOrders: pendingLimits.pendingOrders.default(defaultPendingLimits.pendingOrders),
      unprovedNames: pendingLimits.unprovedNames.default(defaultPendingLimits.unprovedNames),
      accounts: z
        .record(
          z.string().regex(/^(acc_[0-9a-z]+|[1-9][0-9]*)$/, settingWords.accountKey),
          z.strictObject({
            pendingOrders: pendingLimits.pendingOrders.optional(),
            unprovedNames: pendingLimits.unprovedNames.optional(),
          }),
        )
        .default({})
        .describe('Limits of single accounts, by id or number; what one leaves out is as for all.'),
    })
    .prefault({})
    .describe(
      'What one account may leave waiting at the same time. Further orders are refused until some are proved or cancelled. Raise it for an account that orders for thousands of names at once.',
    ),
  mail: mail.optional(),
  alarms: z
    .strictObject({
      mail: z
        .array(z.string().refine(isMailbox, settingWords.mailAddress))
        .max(20)
        .default([])
        .describe('Who gets a mail when an alarm begins, each day that it lasts, and when it is over. Needs `mail`.'),
      webhook: z
        .strictObject({
          url: z
            .string()
            .refine(isWebUrl, settingWords.alarmUrl)
            .describe('Required: gets a POST with JSON. It may be in an internal network.'),
          tokenFile: z
            .string()
            .min(1)
            .optional()
            .describe(
              'A file with a token that is sent as `Authorization: Bearer …`; its last line end does not count. Then use https, but on this machine.',
            ),
        })
        .optional()
        .describe('A server of yours that is notified of the same.'),
    })
    .prefault({})
    .describe(
      'Who is notified when something does not succeed that should: revocation lists that are not renewed, jobs that nobody runs, certificates without successors, mails that do not leave. See docs/operations.md. Without receivers alarms are in the log, in /readyz and in the metrics.',
    ),
  notices: z
    .strictObject({
      days: z
        .array(z.int().min(1).max(365))
        .max(20)
        .default([...defaultReminderDays])
        .describe(
          'How many days before the end of an order or of its certificate its account is reminded: by mail to its contact and to the addresses of the order, where a mail server is configured, and to its webhooks. An empty list: never.',
        ),
    })
    .prefault({})
    .describe('Notices before something ends.'),
  history: z
    .strictObject({
      checksKeepDays: z
        .int()
        .min(1)
        .max(3650)
        .default(defaultChecksKeepDays)
        .describe(
          'How many days the record of a check that proved nothing is kept. A check that proved a name is kept at least until every certificate that may rely on it has ended.',
        ),
    })
    .prefault({})
    .describe('What the server remembers of its work.'),
  webhooks: z
    .strictObject({
      dangerSendKeysInClear: z
        .boolean()
        .default(false)
        .describe(
          'Whether the callback of an order may be an http address although it gets the private key that certmux made. Everybody on the way can read the key then: only for receivers in a network of your own. Otherwise such a callback must be https.',
        ),
    })
    .prefault({})
    .describe("What is sent to customers' servers."),
  authority: z
    .strictObject({
      organization: z
        .string()
        .min(1)
        .max(48)
        .default('certmux')
        .describe("Stands in the names of the embedded CA's certificates, which are made at the first start."),
      root: z
        .enum(['here', 'outside'])
        .default('here')
        .describe(
          'Where the root of the embedded CA is. `here`: root and intermediates are made at the first start. `outside`: nothing is made; `certmux ca request` makes a key and a request for another CA, `certmux ca install` takes its certificate, and orders wait until then.',
        ),
      caaIdentities: z
        .array(
          z
            .string()
            .max(253)
            .regex(/^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$/, settingWords.caaIdentity),
        )
        .max(10)
        .default([])
        .describe(
          'The domain names by which CAA records allow the embedded CA to issue, besides the `caaIdentities` of the ACME directories: the first is shown to customers whose records forbid it. Used by profiles with `checksCaa`.',
        ),
      pkiUrl: z
        .string()
        .refine(isPlainUrl, settingWords.pkiUrl)
        .optional()
        .describe(
          'Where those who check certificates reach `/pki/` of this server: it is written into every certificate as the address of revocation lists and CA certificates. Default: `/pki` below `publicUrl`. Plain http, because many clients do not fetch revocation lists over https (RFC 5280 §8). Set it before the first start, which refuses https, loopback addresses and 0.0.0.0.',
        ),
      allowLocalPkiUrl: z
        .boolean()
        .default(false)
        .describe(
          'Makes a CA whatever `pkiUrl` is, for trying certmux out: its certificates point to where nobody else can fetch revocation lists, for ten years. `--allow-local-pki-url` does the same.',
        ),
      lists: z
        .strictObject({
          days: z
            .int()
            .min(2)
            .max(10)
            .default(defaultListSettings.days)
            .describe(
              'For how many days a revocation list of an intermediate is good (BR §7.2: at most 10). A new one is made every day and at every revocation.',
            ),
          rootDays: z
            .int()
            .min(2)
            .max(365)
            .default(defaultListSettings.rootDays)
            .describe(
              'The same of a root, whose list names only intermediates (BR §7.2: at most 12 months). A new one is made after a sixth of that time.',
            ),
          backdateSeconds: z
            .int()
            .min(0)
            .max(3600)
            .default(defaultListSettings.backdateSeconds)
            .describe(
              'Lists begin so many seconds before they are made, for clients whose clocks are slow: they would refuse a list of the future. What a list names is dated as much earlier.',
            ),
        })
        .prefault({})
        .describe('Lists of revoked certificates.'),
      rollover: z
        .strictObject({
          successorDays: z
            .int()
            .min(1)
            .max(1825)
            .default(defaultRolloverSettings.successorDays)
            .describe(
              'So many days before an intermediate can no longer sign the longest certificate of any profile, its successor is made. No fewer than `publishDays`.',
            ),
          publishDays: z
            .int()
            .min(0)
            .max(1825)
            .default(defaultRolloverSettings.publishDays)
            .describe('For how many days a new intermediate is published at `/pki/` before it signs.'),
          rootPublishDays: z
            .int()
            .min(0)
            .max(3650)
            .default(defaultRolloverSettings.rootPublishDays)
            .describe(
              'For how many days a new root is published before the first intermediate must hang under it: the time in which all clients come to trust it.',
            ),
        })
        .refine(({ successorDays, publishDays }) => publishDays <= successorDays, settingWords.successorBeforePublished)
        .prefault({})
        .describe('How the authorities of the embedded CA follow one another; see `certmux ca plan`.'),
    })
    .prefault({})
    .describe('The embedded CA.'),
  issuers: issuersSection,
  profiles: profilesSection.default({}).describe('What differs from the built-in profiles.'),
  dialects: z
    .strictObject(Object.fromEntries(dialects.map(({ name }) => [name, dialectSection])))
    .prefault({})
    .describe('The front doors.'),
});

export type ConfigFile = z.infer<typeof configSchema>;

/** A front door's section, split into what the listener needs and what only the dialect reads. */
export interface DialectSettings {
  readonly isEnabled: boolean;
  readonly hosts: readonly string[];
  readonly own: unknown;
}

/** The section of an enabled or disabled front door. Its own part is read by the dialect's own schema. */
export function readDialectSection(
  section: unknown,
  { configSchema: ownSchema }: Pick<Dialect, 'configSchema'>,
): { readonly settings: DialectSettings } | { readonly issues: readonly ConfigIssue[] } {
  const entries = Object.entries(typeof section === 'object' && section !== null ? section : {});
  const base = dialectBase.safeParse(Object.fromEntries(entries), { error: wording });
  const ownEntries = entries.filter(([key]) => !(key in dialectBase.shape));
  const own = ownSchema.safeParse(Object.fromEntries(ownEntries), { error: wording });
  if (!base.success || !own.success) {
    return { issues: [...(base.error?.issues ?? []), ...(own.success ? [] : own.error.issues)] };
  }
  return { settings: { isEnabled: base.data.enabled, hosts: base.data.hosts, own: own.data } };
}

/** The settings of a front door in a configuration that has been checked. */
export function dialectSettings(config: ConfigFile, name: string): DialectSettings {
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect === undefined) throw new Error(`there is no front door ${name}`);
  const read = readDialectSection(config.dialects[name], dialect);
  if ('issues' in read) throw new Error(`the settings of ${name} were not checked`);
  return read.settings;
}

function isListenUrl(text: string): boolean {
  if (!/^https?:\/\/(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):\d{1,5}$/i.test(text)) return false;
  return URL.canParse(text);
}

/** http or https, and nothing behind the path: paths are appended to it. */
function isPlainUrl(text: string): boolean {
  return /^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/i.test(text) && URL.canParse(text);
}

/** May have a query, as addresses of chat servers do; no user and no password. */
function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^\s/@?#]+([/?][^\s#]*)?$/i.test(text) && URL.canParse(text);
}

/** With the name of a database: without one it would be that of the user. */
function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/[^\s/?#]+\/[^\s/?#]+(\?\S*)?$/.test(text) && URL.canParse(text);
}

function isRange(text: string): boolean {
  try {
    checkAddressRange(text, 'range');
    return true;
  } catch (thrown) {
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}

/** One address, bare or in angle brackets behind a name; no line ends, which would begin another header. */
function isSender(text: string): boolean {
  const address = /^(?:[^<>\r\n]*<([^<>\s]+)>|([^<>\s]+))$/.exec(text);
  return /^[^@\s,;]+@[^@\s,;]+$/.test(address?.[1] ?? address?.[2] ?? '');
}

const everyAddress = ['0.0.0.0/0', '::/0'];

function isEndpoint(text: string): boolean {
  if (isInRanges(text, everyAddress)) return true;
  const [, v6, v4, port = '53'] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isAddress = isInRanges(v6 ?? '', ['::/0']) || isInRanges(v4 ?? '', ['0.0.0.0/0']);
  return isAddress && Number(port) >= 1 && Number(port) <= 65_535;
}

function hostName(expected: string, kinds: readonly IdentifierKind[]) {
  return z.string().refine((text) => {
    try {
      return kinds.includes(parseHostName(text, 'host').kind);
    } catch (thrown) {
      if (thrown instanceof CertError) return false;
      throw thrown;
    }
  }, expected);
}
