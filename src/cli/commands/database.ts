/** `database copy`: moves an installation to another database. */
import { type Command, InvalidArgumentError } from 'commander';
import { addCommand, addGroup, type Cli, localAction } from '../command.ts';
import { copyWords } from '../copy-words.ts';
import type { DatabaseCopyOptions, DatabaseCopyResult, DataOptions } from '../local.ts';
import { factLines, tableLines } from '../table.ts';
import { styled, type Terminal } from '../terminal.ts';

export function addDatabaseCommands(program: Command, cli: Cli): void {
  const database = addGroup(program, {
    usage: 'database',
    summary: 'Move to another database',
    description: 'Works on the database itself, while no server does.',
  });
  const copy = addCommand(database, {
    usage: 'copy',
    summary: 'Copy everything into an empty database',
    description:
      'Copies a database into an empty one: from the file of the data directory to a PostgreSQL server, or back. Stop the service first. The ' +
      'original is only read. Every row of the copy is compared with it, and before that nobody sees anything of the copy: a copy that ' +
      'was interrupted is begun again with the same command. A database is the path of a file or of a data directory, or an address; give the password in PGPASSWORD.',
    examples: [
      ['certmux database copy --from data --to postgres://certmux@db.example.com/certmux', 'to a PostgreSQL server'],
      ['certmux database copy --from postgres://certmux@db.example.com/certmux --to data/certmux.db', 'and back'],
    ],
  })
    .requiredOption('--from <database>', 'the database that there is')
    .requiredOption('--to <database>', 'an empty one');
  localAction<DatabaseCopyOptions>(cli, copy, async ({ options, output, terminal }) => {
    const result = await cli.local.copyDatabase(options);
    output.show(result, () => summaryLines(result, terminal));
  });

  const restored = addCommand(database, {
    usage: 'restored',
    summary: 'Say that the database was put back from a dump or a copy',
    description:
      'Marks a database that was restored otherwise than by certmux restore, as by pg_restore, before a server is started on it. At its next ' +
      'start its numbers go on far above those that the lost server may have given out, sessions end, and numbers that are good once begin again.',
    examples: [
      ['certmux database restored --made-at 2026-11-29T02:00:00Z --config certmux.yaml', 'the dump was made then'],
    ],
  })
    .requiredOption('--made-at <time>', 'when the dump or copy was made: 2026-11-29T02:00:00Z', momentOption)
    .option('--config <file>', 'configuration file')
    .option('--data <directory>', 'data directory');
  localAction<DataOptions & { madeAt: string }>(cli, restored, async ({ options, output, terminal }) => {
    const result = await cli.local.markRestored(options);
    output.show(result, () => [copyWords[terminal.language].marked(result)]);
  });
}

function momentOption(text: string): string {
  const at = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('A time is needed, like 2026-11-29T02:00:00Z.');
  return at.toISOString();
}

function summaryLines(result: DatabaseCopyResult, terminal: Terminal): readonly string[] {
  const words = copyWords[terminal.language];
  const filled = result.tables.filter(({ rows }) => rows > 0).toSorted((a, b) => b.rows - a.rows);
  const [titles = '', ...rows] = tableLines(
    [
      { title: words.table, value: ({ name }) => name },
      { title: words.count, value: (table) => table.rows.toLocaleString('en'), align: 'right' },
    ],
    filled,
    terminal.columns,
  );
  const steps = result.isOnServer ? words.startOnServer(result.to) : words.startOnFile(result.to);
  return [
    '',
    styled(terminal, 'bold', titles),
    ...rows,
    words.empty(result.tables.length - filled.length),
    '',
    ...factLines([[words.nextNumber, String(result.nextNumbers.orders)]]),
    '',
    styled(terminal, 'green', words.done),
    words.unchanged(result.from),
    '',
    words.next,
    ...steps.map((step, i) => `  ${i + 1}. ${step}`),
  ];
}
