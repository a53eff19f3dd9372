/** The text that the first start prints for its operator, once. */
import { join } from 'node:path';
import { styled, type Terminal } from '../cli/terminal.ts';
import { pkiUrlOf } from '../config/pki-url.ts';
import type { ConfigFile } from '../config/schema.ts';
import { objectionToPkiUrl } from '../domain/pki-url.ts';
import type { Certmux } from '../main.ts';
import { operatorFileName } from './data-directory.ts';

export function firstStartText(
  { urls, firstOperator }: Pick<Certmux, 'urls' | 'firstOperator'>,
  config: Pick<ConfigFile, 'dataDirectory' | 'publicUrl' | 'listen' | 'authority'>,
  terminal: Pick<Terminal, 'colours'>,
): string {
  if (firstOperator === undefined) return '';
  const bold = (text: string) => styled(terminal, 'bold', text);
  const dim = (text: string) => styled(terminal, 'dim', text);
  return [
    '',
    bold(`certmux is running on ${urls.join(' and ')}`),
    '',
    `  Operator   ${firstOperator.username}`,
    `  Password   ${bold(firstOperator.password)}   ${dim('shown this once: note it now')}`,
    `  CLI token  ${join(config.dataDirectory, operatorFileName)}   ${dim('found by ./bin/certmux by itself')}`,
    `  Master key ${join(config.dataDirectory, 'master.key')}   ${dim('seals the CA keys: keep a copy elsewhere')}`,
    '',
    ...tryOutLines(pkiUrlOf(config), bold),
    'Next, in another terminal:',
    '',
    `  ./bin/certmux account create acme   ${dim('# who orders certificates')}`,
    `  ./bin/certmux user create you@example.com --account 100001   ${dim('# who signs devices in')}`,
    `  ./bin/certmux ca export --output root.pem   ${dim('# what your clients must trust')}`,
    '',
    `Then point a client at ${urls[0]}; ${urls[0]}/api/docs documents the APIs.`,
    '',
    '',
  ].join('\n');
}

/** Whoever goes on with such a CA would find out when the first client looks for a revocation list. */
function tryOutLines(pkiUrl: string, bold: (text: string) => string): readonly string[] {
  const objection = objectionToPkiUrl(pkiUrl);
  if (objection === undefined) return [];
  return [
    bold('This CA is for trying out.'),
    '',
    `  Its certificates say that revocation lists are at ${pkiUrl},`,
    `  which ${objection}. For a CA that others use, set authority.pkiUrl`,
    '  (http://pki.example.com/pki) in certmux.yaml and start with a new data directory.',
    '',
  ];
}
