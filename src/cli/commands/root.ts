/** `root show|export|install|uninstall`: what clients must trust, and how they come to. */
import type { Command } from 'commander';
import type { NativeClient } from '../../dialects/native/client.ts';
import type { WireAuthority } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, type Cli, localAction, remoteAction } from '../command.ts';
import { withoutEnded } from '../ended-roots.ts';
import { UsageError } from '../failure.ts';
import { type RootWords, rootWords } from '../root-words.ts';
import type { Terminal } from '../terminal.ts';
import { dayText } from '../words.ts';

export function addRootCommands(program: Command, cli: Cli): void {
  const root = addGroup(program, {
    usage: 'root',
    summary: "The roots of the server's CA: what clients must trust",
    description:
      'Whoever is to trust the certificates of this server needs its root certificates. See ca for all of its authorities.',
  });

  const show = addCommand(root, {
    usage: 'show',
    summary: 'Show the roots, and how programs are made to trust them',
    description:
      'Shows the root certificates with their whole fingerprints, and the commands that make other systems and programs trust them.',
    examples: [['certmux root show', 'fingerprints, and what to do where']],
  });
  remoteAction(cli, show, async ({ client, output, terminal }) => {
    const roots = await rootsOf(client, terminal);
    const words = rootWords[terminal.language];
    output.show({ items: roots }, () => [...rootLines(roots, words), '', ...elsewhereLines(words)]);
  });

  const exported = addCommand(root, {
    usage: 'export',
    summary: 'Get the roots as one PEM file',
    description: 'Writes all root certificates as PEM, the form that almost every program reads.',
    examples: [['certmux root export --output roots.pem', 'into a file']],
  }).option('-o, --output <file>', 'the file to write');
  remoteAction<{ output?: string }>(cli, exported, async ({ client, options, output, terminal }) => {
    const roots = await rootsOf(client, terminal);
    const pem = roots.map((one) => one.pem).join('');
    const { output: file } = options;
    if (file === undefined) {
      output.show({ items: roots }, () => [pem.trimEnd()]);
      return;
    }
    await terminal.writeFile(file, Buffer.from(pem));
    output.show({ file, count: roots.length }, () => [`Wrote ${roots.length} certificate(s) to ${file}.`]);
  });

  const install = addCommand(root, {
    usage: 'install',
    summary: 'Have this machine trust the roots',
    description:
      "Puts the root certificates into the system's list (Debian, Red Hat, SUSE, Arch and their kin), as root. Programs with lists of " +
      'their own are named with what to do for each. Repeating it changes nothing.',
    examples: [['certmux root install', 'as root, on each machine that is to trust this server']],
  });
  remoteAction(cli, install, async ({ client, output, terminal }) => {
    const roots = await rootsOf(client, terminal);
    const result = await cli.local.installRoots(roots);
    const words = rootWords[terminal.language];
    const isNew = result.changed.length > 0;
    output.show(result, () => [
      isNew ? words.installed(result.store) : words.already(result.store),
      '',
      ...rootLines(roots, words),
      '',
      ...elsewhereLines(words),
    ]);
  });

  const uninstall = addCommand(root, {
    usage: 'uninstall',
    summary: 'Have this machine trust them no longer',
    description:
      "Takes out of the system's list what root install has put there, of every certmux server or of one root. Needs no server.",
    examples: [
      ['certmux root uninstall', 'all of them'],
      ['certmux root uninstall --fingerprint 3f1c9a7be2d05468', 'the one whose fingerprint begins so'],
    ],
  }).option('--fingerprint <sha256>', 'only the root whose fingerprint begins so');
  localAction<{ fingerprint?: string }>(cli, uninstall, async ({ options, output, terminal }) => {
    const result = await cli.local.uninstallRoots(options.fingerprint);
    const words = rootWords[terminal.language];
    output.show(result, () =>
      result.changed.length === 0
        ? [words.nothingToRemove(result.store)]
        : [words.removed(result.store), ...result.changed],
    );
  });
}

async function rootsOf(client: NativeClient, terminal: Terminal): Promise<readonly WireAuthority[]> {
  const { items } = await client.authorities.list({});
  const roots = withoutEnded(
    items.filter(({ role }) => role === 'root'),
    terminal,
  );
  if (roots.length === 0) throw new UsageError('this server has no root of its own', 'see: certmux ca show');
  return roots;
}

function rootLines(roots: readonly WireAuthority[], { fingerprint }: RootWords): readonly string[] {
  return roots.flatMap(({ subject, notAfter, sha256 }) => [
    `${subject}, ${dayText(notAfter)}`,
    // In two lines: 95 columns are more than a terminal has.
    ...pairs(sha256).map((line, index) => `  ${index === 0 ? fingerprint : ' '.repeat(fingerprint.length)}  ${line}`),
  ]);
}

function pairs(hex: string): readonly string[] {
  const all = hex.toUpperCase().match(/../g) ?? [];
  return [all.slice(0, 16).join(':'), all.slice(16).join(':')];
}

function elsewhereLines({ elsewhere, ways, compare }: RootWords): readonly string[] {
  // Commands below their labels: they are copied whole.
  return [elsewhere, '', ...ways.flatMap(([where, how]) => [`  ${where}`, `    ${how}`]), '', compare];
}
