/** What the first start tells its operator, once. */
import { join } from 'node:path';
import { styled, type Terminal } from '../cli/terminal.ts';
import type { ConfigFile } from '../config/schema.ts';
import type { Certmux } from '../main.ts';
import { operatorFileName } from './data-directory.ts';

export function firstStartText(
  { urls, firstOperator }: Pick<Certmux, 'urls' | 'firstOperator'>,
  config: Pick<ConfigFile, 'dataDirectory'>,
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
    'Next, in another terminal:',
    '',
    `  ./bin/certmux account create acme   ${dim('# who orders certificates')}`,
    `  ./bin/certmux user create you@example.com --account 100001   ${dim('# who signs devices in')}`,
    `  ./bin/certmux ca export --output root.pem   ${dim('# what your clients must trust')}`,
    '',
    `Then point a client at ${urls[0]}; ${urls[0]}/api/docs tells what it may speak.`,
    '',
    '',
  ].join('\n');
}
