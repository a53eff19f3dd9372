/** docs/messages.md: every text of the catalogue in both languages, with sample values. `npm run docs` writes it. */
import { alarmKeys, renderAlarm } from '../../src/domain/alarm.ts';
import { type Reason, renderReason } from '../../src/domain/errors.ts';
import { acmeReasons } from '../../src/domain/messages/acme.ts';
import { acmeUpstreamReasons } from '../../src/domain/messages/acme-upstream.ts';
import { authorityReasons } from '../../src/domain/messages/authorities.ts';
import { authorityImportReasons } from '../../src/domain/messages/authority-import.ts';
import { backupReasons } from '../../src/domain/messages/backup.ts';
import { caOrderReasons } from '../../src/domain/messages/ca-orders.ts';
import { databaseReasons } from '../../src/domain/messages/database.ts';
import { delegationReasons } from '../../src/domain/messages/delegation.ts';
import { dnsPersistReasons } from '../../src/domain/messages/dns-persist.ts';
import { evidenceReasons } from '../../src/domain/messages/evidence.ts';
import { expected } from '../../src/domain/messages/expectations.ts';
import {
  certificateFaults,
  derFaults,
  jwsFaults,
  modulusFaults,
  pemFaults,
  recordFaults,
} from '../../src/domain/messages/faults.ts';
import { frontDoorReasons } from '../../src/domain/messages/front-doors.ts';
import { type ReasonKey, reasons } from '../../src/domain/messages/index.ts';
import { jobReasons } from '../../src/domain/messages/jobs.ts';
import { mailReasons } from '../../src/domain/messages/mail.ts';
import type { Mail } from '../../src/domain/messages/mails/mail.ts';
import { orderReasons } from '../../src/domain/messages/orders.ts';
import { docsWords } from '../../src/domain/messages/pages/api-docs.ts';
import { confirmPageTexts } from '../../src/domain/messages/pages/confirm.ts';
import { mailStopTexts } from '../../src/domain/messages/pages/mail-stop.ts';
import { pkiReasons } from '../../src/domain/messages/pki.ts';
import { requestReasons } from '../../src/domain/messages/requests.ts';
import { things } from '../../src/domain/messages/row.ts';
import { serverReasons } from '../../src/domain/messages/server.ts';
import { startReasons } from '../../src/domain/messages/start.ts';
import { tlsAlpnReasons } from '../../src/domain/messages/tls-alpn.ts';
import { validationReasons } from '../../src/domain/messages/validation.ts';
import { vendorReasons } from '../../src/domain/messages/vendors.ts';
import { verifyReasons } from '../../src/domain/messages/verify.ts';
import {
  conditionsZh,
  connectionFaultsZh,
  encodedZh,
  keyFlawsZh,
  methodsZh,
  placesZh,
  rolesZh,
} from '../../src/domain/messages/words.ts';
import { alarmSamples } from './alarm-samples.ts';
import { mailSamples } from './mail-samples.ts';
import { expectationSamples, faultSample, pageSamples, reasonSamples } from './message-samples.ts';

interface Section {
  readonly file: string;
  readonly title: string;
  readonly rows: object;
}

/** Each file of reasons, by its subject. */
export const reasonSections: readonly Section[] = [
  { file: 'requests.ts', title: 'Requests and who sends them', rows: requestReasons },
  { file: 'orders.ts', title: 'Names, products, orders and money', rows: orderReasons },
  { file: 'pki.ts', title: 'Certificate requests, keys and encodings', rows: pkiReasons },
  { file: 'authorities.ts', title: 'Authorities under a CA outside', rows: authorityReasons },
  { file: 'authority-import.ts', title: 'Taking over a CA', rows: authorityImportReasons },
  { file: 'validation.ts', title: 'What a check of control found', rows: validationReasons },
  { file: 'tls-alpn.ts', title: 'What a check by TLS-ALPN found', rows: tlsAlpnReasons },
  { file: 'dns-persist.ts', title: 'What a check of a TXT record that stays for good found', rows: dnsPersistReasons },
  { file: 'delegation.ts', title: 'What an upstream will look for at the customer’s', rows: delegationReasons },
  {
    file: 'evidence.ts',
    title: 'What a customer reads where the finding itself is not theirs to see',
    rows: evidenceReasons,
  },
  { file: 'mail.ts', title: 'Mail', rows: mailReasons },
  { file: 'acme.ts', title: 'ACME', rows: acmeReasons },
  { file: 'acme-upstream.ts', title: 'Accounts at ACME CAs', rows: acmeUpstreamReasons },
  { file: 'ca-orders.ts', title: 'Orders at ACME CAs', rows: caOrderReasons },
  { file: 'vendors.ts', title: 'Orders at vendors', rows: vendorReasons },
  { file: 'front-doors.ts', title: 'Only of some front doors', rows: frontDoorReasons },
  { file: 'jobs.ts', title: 'Jobs and statistics', rows: jobReasons },
  { file: 'server.ts', title: 'The server itself', rows: serverReasons },
  { file: 'database.ts', title: 'A copy of the database', rows: databaseReasons },
  { file: 'backup.ts', title: 'Backup and restore', rows: backupReasons },
  { file: 'verify.ts', title: 'What a check of the database finds', rows: verifyReasons },
  { file: 'start.ts', title: 'What a command finds on the machine', rows: startReasons },
];

const faultTables = {
  'DER (`derMalformed`)': derFaults,
  'PEM and base64 (`pemMalformed`)': pemFaults,
  'JSON Web Signatures (`jwsMalformed`)': jwsFaults,
  'TXT records that stay (`persistMalformed`)': recordFaults,
  'RSA moduli (`keyRsaModulus`)': modulusFaults,
  'Certificates from upstreams (`certificateUnfit`)': certificateFaults,
};

/** Words whose English is their key. */
const wordTables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'States and conditions': conditionsZh,
  Roles: rolesZh,
  'Validation methods': methodsZh,
  'What is encoded': encodedZh,
  'What the other end of a connection did': connectionFaultsZh,
  'Why a key is not certified': keyFlawsZh,
  'Where something holds': placesZh,
};

const pages: Readonly<Record<string, { readonly en: object; readonly zh: object }>> = {
  confirm: confirmPageTexts,
  mailStop: mailStopTexts,
  apiDocs: docsWords,
};

export function messagesDocument(): string {
  return `${[
    introduction,
    ...reasonSections.map(reasonSection),
    '## Faults of what was sent',
    'Parts of the messages that name them.',
    ...Object.entries(faultTables).flatMap(([title, rows]) => [`### ${title}`, faultTable(rows)]),
    '## Words',
    'What messages take as parameters. A state or role is in English what the APIs call it.',
    '### Things',
    table(
      ['key', 'English', '中文'],
      Object.entries(things).map(([key, { en, zh }]) => [code(key), en, zh]),
    ),
    '### What a value should have been',
    table(['key', 'English', '中文'], expectationRows()),
    ...Object.entries(wordTables).flatMap(([title, words]) => [
      `### ${title}`,
      table(['English', '中文'], Object.entries(words)),
    ]),
    '## Alarms',
    'What the watchdog says in the log, in `/readyz` and to the operator. [What to do about each](operations.md#watching).',
    table(
      ['alarm', 'English', '中文'],
      alarmKeys.map((key) => [code(key), renderAlarm(alarmSamples[key], 'en'), renderAlarm(alarmSamples[key], 'zh')]),
    ),
    '## Mails',
    'Each mail is in both languages.',
    ...Object.entries(mailSamples).flatMap(([title, mail]) => [`### ${title}`, mailBlock(mail)]),
    '## Pages',
    ...Object.entries(pages).flatMap(([name, { en, zh }]) => [`### ${name}`, pageTable(name, en, zh)]),
  ].join('\n\n')}\n`;
}

const introduction = `# Messages

Every text of certmux for people, in English and Chinese, with sample values. A message says what is wrong (the field and its
value), why, and what to do next. The native API sends the error code as the last part of \`type\`; the other front doors have
codes of their own ([divergences](divergences)).

The texts are in \`src/domain/messages\`. This page is made from them by \`npm run docs\`. The words are explained in the
[glossary](glossary.md).`;

function reasonSection({ file, title, rows }: Section): string {
  const cells = (Object.keys(rows) as ReasonKey[]).flatMap((key) =>
    reasonSamples[key].map((params, index) => {
      const sample = { key, params } as Reason;
      const name = index === 0 ? `${code(key)}<br>${reasons[key].code}` : '';
      return [name, renderReason(sample, 'en'), renderReason(sample, 'zh')];
    }),
  );
  return `## ${title}\n\nFrom \`${file}\`.\n\n${table(['key, error code', 'English', '中文'], cells)}`;
}

type Row = { readonly en: (params: never) => string; readonly zh: (params: never) => string };

function faultTable(rows: Readonly<Record<string, Row>>): string {
  const cells = Object.entries(rows).map(([key, { en, zh }]) => [
    code(key),
    (en as (params: unknown) => string)(faultSample),
    (zh as (params: unknown) => string)(faultSample),
  ]);
  return table(['key', 'English', '中文'], cells);
}

function expectationRows(): readonly (readonly string[])[] {
  const withValues = Object.entries(expectationSamples).map(([key, { en, zh }]) => [code(`${key}(…)`), en, zh]);
  return [...Object.entries(expected).map(([key, { en, zh }]) => [code(key), en, zh]), ...withValues];
}

function mailBlock({ subject, text }: Mail): string {
  return `Subject: ${subject}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

function pageTable(page: string, en: object, zh: object): string {
  const chinese = new Map(textsOf(page, zh));
  const cells = textsOf(page, en).map(([key, text]) => [code(key), text, chinese.get(key) ?? '']);
  return table(['key', 'English', '中文'], cells);
}

/** The texts of a page by their path: `states.expired.0`. A text with parameters is called with its sample. */
export function textsOf(page: string, texts: object, path = ''): readonly (readonly [key: string, text: string])[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[key, value] as const];
    if (typeof value === 'object' && value !== null) return textsOf(page, value, key);
    const params = pageSamples[`${page}.${key}`];
    if (typeof value !== 'function' || params === undefined) throw new Error(`${page}.${key} has no sample`);
    return [[key, String(value(...params))] as const];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('\n', ' ').trim();
}

function code(text: string): string {
  return `\`${text}\``;
}
