/**
 * What a shell needs to complete command lines of certmux: its commands, their options, the values of those that have a list. It is written
 * out once, so that pressing Tab starts no program.
 */
import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh'] as const;
export type Shell = (typeof shells)[number];

/** Of the help of every command, which Commander keeps apart from the others. */
const help = '--help';

export function completionScript(program: Command, shell: Shell): string {
  const bash = bashScript(program);
  // zsh runs what is written for bash.
  return shell === 'bash'
    ? bash
    : `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

interface Place {
  /** The words that lead there: `order list`. */
  readonly words: string;
  readonly command: Command;
}

/** The program itself, every group, every command. */
function placesOf(command: Command, words: readonly string[] = []): readonly Place[] {
  const children = command.commands.flatMap((child) => placesOf(child, [...words, child.name()]));
  return [{ words: words.join(' '), command }, ...children];
}

/** For bash 3.2 as well, which macOS has: no associative arrays. */
function bashScript(program: Command): string {
  const places = placesOf(program);
  const nexts = places.map(({ words, command }) => branch(words, nextWords(command)));
  const options = places.map(({ words, command }) => branch(words, [...command.options.flatMap(longOf), help]));
  const values = places.flatMap(({ words, command }) =>
    command.options.flatMap((option) =>
      [option.long, option.short].flatMap((name) =>
        takesValue(option) && typeof name === 'string' ? [branch(`${words} ${name}`.trim(), valuesOf(option))] : [],
      ),
    ),
  );
  return `# bash completion for certmux: source <(certmux completion bash)
_certmux_next() {
  case "$1" in
${nexts.join('\n')}
  esac
}
_certmux_options() {
  case "$1" in
${options.join('\n')}
  esac
}
# Ends with 1 where the option takes no value. @file and @directory are any of those.
_certmux_values() {
  case "$1" in
${values.join('\n')}
    *) return 1 ;;
  esac
}
_certmux() {
  local current="\${COMP_WORDS[COMP_CWORD]}" place='' values='' word i=1
  # bash divides --state=open at the sign.
  [ "$current" = '=' ] && current=''
  while [ "$i" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      -*)
        if values=$(_certmux_values "\${place:+$place }$word"); then
          i=$((i + 1))
          [ "\${COMP_WORDS[i]}" = '=' ] && [ "$i" -lt "$COMP_CWORD" ] && i=$((i + 1))
          if [ "$i" -ge "$COMP_CWORD" ]; then
            _certmux_reply "$values" "$current"
            return
          fi
        fi
        ;;
      *)
        case " $(_certmux_next "$place") " in
          *" $word "*) place="\${place:+$place }$word" ;;
        esac
        ;;
    esac
    i=$((i + 1))
  done
  case "$current" in
    -*) values=$(_certmux_options "$place") ;;
    *) values=$(_certmux_next "$place") ;;
  esac
  _certmux_reply "$values" "$current"
}
_certmux_reply() {
  local IFS=$' \\t\\n'
  case "$1" in
    @file)
      IFS=$'\\n'
      COMPREPLY=($(compgen -f -- "$2"))
      compopt -o filenames 2>/dev/null
      ;;
    @directory)
      IFS=$'\\n'
      COMPREPLY=($(compgen -d -- "$2"))
      compopt -o filenames 2>/dev/null
      ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
  esac
}
complete -F _certmux certmux
`;
}

function branch(pattern: string, words: readonly string[]): string {
  return `    '${pattern}') echo '${words.join(' ')}' ;;`;
}

/** Commands of a group; for an argument its values. */
function nextWords(command: Command): readonly string[] {
  const [argument] = command.registeredArguments;
  if (command.commands.length > 0 || argument === undefined) return command.commands.map((child) => child.name());
  return argument.argChoices ?? kindOf(argument.name());
}

function valuesOf(option: Option): readonly string[] {
  return option.argChoices ?? kindOf(/[<[]([a-z]+)/.exec(option.flags)?.[1] ?? '');
}

function kindOf(name: string): readonly string[] {
  return name === 'file' || name === 'directory' ? [`@${name}`] : [];
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function longOf({ long, hidden }: Option): readonly string[] {
  return long === undefined || long === null || hidden ? [] : [long];
}
