/** The configuration file that `certmux init` writes: few settings, each with its reason, the others as comments. */

import type { FirstConfigOptions } from '../cli/local.ts';
import { isInRanges } from '../domain/address-range.ts';
import { objectionToPkiUrl } from '../domain/pki-url.ts';

/** RFC 1918 and RFC 4193. */
export const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] as const;

export interface ThisMachine {
  readonly addresses: readonly string[];
  readonly resolvers: readonly string[];
}

interface Choice extends FirstConfigOptions {
  readonly allowLocalPkiUrl?: true;
  readonly dataDirectory: string;
}

const usualPort = 8080;
const securePort = 8443;

/** As YAML. What is wrong in it is found by whoever parses it. */
export function firstConfig(choice: Choice, machine: ThisMachine): string {
  const { privateNetwork, dataDirectory } = choice;
  const lan = privateNetwork ? lanAddressOf(machine) : undefined;
  const pkiUrl = choice.pkiUrl ?? lanPkiUrl(choice, lan);
  return [
    '# certmux, as `certmux init` wrote it. docs/configuration.md explains every setting; `certmux config check` checks this file.',
    '',
    ...listenLines(choice, lan),
    '',
    "# Database, master key and the operator's token. Back it up.",
    `dataDirectory: ${quoted(dataDirectory)}`,
    '',
    ...authorityLines(pkiUrl),
    '',
    ...dnsLines(choice, machine),
    '',
    ...validationLines(choice),
    '',
    '# Mail: validation by e-mail, invitations, reminders.',
    '# mail:',
    '#   host: smtp.example.com',
    '#   from: certs@example.com',
    '',
  ].join('\n');
}

/** The address of this machine in its private network; else any that others reach. */
function lanAddressOf({ addresses }: ThisMachine): string | undefined {
  return addresses.find((address) => isInRanges(address, privateRanges)) ?? addresses[0];
}

/** Undefined where nobody else reaches this server. */
function lanPkiUrl({ listen }: Choice, lan: string | undefined): string | undefined {
  if (lan === undefined) return undefined;
  const url =
    listen === undefined ? `http://${lan}:${usualPort}/pki` : `http://${listen}/pki`.replace('//0.0.0.0:', `//${lan}:`);
  return URL.canParse(url) && objectionToPkiUrl(url) === undefined ? url : undefined;
}

function listenLines({ privateNetwork, listen }: Choice, lan: string | undefined): readonly string[] {
  if (listen !== undefined) return ['# Where to accept connections.', 'listen:', `  - ${quoted(`http://${listen}`)}`];
  if (!privateNetwork || lan === undefined) {
    return [
      '# Where to accept connections: only from this machine. A reverse proxy may stand in front, or listen for others with tls:',
      'listen:',
      `  - http://127.0.0.1:${usualPort}`,
      '#  - https://0.0.0.0:8443',
      '# tls:',
      '#   selfServed: [certs.example.com]',
      '# publicUrl: https://certs.example.com:8443',
    ];
  }
  return [
    '# Where to accept connections. Revocation lists are fetched over plain http; tokens and passwords belong on https.',
    'listen:',
    `  - http://0.0.0.0:${usualPort}`,
    `  - https://0.0.0.0:${securePort}`,
    '# The certificate of the https listener is made by this CA itself. Add the names by which this machine is known.',
    'tls:',
    `  selfServed: [${quoted(lan)}]`,
    `publicUrl: https://${lan}:${securePort}`,
  ];
}

function authorityLines(pkiUrl: string | undefined): readonly string[] {
  const head = [
    '# Stands in every certificate of the CA that the first start makes, and cannot be changed afterwards.',
    'authority:',
    '  # organization: Example Ltd',
  ];
  if (pkiUrl !== undefined) {
    return [
      ...head,
      '  # Where everybody who checks certificates reaches /pki/ of this server.',
      `  pkiUrl: ${quoted(pkiUrl)}`,
    ];
  }
  return [
    ...head,
    '  # A CA to try out: its certificates name this machine only. For one that others use, take the line below out, set pkiUrl,',
    '  # and start with a new dataDirectory.',
    '  allowLocalPkiUrl: true',
    '  # pkiUrl: http://pki.example.com/pki',
  ];
}

function dnsLines({ resolver, privateNetwork }: Choice, { resolvers }: ThisMachine): readonly string[] {
  const chosen = resolver ?? (privateNetwork ? resolvers : []);
  if (chosen.length === 0) {
    return [
      '# Who is asked for names when control of them is checked. Empty: the resolvers of the system.',
      'dns:',
      '  resolvers: []',
    ];
  }
  return [
    '# Who is asked for names when control of them is checked. They must know the names of your network.',
    'dns:',
    '  resolvers:',
    ...chosen.map((one) => `    - ${quoted(one)}`),
  ];
}

function validationLines({ privateNetwork, allow = [] }: Choice): readonly string[] {
  const ranges = [...(privateNetwork ? privateRanges : []), ...allow];
  const head = [
    '# Addresses inside that names may point to. Whoever may order certificates can make this server fetch from there: take out',
    '# what no certificate is wanted for.',
    'validation:',
  ];
  const ports = ['  # Only to try out: what port 80 of a name is connected to.', '  # httpPort: 80'];
  if (ranges.length === 0) {
    return [...head, ...ports, '  dangerAllowAddresses: []', ...privateRanges.map((range) => `  #  - ${range}`)];
  }
  return [
    ...head,
    ...ports,
    '  dangerAllowAddresses:',
    ...ranges.map((range) => `    - ${quoted(range)}`),
    ...(allow.includes('127.0.0.0/8') ? [] : ['    # This machine itself, only to try out:', '    # - 127.0.0.0/8']),
  ];
}

/** JSON is YAML: nothing in a text can become anything else. */
function quoted(text: string): string {
  return /^[a-z0-9./][\w./-]*$/i.test(text) ? text : JSON.stringify(text);
}
