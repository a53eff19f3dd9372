/** `container list|add|change` and `custom-field list|add|change`: how an account arranges its orders. */
import { type Command, Option } from 'commander';
import { api, type WireContainer, type WireCustomField } from '../../dialects/native/schema.ts';
import { customFieldKinds } from '../../domain/custom-field.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addCsvOption, addGroup, type Cli, collect, remoteAction } from '../command.ts';
import { keyAndValue } from '../custom-values.ts';
import { UsageError } from '../failure.ts';
import { type Column, factLines } from '../table.ts';

const ownAccount = "id or number; default: the caller's own";

const containerColumns: readonly Column<WireContainer>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'PARENT', value: ({ parentId }) => parentId ?? '– (the root)' },
  { title: 'NAMES', value: ({ allowedNames }) => allowedNames?.join(', ') ?? 'any', isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ID', value: ({ id }) => id },
];

const fieldColumns: readonly Column<WireCustomField>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'LABEL', value: ({ label }) => label, isFlexible: true },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'REQUIRED', value: ({ isRequired }) => (isRequired ? 'yes' : 'no') },
  { title: 'ACTIVE', value: ({ isActive }) => (isActive ? 'yes' : 'no') },
  { title: 'DEFAULT', value: ({ defaultValue }) => defaultValue ?? '–', isFlexible: true },
  { title: 'ID', value: ({ id }) => id },
];

export function addContainerCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'container',
    summary: 'Containers: the parts of an account',
    description:
      'A container is a part of an account, such as a department, into which orders, organizations and users are put.',
  });

  const list = addCommand(group, {
    usage: 'list',
    summary: 'List the containers of an account',
    description: 'Lists the containers, the root first. Every account has a root from its beginning.',
    examples: [['certmux container list --account 100001', 'as the operator']],
  }).option('--account <account>', ownAccount);
  addCsvOption(list);
  remoteAction<{ account?: string }>(cli, list, async ({ client, options: { account }, output }) =>
    output.list({
      endpoint: api.containers.list,
      read: () => client.containers.list(account === undefined ? {} : { account }),
      columns: containerColumns,
      none: 'There are none.',
    }),
  );

  const add = addCommand(group, {
    usage: 'add <name>',
    summary: 'Add a container',
    description:
      'Adds a container below another. Orders in it are limited to its names and to those of the containers it lies in.',
    examples: [
      ['certmux container add Sales --account 100001', 'below the root'],
      ['certmux container add Shop --parent 100002 --allow-name shop.example', 'with names of its own'],
    ],
  })
    .option('--account <account>', ownAccount)
    .option('--parent <container>', "id or number; default: the account's root")
    .option('--description <text>', 'what it is for', '')
    .addOption(
      new Option('--allow-name <name>', 'only names under these may be ordered in it (repeatable)').argParser(collect),
    );
  remoteAction<{ account?: string; parent?: string; description: string; allowName?: string[] }>(
    cli,
    add,
    async ({ client, args, options: { account, parent, description, allowName }, output }) => {
      const added = await client.containers.add({
        account: account ?? null,
        name: args[0] ?? '',
        description,
        allowedNames: allowName ?? null,
        ...withDefined({ parent }),
      });
      output.show(added, () => containerLines(added));
    },
  );

  const change = addCommand(group, {
    usage: 'change <container>',
    summary: 'Rename a container, change its names, or stop and resume its use',
    description:
      'Changes what is named and leaves the rest; names count for orders from then on. In a container that is not in use, and in those ' +
      'below it, nothing is ordered or reissued.',
    examples: [
      ['certmux container change 100002 --state inactive', 'nothing is ordered in it'],
      ['certmux container change 100002 --name Shop --any-name', 'another name, and no limits of its own'],
    ],
  })
    .option('--name <text>', 'what it is called')
    .option('--description <text>', 'what it is for')
    .addOption(
      new Option('--allow-name <name>', 'only names under these may be ordered in it (repeatable)').argParser(collect),
    )
    .addOption(new Option('--any-name', 'any name of the account may be ordered in it').conflicts('allowName'))
    .addOption(new Option('--state <state>', 'whether it is in use').choices(['active', 'inactive']));
  remoteAction<ContainerChangeOptions>(cli, change, async ({ client, args, options, output }) => {
    const { name, description, allowName, anyName, state } = options;
    const request = {
      ...withDefined({ name, description, state, allowedNames: allowName }),
      ...(anyName === undefined ? {} : { allowedNames: null }),
    };
    if (Object.keys(request).length === 0) {
      throw new UsageError('nothing is named that should change', 'name it: certmux container change --help');
    }
    const changed = await client.containers.change({ container: args[0] ?? '', ...request });
    output.show(changed, () => containerLines(changed));
  });
}

interface ContainerChangeOptions {
  readonly name?: string;
  readonly description?: string;
  readonly allowName?: string[];
  readonly anyName?: true;
  readonly state?: WireContainer['state'];
}

function containerLines({ name, number, id, state, allowedNames }: WireContainer): string[] {
  return factLines([
    ['Container', name],
    ['Number', String(number)],
    ['Id', id],
    ['State', state],
    ['Names', allowedNames?.join(', ') ?? 'any'],
  ]);
}

const kindOption = () => new Option('--kind <kind>', 'what its value must be').choices([...customFieldKinds]);

function fieldLines(field: WireCustomField): string[] {
  return factLines([
    ['Field', field.label],
    ['Number', String(field.number)],
    ['Kind', field.kind],
    ['Required', field.isRequired ? 'yes' : 'no'],
    ['Active', field.isActive ? 'yes' : 'no'],
    ['Default', field.defaultValue],
    ...field.keyDefaults.map(({ key, value }) => [`  of ${key}`, value] as const),
    ['Id', field.id],
  ]);
}

interface FieldOptions {
  readonly label?: string;
  readonly description?: string;
  readonly kind?: WireCustomField['kind'];
  readonly required?: true;
  readonly optional?: true;
  readonly active?: true;
  readonly inactive?: true;
  /** False: without one. */
  readonly default?: string | false;
}

interface KeyDefaultOptions {
  readonly keyDefault?: readonly { readonly key: string; readonly value: string }[];
  readonly withoutKeyDefault?: readonly string[];
}

function fieldChange({ label, description, kind, required, optional, active, inactive, default: value }: FieldOptions) {
  return {
    ...(value === undefined ? {} : { defaultValue: value === false ? null : value }),
    ...withDefined({ label, description, kind }),
    ...(required === undefined ? {} : { isRequired: true }),
    ...(optional === undefined ? {} : { isRequired: false }),
    ...(active === undefined ? {} : { isActive: true }),
    ...(inactive === undefined ? {} : { isActive: false }),
  };
}

function collectKeyDefault(
  text: string,
  before: KeyDefaultOptions['keyDefault'] = [],
): NonNullable<KeyDefaultOptions['keyDefault']> {
  const [key, value] = keyAndValue(text);
  return [...before, { key, value }];
}

function keyDefaultsOf({ keyDefault = [], withoutKeyDefault = [] }: KeyDefaultOptions) {
  const keyDefaults = [...keyDefault, ...withoutKeyDefault.map((key) => ({ key, value: null }))];
  return keyDefaults.length === 0 ? {} : { keyDefaults };
}

export function addCustomFieldCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'custom-field',
    summary: 'Custom fields: what an account adds to its orders',
    description:
      'A field such as a cost centre or a ticket number, with which orders are filled. One that is required is so in every API: those that ' +
      'carry no such fields use its default.',
  });

  const list = addCommand(group, {
    usage: 'list',
    summary: 'List the custom fields of an account',
    description: 'Lists the fields with what their values must be, and whether orders must fill them.',
    examples: [['certmux custom-field list --account 100001', 'as the operator']],
  }).option('--account <account>', ownAccount);
  addCsvOption(list);
  remoteAction<{ account?: string }>(cli, list, async ({ client, options: { account }, output }) =>
    output.list({
      endpoint: api.customFields.list,
      read: () => client.customFields.list(account === undefined ? {} : { account }),
      columns: fieldColumns,
      none: 'There are none. Add one: certmux custom-field add <label>',
    }),
  );

  const add = addCommand(group, {
    usage: 'add <label>',
    summary: 'Add a custom field',
    description: 'Adds a field. Earlier orders stay without it; a required one must be filled in from now on.',
    examples: [['certmux custom-field add "Cost centre" --account 100001 --kind integer --required', 'to be filled']],
  })
    .option('--account <account>', ownAccount)
    .option('--description <text>', 'what to enter', '')
    .addOption(kindOption())
    .option('--required', 'orders must fill it')
    .option('--default <value>', 'what orders have that are placed without one');
  remoteAction<FieldOptions & { account?: string }>(cli, add, async ({ client, args, options, output }) => {
    const { account, ...change } = options;
    const added = await client.customFields.add({
      account: account ?? null,
      label: args[0] ?? '',
      ...fieldChange(change),
    });
    output.show(added, () => fieldLines(added));
  });

  const change = addCommand(group, {
    usage: 'change <field>',
    summary: 'Change a custom field, or take it out of use',
    description: 'Changes what is named. Orders keep the values they have; an inactive field is no longer asked for.',
    examples: [
      ['certmux custom-field change 100001 --optional', 'need not be filled any more'],
      ['certmux custom-field change 100001 --default 4711', 'for APIs that cannot carry it'],
      ['certmux custom-field change 100001 --key-default crd_01…=4712', 'for the orders of one key'],
      ['certmux custom-field change 100001 --inactive', 'out of use'],
    ],
  })
    .option('--label <text>', 'what it is called')
    .option('--description <text>', 'what to enter')
    .addOption(kindOption())
    .addOption(new Option('--required', 'orders must fill it').conflicts('optional'))
    .option('--optional', 'orders need not fill it')
    .addOption(new Option('--active', 'in use').conflicts('inactive'))
    .option('--inactive', 'out of use')
    .option('--default <value>', 'what orders have that are placed without one')
    .option('--no-default', 'without a default')
    .addOption(
      new Option(
        '--key-default <key=value>',
        'the same for the orders of one credential or ACME key, by id (repeatable)',
      ).argParser(collectKeyDefault),
    )
    .option('--without-key-default <key>', 'takes that of a key away (repeatable)', collect);
  remoteAction<FieldOptions & KeyDefaultOptions>(cli, change, async ({ client, args, options, output }) => {
    const request = { ...fieldChange(options), ...keyDefaultsOf(options) };
    if (Object.keys(request).length === 0) {
      throw new UsageError('nothing is named that should change', 'name it: certmux custom-field change --help');
    }
    const changed = await client.customFields.change({ field: args[0] ?? '', ...request });
    output.show(changed, () => fieldLines(changed));
  });
}
