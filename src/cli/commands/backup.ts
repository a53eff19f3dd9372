/** `backup`, `restore`, `verify`: the worst day, and every day before it. */
import type { Command } from 'commander';
import { backupWords } from '../backup-words.ts';
import { addCommand, type Cli, localAction } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { BackupOptions, RestoreOptions, VerifyOptions } from '../local.ts';
import { factLines } from '../table.ts';
import { styled } from '../terminal.ts';

/** Where the database is: as for `serve`. */
function addDataOptions(command: Command): Command {
  return command.option('--config <file>', 'configuration file').option('--data <directory>', 'data directory');
}

export function addBackupCommands(program: Command, cli: Cli): void {
  addBackup(program, cli);
  addRestore(program, cli);
  addVerify(program, cli);
}

function addBackup(program: Command, cli: Cli): void {
  const backup = addDataOptions(
    addCommand(program, {
      usage: 'backup <file>',
      summary: 'Back up the database, while the server works or not',
      description:
        'Copies the embedded database into one file that only you can read, with what is needed to check it. A server goes on meanwhile. The ' +
        'file has another name until it is whole. The master key is not in it, unless you say so: keep it apart. Of a PostgreSQL database use pg_dump.',
      examples: [
        ['certmux backup /backup/certmux-$(date +%F).backup', 'every day, from cron or a systemd timer'],
        ['certmux backup --data /var/lib/certmux /backup/now.backup', 'of another data directory'],
        ['certmux backup whole.backup --with-master-key', 'with the key that opens everything in it'],
      ],
    }),
  )
    .option('--with-master-key', 'put the master key into the file: who reads it then has everything')
    .option('--force', 'replace the file if it is there');
  localAction<Omit<BackupOptions, 'file'>>(cli, backup, async ({ args, options, output, terminal }) => {
    const result = await cli.local.backup({ ...options, file: args[0] ?? '' });
    const words = backupWords[terminal.language];
    output.show(result, () => [
      '',
      ...factLines([
        [words.file, result.file],
        [words.madeAt, result.madeAt],
        [words.size, `${(result.bytes / (1 << 20)).toFixed(1)} MiB`],
        [words.masterKey, result.hasMasterKey ? words.masterKeyIn : words.masterKeyApart(result.masterKeys.join(', '))],
      ]),
      '',
      styled(terminal, 'green', words.done),
      words.verifyNext(result.file),
    ]);
  });
}

function addRestore(program: Command, cli: Cli): void {
  const restore = addDataOptions(
    addCommand(program, {
      usage: 'restore <file>',
      summary: 'Put a backup back into a new data directory',
      description:
        'Writes the database of a backup into a data directory that is new or holds nothing but master.key. Every byte is compared, and the ' +
        'master key must open it. Nothing is written where something does not fit. The numbers of the restored server go on far above those of the lost one.',
      examples: [
        [
          'certmux restore certmux.backup --data /var/lib/certmux',
          'master.key lies there already, or is in the backup',
        ],
        ['certmux restore certmux.backup --data new --master-key /safe/master.key', 'the key is copied into it'],
      ],
    }),
  ).option('--master-key <file>', 'the master key, which is copied into the data directory');
  localAction<Omit<RestoreOptions, 'file'>>(cli, restore, async ({ args, options, output, terminal }) => {
    const result = await cli.local.restore({ ...options, file: args[0] ?? '' });
    const words = backupWords[terminal.language];
    output.show(result, () => [
      '',
      ...factLines([
        [words.file, result.file],
        [words.madeAt, result.madeAt],
        [words.content, words.rowsOf(result.rows)],
      ]),
      '',
      styled(terminal, 'green', words.restored),
      ...words.restoredLost(result.madeAt),
      '',
      words.next,
      ...words.restoreSteps(result.dataDirectory).map((step, i) => `  ${i + 1}. ${step}`),
    ]);
  });
}

function addVerify(program: Command, cli: Cli): void {
  const verify = addDataOptions(
    addCommand(program, {
      usage: 'verify [target]',
      summary: 'Check a backup or a database: is it whole, does it mean what it says',
      description:
        'Reads a backup, a data directory or a database, and checks its pages, that every sealed value opens, every chain of certificates, serial ' +
        'numbers, the sums of the ledger and the audit log. It changes nothing, and may run beside a server. It exits with 7 when anything is wrong.',
      examples: [
        ['certmux verify certmux.backup', 'a backup, without its master key'],
        ['certmux verify certmux.backup --master-key /safe/master.key', 'and that the key opens it'],
        ['certmux verify /var/lib/certmux', 'a data directory'],
        ['certmux verify --config certmux.yaml', 'what the service uses, also on PostgreSQL'],
      ],
    }),
  ).option('--master-key <file>', 'the master key of the backup');
  localAction<Omit<VerifyOptions, 'target'>>(cli, verify, async ({ args, options, output, terminal }) => {
    const result = await cli.local.verify({ ...options, target: args[0] });
    if (!result.ok) cli.setExitCode(exitCodes.refused);
    const words = backupWords[terminal.language];
    const bad = result.checks.filter(({ flaws }) => flaws.length > 0);
    output.show(result, () => {
      if (bad.length === 0) return ['', styled(terminal, 'green', words.sound)];
      const count = bad.reduce((sum, { flaws }) => sum + flaws.length, 0);
      return [
        '',
        styled(terminal, 'red', words.unsound(count)),
        ...bad.flatMap(({ check, flaws }) => [`${words.checks[check] ?? check}:`, ...flaws.map((flaw) => `  ${flaw}`)]),
        '',
        words.unsoundNext,
      ];
    });
  });
}
