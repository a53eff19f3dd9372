/** The text that the first start prints for its operator, once. All that it names opens, and all that it says to run runs. */
import { join } from 'node:path';
import { styled, type Terminal } from '../cli/terminal.ts';
import { wrapToWidth } from '../cli/width.ts';
import { pkiUrlOf } from '../config/pki-url.ts';
import type { ConfigFile } from '../config/schema.ts';
import { reason, renderReason } from '../domain/errors.ts';
import { objectionToPkiUrl } from '../domain/pki-url.ts';
import type { Certmux } from '../main.ts';
import { operatorFileName } from './data-directory.ts';

export interface FirstStart {
  readonly config: Pick<ConfigFile, 'dataDirectory' | 'publicUrl' | 'listen' | 'authority'>;
  /** How this program is called from here: `./bin/certmux`. */
  readonly program: string;
  /** Undefined where the key is kept elsewhere. */
  readonly masterKeyFile: string | undefined;
  /** What the command line finds without `--data`. */
  readonly usualDataDirectory: string;
}

export function firstStartText(
  { urls, firstOperator }: Pick<Certmux, 'urls' | 'firstOperator'>,
  { config, program, masterKeyFile, usualDataDirectory }: FirstStart,
  terminal: Pick<Terminal, 'colours'>,
): string {
  if (firstOperator === undefined) return '';
  const bold = (text: string) => styled(terminal, 'bold', text);
  const dim = (text: string) => styled(terminal, 'dim', text);
  const { dataDirectory } = config;
  const data = dataDirectory === usualDataDirectory ? '' : ` --data ${dataDirectory}`;
  const opened = urls.map(openedUrl);
  return [
    '',
    bold(`certmux is running on ${opened.join(' and ')}`),
    '',
    `  Console    ${opened[0]}/console/   ${dim('sign in there with:')}`,
    `  Operator   ${firstOperator.username}`,
    `  Password   ${bold(firstOperator.password)}   ${dim('shown this once: note it now')}`,
    `  CLI token  ${join(dataDirectory, operatorFileName)}`,
    ...masterKeyLines(masterKeyFile, dim),
    '',
    ...tryOutLines(pkiUrlOf(config), bold),
    `Its APIs:  ${opened[0]}/api/docs`,
    `For your own clients:  ${program} account create acme${data}`,
    '',
    ...nextLines(config, { program, data, bold }),
    '',
    '',
  ].join('\n');
}

function nextLines(
  { authority }: FirstStart['config'],
  { program, data, bold }: { readonly program: string; readonly data: string; readonly bold: (text: string) => string },
): readonly string[] {
  if (authority.root === 'outside') {
    return [
      ...wrapToWidth(`Next, in another terminal: ${renderReason(reason('caAwaited', {}), 'en')}`, 76).map(bold),
      '',
      `  ${program} ca request --output ca.csr${data}`,
      `  ${program} ca install ca.pem root.pem${data}`,
    ];
  }
  return [
    bold('Next, in another terminal: trust its CA here (as root), and get a certificate'),
    '',
    `  ${program} root install${data}`,
    `  ${program} get www.example.com --webroot /var/www/html${data}`,
  ];
}

function masterKeyLines(path: string | undefined, dim: (text: string) => string): readonly string[] {
  if (path === undefined) return [];
  return [`  Master key ${path}`, `             ${dim('seals the CA keys: keep a copy elsewhere')}`];
}

/** A listener for all addresses of the machine is opened by one of them. */
function openedUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Whoever goes on with such a CA would find out when the first client looks for a revocation list. */
function tryOutLines(pkiUrl: string, bold: (text: string) => string): readonly string[] {
  const objection = objectionToPkiUrl(pkiUrl);
  if (objection === undefined) return [];
  const text =
    `Its certificates say that revocation lists are at ${pkiUrl}, which ${objection}. For a CA that others use, set ` +
    'authority.pkiUrl (http://pki.example.com/pki) in certmux.yaml and start with a new data directory.';
  return [bold('This CA is for trying out.'), '', ...wrapToWidth(text, 76).map((line) => `  ${line}`), ''];
}
