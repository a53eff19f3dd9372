/** The options that narrow lists of orders and of certificates. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { listSorts } from '../dialects/native/schema/list-filters.ts';
import { collect, wholeNumber } from './command.ts';
import { UsageError } from './failure.ts';

export interface FilterOptions {
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
  readonly endsFrom?: string;
  readonly endsTo?: string;
  readonly endsWithin?: number;
  readonly issuer?: string;
  readonly product?: string;
  readonly state?: readonly string[];
  readonly name?: string;
  readonly sort?: (typeof listSorts)[number];
}

/** An option of which several may be chosen. */
export function severalOption(flags: string, description: string, choices: readonly string[]): Option {
  const oneOf = (value: string, before: readonly string[] | undefined) => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return collect(value, before);
  };
  // What completion offers; several are collected by a parser of their own.
  return new Option(flags, description).choices(choices).argParser(oneOf);
}

export type YesOrNo = 'yes' | 'no';

/** For a condition that may be asked for either way. */
export function yesOrNoOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(['yes', 'no']);
}

/** The parameter of the API. */
export function isYes(answer: YesOrNo | undefined): 'true' | 'false' | undefined {
  if (answer === undefined) return undefined;
  return answer === 'yes' ? 'true' : 'false';
}

/** @param states of which several may be chosen */
export function addFilterOptions(command: Command, states: readonly string[]): Command {
  return command
    .addOption(severalOption('--state <state>', 'only in this state (repeatable)', states))
    .option('--account <account>', 'id or number; default: every account that you may see')
    .option('--from <date>', 'created on this day (UTC) or later, such as 2026-06-01')
    .option('--to <date>', 'created on this day or earlier')
    .option('--ends-within <days>', 'its certificate ends within so many days; soonest first', wholeNumber)
    .option('--ends-from <date>', 'its certificate ends on this day (UTC) or later; soonest first')
    .option('--ends-to <date>', 'its certificate ends on this day or earlier; soonest first')
    .option('--issuer <id>', 'only of this issuer')
    .option('--product <code>', 'only of this product, such as tls-dv')
    .addOption(new Option('--sort <by>', 'a minus: the other way round').choices(listSorts));
}

/** The parameters of the API. @throws {UsageError} where options contradict each other */
export function filterOf(options: FilterOptions) {
  const { account, from, to, endsFrom, endsTo, endsWithin, issuer, product, state, name, sort } = options;
  for (const [option, day] of Object.entries({
    '--from': from,
    '--to': to,
    '--ends-from': endsFrom,
    '--ends-to': endsTo,
  }))
    requireDay(option, day);
  requireOrder(['--from', from], ['--to', to]);
  requireOrder(['--ends-from', endsFrom], ['--ends-to', endsTo]);
  if (endsWithin !== undefined && (endsFrom !== undefined || endsTo !== undefined)) {
    throw new UsageError('--ends-within and --ends-from or --ends-to say the same thing twice', 'use one of them');
  }
  return {
    account,
    from,
    to,
    endsFrom,
    endsTo,
    endsWithinDays: endsWithin,
    issuerId: issuer,
    productCode: product,
    state: state?.join(','),
    name,
    sort,
  };
}

/** Whether a list is sorted by end. */
export function isByEnd({ endsFrom, endsTo, endsWithin, sort }: FilterOptions): boolean {
  if (sort !== undefined) return sort.endsWith('ends');
  return endsFrom !== undefined || endsTo !== undefined || endsWithin !== undefined;
}

function requireDay(option: string, day: string | undefined): void {
  if (day === undefined) return;
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && isSameDay(day);
  if (!isDay) throw new UsageError(`${option} ${JSON.stringify(day)} is not a date`, 'write it like 2026-06-01');
}

/** False for 2026-02-30, which would be read as a day of March. */
function isSameDay(day: string): boolean {
  return new Date(day).toISOString().startsWith(day);
}

function requireOrder([first, from]: Bound, [last, to]: Bound): void {
  if (from !== undefined && to !== undefined && to < from)
    throw new UsageError(`${last} ${to} is before ${first} ${from}`, 'both days belong to the range');
}

type Bound = readonly [option: string, day: string | undefined];
