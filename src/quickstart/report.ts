/** What the quickstart says besides its steps: what is about to happen, what must be placed where, what came of it. */
import { type Column, tableLines } from '../cli/table.ts';
import { styled } from '../cli/terminal.ts';
import { padToWidth, textWidth, wrapToWidth } from '../cli/width.ts';
import type { WireOrder } from '../dialects/native/schema.ts';
import { describeCertificate } from '../pki/describe-certificate.ts';
import { fileNames } from './certificate-files.ts';
import type { Login } from './customer.ts';
import type { Proof } from './customer-servers.ts';
import { formatDuration, type Screen } from './progress.ts';
import type { Logged, UpstreamStory } from './upstream-story.ts';
import { isRelay, type Via } from './via.ts';

const indent = '  ';
const longestLine = 100;

export const logFileName = 'certmux.log';
export const upstreamLogFileName = 'upstream.log';

export interface Report {
  introduction(apiTitle: string, via: Via | undefined): void;
  heading(text: string): void;
  proofs(proofs: readonly Proof[]): void;
  /** How certmux found each proof. */
  evidence(order: WireOrder, via: Via | undefined): void;
  /** Who issued it, and what each server logged. */
  story(story: UpstreamStory): void;
  certificate(der: Uint8Array): void;
  files(directory: string, via: Via | undefined): void;
  running(service: RunningService): void;
  /** The end, after everything is closed, with what to do next, unless there are further APIs to play. */
  done(
    durationMs: number,
    played: { readonly api: string; readonly via: Via | undefined; readonly isLast: boolean },
  ): void;
  stopped(): void;
  failure(failure: { readonly logFile: string; readonly dataDirectory: string }): void;
}

export interface RunningService {
  readonly url: string;
  readonly upstreamUrl: string | undefined;
  readonly dataDirectory: string;
  readonly rootFile: string;
  /** Undefined would mean that the data is not new. */
  readonly operator: Login | undefined;
  /** What a person enters in the customer's software, and what each is. */
  readonly customer: readonly (readonly [text: string, meaning: string])[];
  readonly site: { readonly host: string; readonly address: string; readonly port: number };
}

export function createReport(screen: Screen): Report {
  const bold = (text: string) => styled(screen, 'bold', text);
  const dim = (text: string) => styled(screen, 'dim', text);
  const line = (text: string) => screen.stdout(text === '' ? '\n' : `${indent}${text}\n`);
  const heading = (text: string) => screen.stdout(`\n${bold(text)}\n`);
  const width = screen.isTty ? screen.columns - indent.length : Number.POSITIVE_INFINITY;
  const paragraph = (text: string) => {
    for (const one of wrapToWidth(text, Math.min(width, longestLine))) line(one);
  };
  const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) => {
    const [titles = '', ...lines] = tableLines(columns, rows, width);
    line(dim(titles));
    lines.forEach(line);
  };
  /** Commands or files with what they are, the second column below each other. */
  const pairs = (rows: readonly (readonly [string, string])[]) => {
    const first = Math.max(...rows.map(([text]) => textWidth(text)));
    for (const [text, meaning] of rows) line(`${styled(screen, 'cyan', padToWidth(text, first))}  ${meaning}`);
  };

  return {
    heading,

    introduction(apiTitle, via) {
      screen.stdout(`${bold('certmux quickstart')}\n`);
      paragraph(
        `One certificate, from the order to a trusted HTTPS connection, through the API of ${apiTitle}. ${introductionOf(
          via,
        )}`,
      );
    },

    proofs(proofs) {
      line('');
      const wide = tableLines(proofColumns, proofs, Number.POSITIVE_INFINITY);
      if (wide.every((one) => textWidth(one) <= width)) table(proofColumns, proofs);
      else table(narrowColumns, proofs.flatMap(cellsOf));
      line('');
    },

    evidence({ names }, via) {
      line('');
      const checkedBy = via !== undefined && isRelay(via) ? `seen by ${via.title}` : '-';
      table(evidenceColumns(checkedBy), names);
    },

    story({ facts, logged }) {
      heading('Who issued it');
      const labelWidth = Math.max(...facts.map(([label]) => textWidth(label)));
      for (const [label, text] of facts) line(`${padToWidth(label, labelWidth)}  ${text}`);
      heading('What each server logged');
      table(loggedColumns, logged);
    },

    certificate(der) {
      heading('The certificate');
      describeCertificate(der)
        .trimEnd()
        .split('\n')
        .flatMap((one) => folded(one, width))
        .forEach(line);
    },

    files(directory, via) {
      heading(`Files in ${directory}`);
      pairs([
        [fileNames.rootPem, `the root of ${via === undefined ? 'your' : 'the upstream'} CA: what clients must trust`],
        [fileNames.fullchainPem, 'the certificate and its intermediate: what a server sends'],
        [fileNames.keyPem, 'its private key, readable only by you'],
        [logFileName, 'what certmux logged'],
        ...(via === undefined ? [] : ([[upstreamLogFileName, 'what the upstream logged']] as const)),
      ]);
    },

    running({ url, upstreamUrl, dataDirectory, rootFile, operator, customer, site }) {
      heading('Still running');
      pairs([
        [url, 'the service and its APIs'],
        ...(upstreamUrl === undefined ? [] : ([[upstreamUrl, 'the upstream CA']] as const)),
        ...(operator === undefined ? [] : [signIn(operator)]),
        ...customer,
      ]);
      line('');
      line(`./bin/certmux order list --data ${dataDirectory}`);
      line(
        `curl --cacert ${rootFile} --resolve ${site.host}:${site.port}:${site.address} https://${site.host}:${site.port}/`,
      );
      line('');
      line('Press Ctrl-C to stop it.');
    },

    done(durationMs, { api, via, isLast }) {
      if (isLast) {
        heading('Next');
        pairs([
          ['npm start', 'run the service, with its data in ./data'],
          ['./bin/certmux --help', 'manage accounts, orders and certificates'],
          [`less docs/${api}.md`, 'point a client at it: only its base URL changes'],
          ...(via === undefined ? [] : ([nextPage(via)] as const)),
        ]);
      }
      screen.stdout(`\n${styled(screen, 'green', 'Done')} in ${formatDuration(durationMs)}.\n`);
    },

    stopped() {
      screen.stdout('\nStopped. The throw-away data is removed.\n');
    },

    failure({ logFile, dataDirectory }) {
      screen.stdout(`\n${styled(screen, 'red', 'The quickstart failed')} at the step marked ✗.\n`);
      pairs([
        [logFile, 'what certmux logged'],
        [dataDirectory, 'its data, left for you to look at'],
      ]);
    },
  };
}

const checkedHere =
  'certmux checks the names over DNS and HTTP as it always does; only the customer is played, by a DNS server and a web server on this machine.';
const played = 'only the customer is played, by a DNS server and a web server on this machine.';
const checkedThere = `certmux buys it by ACME from a CA, which is a second certmux, and publishes in its alias zone what that CA looks for; ${played}`;

function introductionOf(via: Via | undefined): string {
  if (via === undefined) return checkedHere;
  if (via.vendor === undefined) return checkedThere;
  const mode = vendorModes[via.side.mode];
  return `certmux buys it through the API of ${via.title}, which a second certmux serves${mode ?? ''}; ${played}`;
}

/** Who proves what to the vendor. */
const vendorModes: Readonly<Partial<Record<Via['side']['mode'], string>>> = {
  relay: ', and shows the customer what that vendor looks for',
  standing: ', where the domain was validated beforehand',
  signfile: ", whose file stands at every name, beside the customer's own proofs",
};

function nextPage({ vendor }: Via): readonly [string, string] {
  if (vendor === undefined) return ['less docs/alias-zone.md', 'an alias zone of your own, for a public CA'];
  return ['less docs/upstreams.md', 'an account of your own at a vendor'];
}

function signIn({ username, password }: Login): readonly [string, string] {
  return [`${username} / ${password}`, 'user name and password of the operator'];
}

const nameColumn = { title: 'NAME', value: ({ name }: { readonly name: string }) => name };
const kindWords = { file: 'file', cname: 'CNAME', txt: 'TXT' } as const;
const kindColumn: Column<Proof> = { title: 'PROOF', value: ({ kind }) => kindWords[kind] };

const proofColumns: readonly Column<Proof>[] = [
  nameColumn,
  kindColumn,
  { title: 'WHERE', value: whereOf },
  { title: 'WHAT', value: whatOf },
];

/** One cell below the other, for a terminal that is too narrow for both. */
interface Cell {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

const narrowColumns: readonly Column<Cell>[] = [
  nameColumn,
  { title: 'PROOF', value: ({ kind }) => kind },
  { title: 'WHERE AND WHAT', value: ({ text }) => text, isFlexible: true },
];

function cellsOf(proof: Proof): readonly Cell[] {
  return [
    { name: proof.name, kind: kindColumn.value(proof), text: whereOf(proof) },
    { name: '', kind: '', text: whatOf(proof) },
  ];
}

function whereOf(proof: Proof): string {
  return shortened(proof.kind === 'file' ? proof.path : proof.host);
}

function whatOf(proof: Proof): string {
  if (proof.kind === 'txt') return shortened(proof.value);
  return shortened(proof.kind === 'file' ? proof.content : proof.target);
}

const methodWords = {
  httpFile: 'HTTP file',
  httpsFile: 'HTTPS file',
  tlsAlpn: 'TLS-ALPN',
  dnsCname: 'DNS CNAME',
  dnsTxt: 'DNS TXT',
  dnsPersist: 'DNS TXT that stays',
  email: 'e-mail',
} as const;

/** @param otherwise where certmux has not looked itself */
const evidenceColumns = (otherwise: string): readonly Column<WireOrder['names'][number]>[] => [
  nameColumn,
  { title: 'PROVED BY', value: ({ provedBy }) => (provedBy === null ? '-' : methodWords[provedBy]) },
  {
    title: 'ANSWERED BY',
    value: ({ proofs, provedBy }) =>
      proofs.find(({ method }) => method === provedBy)?.lastCheck?.answeredBy.join(', ') ?? otherwise,
  },
];

const loggedColumns: readonly Column<Logged>[] = [
  { title: 'SERVER', value: ({ server }) => server },
  { title: 'EVENT', value: ({ kind }) => kind },
  { title: 'WHAT', value: ({ detail }) => withShortHashes(detail), isFlexible: true },
];

/** A line of a certificate's description in several where it is too long, the rest below the value. */
function folded(text: string, width: number): readonly string[] {
  const label = /^\S+( \S+)* {2,}|^ */.exec(text)?.[0] ?? '';
  const room = Math.max(width - label.length, 1);
  const parts: string[] = [];
  for (let at = label.length; at < text.length; at += room) parts.push(text.slice(at, at + room));
  return parts.map((part, index) => (index === 0 ? label : ' '.repeat(label.length)) + part);
}

/** On one line. Hashes are only compared here, never copied: their ends are enough. */
function shortened(text: string): string {
  return withShortHashes(text.replaceAll(/\s+/g, ' / '));
}

function withShortHashes(text: string): string {
  return text.replaceAll(/[0-9a-f]{24,}/gi, (hash) => `${hash.slice(0, 4)}…${hash.slice(-4)}`);
}
