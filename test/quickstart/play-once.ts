/** Runs the quickstart in a process of its own, for the test that watches the process end: `play-once.ts DIRECTORY`. */
import { runQuickstart } from '../../src/quickstart/index.ts';
import { createCollector } from './collector.ts';

const terminal = createCollector({ stdout: (data) => void process.stdout.write(data) });
process.exitCode = await runQuickstart(
  { keep: process.argv.includes('--keep'), api: 'encryption365', directory: process.argv[2] ?? '' },
  terminal,
);
