/** `ca request|requests|withdraw|install|list upload|root export`: authorities under a CA outside, and the key of a root. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WireAuthority, WireInstalled } from '../../dialects/native/schema.ts';
import { api } from '../../dialects/native/schema.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addCsvOption, addGroup, type Cli, readPublicFile, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type PassphraseOptions, passphraseOf, withPassphrase } from '../passphrase.ts';
import { dayText, momentText } from '../words.ts';

export function addOutsideCaCommands(ca: Command, cli: Cli): void {
  addRequest(ca, cli);
  addInstall(ca, cli);
  addLists(ca, cli);
  addRootKey(ca, cli);
}

interface RequestOptions {
  readonly key?: 'P-256' | 'P-384' | 'rsa';
  readonly name?: string;
  readonly organization?: string;
  readonly country?: string;
  readonly pathLength: number;
  readonly renews?: string;
  readonly sameKey?: true;
  readonly output: string;
}

function addRequest(ca: Command, cli: Cli): void {
  const request = addCommand(ca, {
    usage: 'request',
    summary: 'Make a key, and a request for its certificate to another CA',
    description:
      'The key is made and kept on the server; the request goes to whoever keeps the root. It asks for all that the certificate must have: ' +
      'CA:TRUE, the path length, keyCertSign, cRLSign, serverAuth. Each call makes another request; ca requests shows those that wait. For operators.',
    examples: [
      ['certmux ca request --output ca.csr', 'a first CA under an outside root'],
      ['certmux ca request --renews ca_01… --same-key --output ca.csr', 'a longer certificate for the same key'],
      ['certmux ca request --renews ca_01… --output ca.csr', 'a successor with a new key'],
    ],
  })
    .addOption(new Option('--key <kind>', 'the kind of the key; rsa has 3072 bits').choices(['P-256', 'P-384', 'rsa']))
    .option('--name <name>', 'the CN; else one with the configured organization')
    .option('--organization <name>', 'the O; else authority.organization')
    .option('--country <code>', 'the C, two letters')
    .option('--path-length <n>', 'how many CAs may be below', wholeNumber, 0)
    .option('--renews <authority>', 'the authority that is to be followed or renewed')
    .option('--same-key', 'another certificate for the key of --renews')
    .requiredOption('-o, --output <file>', 'where the request is written, as PEM');
  remoteAction<RequestOptions>(cli, request, async ({ client, options, output, terminal }) => {
    const { key: keyKind, name: commonName, organization, country, pathLength, renews, sameKey } = options;
    const made = await client.authorities.request({
      pathLength,
      sameKey: sameKey === true,
      ...withDefined({ keyKind, commonName, organization, country, renews }),
    });
    await terminal.writeFile(options.output, Buffer.from(made.csr));
    output.show(made, () => [
      `Wrote the request ${made.id} of ${made.subject} (${made.keyKind}) to ${options.output}.`,
      'Have it signed by the CA outside, as a subordinate CA; then: certmux ca install FILE…, with the certificates above it.',
    ]);
  });

  const requests = addCommand(ca, {
    usage: 'requests [request]',
    summary: 'Show the requests that wait for a certificate',
    description: 'Lists the requests. With the id of one, writes it again as PEM.',
    examples: [
      ['certmux ca requests', 'a table'],
      ['certmux ca requests ca_01… --output ca.csr', 'the request once more'],
    ],
  }).option('-o, --output <file>', 'the file to write');
  addCsvOption(requests);
  remoteAction<{ output?: string }>(cli, requests, async ({ client, args: [id], options, output, terminal }) => {
    if (id === undefined) {
      await output.list({
        endpoint: api.authorities.requests,
        read: () => client.authorities.requests({}),
        columns: [
          { title: 'SUBJECT', value: ({ subject }) => subject, isFlexible: true },
          { title: 'KEY', value: ({ keyKind }) => keyKind },
          { title: 'FOLLOWS', value: ({ followsId }) => followsId ?? '' },
          { title: 'MADE', value: ({ createdAt }) => dayText(createdAt) },
          { title: 'ID', value: ({ id: own }) => own },
        ],
        none: 'No request waits. certmux ca request makes one.',
      });
      return;
    }
    const found = (await client.authorities.requests({})).items.find((one) => one.id === id);
    if (found === undefined) throw new UsageError('there is no such request', 'see: certmux ca requests');
    if (options.output === undefined) return output.show(found, () => [found.csr.trimEnd()]);
    await terminal.writeFile(options.output, Buffer.from(found.csr));
    output.show(found, () => [`Wrote the request of ${found.subject} to ${options.output}.`]);
  });

  const withdraw = addCommand(ca, {
    usage: 'withdraw <request>',
    summary: 'Withdraw a request and remove its key',
    description: 'A certificate that comes for it later cannot be installed any more. For operators.',
    examples: [['certmux ca withdraw ca_01…', 'the id is in ca requests']],
  });
  remoteAction(cli, withdraw, async ({ client, args: [id = ''], output }) => {
    await client.authorities.withdraw({ request: id });
    output.show({ request: id }, () => [`Withdrew the request ${id}.`]);
  });
}

const changeWords: Readonly<Record<WireInstalled['authorities'][number]['change'], string>> = {
  made: 'new',
  renewed: 'new certificate',
  retired: 'signs no more',
  kept: 'unchanged',
};

function addInstall(ca: Command, cli: Cli): void {
  const install = addCommand(ca, {
    usage: 'install <file...>',
    summary: 'Install the certificate that another CA has made',
    description:
      'Takes the certificate of a request, and those of the CAs above it up to the root, in any order and in one file or several (PEM, DER or .p7b). ' +
      'All is checked first, and the first fault is named; then all of it is put in place at once, and orders that waited go on. For operators.',
    examples: [
      ['certmux ca install ca.pem root.pem --dry-run', 'what would happen'],
      ['certmux ca install ca.pem root.pem', 'do it'],
    ],
  })
    .option('--dry-run', 'check and show, and change nothing')
    .option('--shorter', 'take a CA that ends before the longest certificate of a profile would');
  remoteAction<{ dryRun?: true; shorter?: true }>(cli, install, async ({ client, args, options, output, terminal }) => {
    const files: { name: string; pem: string }[] = [];
    for (const name of args) files.push({ name, pem: await readPublicFile(terminal, name) });
    const { dryRun = false, shorter = false } = options;
    const installed = await client.authorities.install({ files, dryRun, shorter });
    output.show(installed, () => [
      ...installed.authorities.map(
        ({ change, role, subject, notAfter, keyPlace, id }) =>
          `${changeWords[change]}: ${role} ${subject}, until ${dayText(notAfter)}, key ${keyPlace}, ${id}`,
      ),
      ...installed.warnings.map(({ message }) => `Note: ${message}.`),
      installed.isDryRun ? 'Nothing was changed.' : 'Installed. Orders that waited for it go on.',
    ]);
  });
}

function addLists(ca: Command, cli: Cli): void {
  const list = addGroup(ca, {
    usage: 'list',
    summary: 'Lists of authorities whose keys are outside',
    description: 'Their lists are made where the key is, and served here.',
  });
  const upload = addCommand(list, {
    usage: 'upload <authority> <file>',
    summary: 'Serve a list that was made outside',
    description:
      'Checks the list (issuer, signature, number, times) and serves it at /pki/. An authority of this server that it revokes signs no more from then on. For operators.',
    examples: [['certmux ca list upload ca_01… root.crl', 'PEM or DER; the id is in ca show']],
  });
  remoteAction(cli, upload, async ({ client, args: [authority = '', file = ''], output, terminal }) => {
    const uploaded = await client.authorities.uploadList({ authority, list: await readPublicFile(terminal, file) });
    const { crl } = uploaded.authority;
    output.show(uploaded, () => [
      `The list of ${uploaded.authority.subject} is served${crl === null ? '' : `: ${crl.entries} entries, until ${momentText(crl.nextUpdate)}`}.`,
      ...uploaded.revoked.map((subject) => `It revokes ${subject}, which signs no more. Install another one.`),
    ]);
  });
}

function addRootKey(ca: Command, cli: Cli): void {
  const root = addGroup(ca, {
    usage: 'root',
    summary: 'The key of a root of this server',
    description: 'A root signs seldom: its key is safer in a safe than on a server.',
  });
  const exported = withPassphrase(
    addCommand(root, {
      usage: 'export <authority>',
      summary: 'Take the key of a root out of the server',
      description:
        'Writes the key as PKCS#8, encrypted under a passphrase. With --remove the file is read back and opened first, and the key is removed from ' +
        'the server once the file has shown that it holds it. From then on certmux ca sign-request and ca sign-list do what needs it, with the file. For operators.',
      examples: [
        ['certmux ca root export ca_01… --output root.key', 'a copy'],
        ['certmux ca root export ca_01… --output root.key --remove', 'and the server has it no more'],
      ],
    }),
  )
    .requiredOption(
      '-o, --output <file>',
      'where the key is written; never over another file: one that holds this key already stays',
    )
    .option('--remove', 'remove the key from the server');
  remoteAction<PassphraseOptions & { output: string; remove?: true }>(
    cli,
    exported,
    async ({ client, args: [authority = ''], options, output, terminal }) => {
      const passphrase = await passphraseOf(terminal, options, { isNew: true });
      if (passphrase === undefined) throw new UsageError('the key needs a passphrase', 'use --passphrase-file');
      const file = options.output;
      const removedBefore = options.remove === true ? await findRemoved() : undefined;
      if (removedBefore !== undefined)
        return showRemoved(removedBefore, `The key of ${removedBefore.subject} is in ${file}`);
      const { key, toSign } = await client.authorities.exportKey({ authority, passphrase });
      const { signature, isNew } = await cli.local.keepRootKey({ file, pem: key, passphrase, toSign });
      if (options.remove !== true) {
        const written = isNew ? `Wrote the key to ${file}.` : `${file} holds the key already.`;
        output.show({ file }, () => [`${written} The server has it as well.`]);
        return;
      }
      const removed = await client.authorities.removeKey({ authority, signature });
      showRemoved(
        removed,
        isNew ? `Wrote the key of ${removed.subject} to ${file}` : `The key of ${removed.subject} is in ${file}`,
      );

      /** Of a call before, whose answer was lost: the server has the key no more, and the file holds it. */
      async function findRemoved(): Promise<WireAuthority | undefined> {
        const root = (await client.authorities.list({})).items.find(({ id }) => id === authority);
        if (root?.keyPlace !== 'outside' || passphrase === undefined) return undefined;
        return (await cli.local.holdsRootKey({ file, passphrase, certificate: root.pem })) ? root : undefined;
      }

      function showRemoved({ id, role, keyPlace, subject, notAfter }: Removed, done: string): void {
        output.show({ file, id, role, keyPlace, subject, notAfter }, () => [
          `${done}, and the server has it no more. Keep the file and the passphrase, apart from one another.`,
          'Its list must come from the file before it ends: certmux ca sign-list, then certmux ca list upload.',
        ]);
      }
    },
  );
}

type Removed = Pick<WireAuthority, 'id' | 'role' | 'keyPlace' | 'subject' | 'notAfter'>;

function wholeNumber(text: string): number {
  if (/^[0-9]{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number');
}
