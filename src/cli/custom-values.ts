/** `--field <name>=<value>`: the values of custom fields on the command line. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface FieldValue {
  readonly field: string;
  readonly value: string;
}

export interface FieldOptions {
  readonly field?: readonly FieldValue[];
}

export function addFieldOption(command: Command, help: string): Command {
  return command.addOption(new Option('--field <name=value>', help).argParser(collectField));
}

/** A label may hold no `=`; a value may. */
export function keyAndValue(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(at, 0)).trim();
  if (key === '') throw new InvalidArgumentError('Write it as name=value.');
  return [key, text.slice(at + 1)];
}

function collectField(text: string, before: readonly FieldValue[] = []): readonly FieldValue[] {
  const [field, value] = keyAndValue(text);
  return [...before, { field, value }];
}
