/** `database copy`: moves an installation to another database. */
import type { Command } from 'commander';
import { addCommand, addGroup, type Cli, localAction } from '../command.ts';
import { copyWords } from '../copy-words.ts';
import type { DatabaseCopyOptions, DatabaseCopyResult } from '../local.ts';
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
