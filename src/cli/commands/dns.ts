/** `dns check`: what must stand in DNS, or on port 80, for CAs that look for it at the customer's. */
import type { Command } from 'commander';
import type { WireCheckedDelegation } from '../../dialects/native/schema.ts';
import { recordForms, zoneLine } from '../../domain/record-forms.ts';
import { responderSnippets } from '../../domain/responder-snippets.ts';
import { visible } from '../../domain/visible-text.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addGroup, type Cli, remoteAction } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { styled, type Terminal } from '../terminal.ts';

type Way = WireCheckedDelegation['ways'][number];
type Colours = Pick<Terminal, 'colours'>;

const titles = {
  alias: 'delegation of _acme-challenge',
  serve: 'responder on port 80',
  persist: 'TXT record that stays',
  signfile: "the upstream's file",
} as const satisfies Record<Way['mode'], string>;

export function addDnsCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'dns',
    summary: 'Records that customers set once',
    description:
      'A public CA looks for its own proof. Customers delegate _acme-challenge to this server once, or have it answer on port 80; then orders need nothing more.',
  });
  const check = addCommand(group, {
    usage: 'check <names...>',
    summary: 'Whether names are delegated, and which record is missing',
    description:
      'Looks now, and shows what is there, what is missing, and the record to set in the forms of zone files and DNS panels; for CAs that fetch ' +
      'a file, the lines for nginx, Apache and Caddy. Exits with 0 only when all of it stands.',
    examples: [
      ['certmux dns check example.com www.example.com', 'for everything that this server needs'],
      ['certmux dns check example.com --for encryption365:100', 'for one product'],
      ['certmux dns check example.com --account 100001', 'an operator, for an account: each has records of its own'],
    ],
  })
    .option('--for <product>', 'only what the issuer of this product needs')
    .option('--account <account>', "id or number; default: the caller's own");
  remoteAction<{ for?: string; account?: string }>(cli, check, async ({ client, args, options, output, terminal }) => {
    const { for: product, account } = options;
    const found = await client.delegations.check({
      account: account ?? null,
      names: [...args],
      ...withDefined({ product }),
    });
    output.show(found, () => found.names.flatMap((name) => linesOf(name, terminal)));
    if (!found.stands) cli.setExitCode(exitCodes.refused);
  });
}

function linesOf({ name, domain, ways }: WireCheckedDelegation, terminal: Colours): readonly string[] {
  if (ways.length === 0) return [`${visible(name)}  nothing is needed`, ''];
  return ways.flatMap((way) => [
    `${visible(name)}  ${titles[way.mode]}  ${styled(terminal, way.stands ? 'green' : 'red', way.stands ? 'stands' : 'missing')}`,
    ...(way.issuers.length === 0 ? [] : [`  for ${way.issuers.map(visible).join(', ')}`]),
    ...way.hops.map((hop) => `  found  ${visible(hop.name)} CNAME ${visible(hop.target)}`),
    ...way.others.map(({ type, data }) => `  found  ${type} ${visible(data)}`),
    ...(way.problem === null ? [] : [`  ${visible(way.problem)}`]),
    ...way.notes.map((note) => `  ${visible(note)}`),
    ...(way.stands ? [] : toDo(way, { name, domain })).map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ]);
}

/** What to paste. */
function toDo(way: Way, { name, domain }: Pick<WireCheckedDelegation, 'name' | 'domain'>): readonly string[] {
  if (way.record !== null) {
    const { record } = way;
    return [
      '',
      'BIND',
      `  ${visible(zoneLine(record))}`,
      ...recordForms(record, domain).flatMap(({ title, fields }) => [
        `${title} (${visible(domain)})`,
        ...fields.map(([field, value]) => `  ${field}: ${visible(value)}`),
      ]),
    ];
  }
  if (way.file !== null)
    return [`  set http://${visible(name)}${visible(way.file.path)}  to`, `    ${visible(way.file.content)}`];
  if (way.responder === null || name.startsWith('*.')) return [];
  return [
    '',
    ...responderSnippets(name, way.responder).flatMap(({ title, lines }) => [
      title,
      ...lines.map((line) => `  ${visible(line)}`),
    ]),
  ];
}
