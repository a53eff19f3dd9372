/** `key-encryption show|rotate`: the master key under which secrets are sealed. */
import type { Command } from 'commander';
import type { NativeClient } from '../../dialects/native/client.ts';
import type { WireKeyEncryption } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, type Cli, remoteAction } from '../command.ts';
import { factLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { momentText } from '../words.ts';

const askAgainMs = 500;

export function addKeyEncryptionCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'key-encryption',
    summary: 'The master key that seals every stored secret',
    description:
      'Private keys and other secrets are stored sealed under the master key. These commands show which one, and change it.',
  });

  const show = addCommand(group, {
    usage: 'show',
    summary: 'Show the master key in use and its newest rotation',
    description:
      'Shows the id of the master key, which reveals nothing about the key, where it is kept, and how far a rotation has come.',
    examples: [['certmux key-encryption show', 'also while a rotation is under way']],
  });
  remoteAction(cli, show, async ({ client, output }) => {
    const found = await client.keyEncryption.show({});
    output.show(found, () => keyLines(found));
  });

  const rotate = addCommand(group, {
    usage: 'rotate',
    summary: 'Seal everything again under a new master key',
    description:
      'Makes a new master key beside the present one and seals every stored secret again under it while the server works; then the former ' +
      'key is moved aside (master.key.retired-…). Both open meanwhile, and a server that is killed goes on at its next start. Use it when the ' +
      'key may be known to others, and as often as your rules ask for. Running it again while it is under way only shows how far it is. Where ' +
      'you keep the key yourself (CERTMUX_MASTER_KEY, masterKeyFile) it says what to set instead. Back up the new key afterwards.',
    examples: [
      ['certmux key-encryption rotate', 'and wait until it is over'],
      ['certmux key-encryption rotate --no-wait', 'only begin'],
    ],
  }).option('--no-wait', 'do not wait until it is over');
  remoteAction<{ wait: boolean }>(cli, rotate, async ({ client, options, output, terminal }) => {
    const begun = await client.keyEncryption.rotate({});
    const found = options.wait ? await untilOver(client, begun, terminal) : begun;
    output.show(found, () => keyLines(found));
  });
}

async function untilOver(
  client: NativeClient,
  begun: WireKeyEncryption,
  terminal: Terminal,
): Promise<WireKeyEncryption> {
  let found = begun;
  let shown = '';
  while (found.rotation !== null && found.rotation.endedAt === null) {
    const { resealed, examined, at } = found.rotation;
    const progress = `${resealed} sealed again, ${examined} looked at, now: ${at}`;
    if (progress !== shown) terminal.stderr(`${progress}\n`);
    shown = progress;
    await terminal.clock.sleep(askAgainMs);
    found = await client.keyEncryption.show({});
  }
  return found;
}

function keyLines({ masterKeyId, keptIn, rotation }: WireKeyEncryption): readonly string[] {
  return factLines([
    ['Master key', masterKeyId],
    ['Kept in', keptIn ?? 'master.key of the data directory'],
    ...(rotation === null ? [] : rotationFacts(rotation)),
  ]);
}

function rotationFacts(rotation: NonNullable<WireKeyEncryption['rotation']>): readonly (readonly [string, string])[] {
  const { startedAt, endedAt, resealed, examined, unreadable, at } = rotation;
  return [
    ['Rotation', endedAt === null ? `under way since ${momentText(startedAt)}` : `over since ${momentText(endedAt)}`],
    ['Sealed again', String(resealed)],
    ['Looked at', endedAt === null ? `${examined}, now: ${at}` : String(examined)],
    ...(unreadable === 0 ? [] : ([['Unreadable', `${unreadable}: see the log`]] as const)),
  ];
}
