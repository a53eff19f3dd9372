/** The commands of the command line, as a tree that runs nothing. */
import { createProgram } from '../../src/cli/run.ts';

export type Command = ReturnType<typeof createProgram>;

/** Every command that does something, with the words that call it. */
export function leavesOf(
  command: Command,
  words: readonly string[] = [],
): (readonly [words: string, command: Command])[] {
  if (command.commands.length === 0) return [[words.join(' '), command]];
  return command.commands.flatMap((child) => leavesOf(child, [...words, child.name()]));
}

const never = () => Promise.reject(new Error('not called'));

export function commandTree(): Command {
  return createProgram({
    local: {
      version: '0',
      serve: never,
      readIssued: () => {
        throw new Error('not run');
      },
      init: never,
      quickstart: never,
      checkConfig: never,
      copyDatabase: never,
      backup: never,
      restore: never,
      verify: never,
      markRestored: never,
      resetOperator: never,
      signCompromiseReport: never,
      get: never,
      installTimer: never,
      installRoots: never,
      uninstallRoots: never,
      keepRootKey: never,
      holdsRootKey: never,
      signCaRequest: never,
      signCaList: never,
      pathOf: (path) => path,
    },
    // Building the tree touches nothing of the terminal.
    terminal: {} as Parameters<typeof createProgram>[0]['terminal'],
    json: false,
    setExitCode: () => {},
  });
}
