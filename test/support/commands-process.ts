/**
 * Several command lines in a process of their own, whose user may be another: compiling costs seconds, so they share one. Its argument is
 * a list of `[words, options]`, and its output the outcomes.
 */
import { type CommandLineOptions, certmux, type Outcome } from './command-line.ts';

const commands: readonly [readonly string[], CommandLineOptions][] = JSON.parse(process.argv[2] ?? '[]');
const outcomes: Outcome[] = [];
for (const [words, options] of commands) outcomes.push(await certmux(words, options));
process.stdout.write(JSON.stringify(outcomes));
