/** `organization list|show|add|ask|verify|reject|activate|deactivate|remove`: what OV and EV certificates name. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { api, type WireOrganization } from '../../dialects/native/schema.ts';
import { type OrganizationLevel, organizationLevels } from '../../domain/organization.ts';
import { type BusinessCategory, businessCategories } from '../../domain/registration.ts';
import { withDefined } from '../../domain/with-defined.ts';
import {
  addCommand,
  addGroup,
  addPageOptions,
  type Cli,
  type PageOptions,
  remoteAction,
  wholeNumber,
} from '../command.ts';
import { type Column, factLines } from '../table.ts';
import { dayText, momentText } from '../words.ts';

const columns: readonly Column<WireOrganization>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ details }) => details.name, isFlexible: true },
  { title: 'WHERE', value: ({ details }) => `${details.city}, ${details.country}`, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'VERIFIED', value: ({ validations }) => validations.map(validationText).join('; ') || 'not requested' },
  { title: 'ID', value: ({ id }) => id },
];

function validationText({ level, state, validUntil }: WireOrganization['validations'][number]): string {
  return `${level.toUpperCase()} ${state === 'valid' ? `until ${dayText(validUntil)}` : state}`;
}

function pageLines(organization: WireOrganization): string[] {
  const { details, validations, contacts } = organization;
  return factLines([
    ['Organization', `${details.name} (${organization.state})`],
    ['Number', String(organization.number)],
    ['Id', organization.id],
    ['Account', organization.accountId],
    ['Trades as', details.assumedName],
    ['Unit', details.unit],
    ['Street', details.street],
    ['', details.street2],
    ['Place', [details.postalCode, details.city, details.state, details.country].filter(Boolean).join(', ')],
    ['Registration', details.registrationNumber],
    ['Incorporated', details.incorporatedOn],
    ['Category', details.businessCategory],
    ['Register of', jurisdictionText(details)],
    ['Identifier', details.organizationIdentifier],
    ['Phone', details.phone],
    ...validations.flatMap((one) => [
      ['Verified', `${validationText(one)}${one.note === '' ? '' : ` (${one.note})`}`] as const,
      ['Registered as', one.registrationNumber] as const,
      ['Registered on', one.incorporatedOn] as const,
      ['Verified as', one.businessCategory] as const,
      ['In the register of', jurisdictionText(one)] as const,
      ['Identified as', one.organizationIdentifier] as const,
    ]),
    ...contacts.map(({ role, number, firstName, lastName, email }) => {
      const who = [firstName, lastName, email].filter((part) => part !== '').join(' ');
      return ['Contact', `${who} (${role}, ${number})`] as const;
    }),
    ['Added', momentText(organization.createdAt)],
  ]);
}

/** From the place to its country; undefined where nothing is known. */
function jurisdictionText(known: {
  readonly jurisdictionCountry?: string | null;
  readonly jurisdictionState?: string | null;
  readonly jurisdictionLocality?: string | null;
}): string | undefined {
  const { jurisdictionLocality, jurisdictionState, jurisdictionCountry } = known;
  return [jurisdictionLocality, jurisdictionState, jurisdictionCountry].filter(Boolean).join(', ') || undefined;
}

interface OrganizationListOptions extends PageOptions {
  readonly state?: WireOrganization['state'];
  readonly waiting?: true;
  readonly name?: string;
  readonly level?: OrganizationLevel;
  readonly validUntilBefore?: string;
}

export function addOrganizationCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'organization',
    summary: 'Organizations: what OV and EV certificates name',
    description:
      'An OV or EV order waits until the operator has verified its organization. What was verified serves later orders of the account too.',
  });
  const show = (output: { show(value: unknown, lines: () => readonly string[]): void }, one: WireOrganization) =>
    output.show(one, () => pageLines(one));

  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List organizations, newest first',
      description: 'Lists organizations. With --waiting only those that the operator has still to verify.',
      examples: [
        ['certmux organization list --waiting', "the operator's work"],
        ['certmux organization list --name acme', 'by a part of the name'],
      ],
    }),
  )
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'inactive']))
    .option('--waiting', 'only those that wait to be verified')
    .option('--name <text>', 'only those whose name holds this')
    .addOption(new Option('--level <level>', 'only those verified on this level').choices(['ov', 'ev']))
    .option('--valid-until-before <date>', 'only those with a verification that ends before this day (UTC)');
  remoteAction<OrganizationListOptions>(cli, list, async ({ client, options, output }) => {
    const { state, waiting, name, level, validUntilBefore } = options;
    const query = {
      state,
      name,
      level,
      validUntilBefore,
      ...(waiting === undefined ? {} : { waiting: 'true' as const }),
    };
    await output.list({
      endpoint: api.organizations.list,
      page: options,
      read: (page) => client.organizations.list({ ...page, ...query }),
      columns,
      none: 'There are none.',
    });
  });

  const one = addCommand(group, {
    usage: 'show <organization>',
    summary: 'Show an organization',
    description: 'Shows what the organization says of itself, who speaks for it, and what was verified.',
    examples: [['certmux organization show 100001', 'by number; ids work as well']],
  });
  remoteAction(cli, one, async ({ client, args, output }) =>
    show(output, await client.organizations.show({ organization: args[0] ?? '' })),
  );

  const add = addCommand(group, {
    usage: 'add <name>',
    summary: 'Add an organization',
    description:
      'Adds an organization to an account. Its details never change afterwards: who moves or renames is another one. With --level the operator ' +
      'is asked to verify it at once; an order asks as well.',
    examples: [
      [
        'certmux organization add "Acme GmbH" --account 100001 --city Berlin --state BE --country DE --level ov',
        'and ask for OV',
      ],
    ],
  })
    .option('--account <account>', "id or number; default: the caller's own")
    .requiredOption('--city <text>', 'where it is')
    .requiredOption('--state <text>', 'state or province')
    .requiredOption('--country <code>', 'two letters (ISO 3166-1)')
    .option('--street <text>', 'street and number')
    .option('--postal-code <text>', 'postal code')
    .option('--unit <text>', 'organizational unit')
    .option('--phone <text>', 'telephone')
    .option('--registration-number <text>', 'in its register; whoever verifies it for EV finds it otherwise')
    .addOption(levelOption('ask for this (repeatable)').argParser(collectLevel));
  addRegistrationOptions(add);
  remoteAction<NewOptions>(cli, add, async ({ client, args, options, output }) => {
    const { account, level, country, ...details } = options;
    show(
      output,
      await client.organizations.add({
        account: account ?? null,
        details: { ...detailsOf(details), name: args[0] ?? '', country: country.toUpperCase() },
        levels: [...(level ?? [])],
      }),
    );
  });

  const ask = addCommand(group, {
    usage: 'ask <organization>',
    summary: 'Ask the operator to verify it',
    description: 'Asks again, such as after a rejection, or for another level. Nothing changes while it is verified.',
    examples: [['certmux organization ask 100001 --level ev', 'for EV']],
  }).addOption(levelOption('for this (repeatable)').argParser(collectLevel).makeOptionMandatory());
  remoteAction<{ level: OrganizationLevel[] }>(cli, ask, async ({ client, args, options, output }) =>
    show(output, await client.organizations.ask({ organization: args[0] ?? '', levels: options.level })),
  );

  const verify = addCommand(group, {
    usage: 'verify <organization>',
    summary: 'Say that it is what it says; its orders go on',
    description:
      'The operator vouches for what certificates will say of the organization. It serves for 398 days, or --days. Orders that wait ' +
      'for it go on at once. Who is verified for EV is for OV. EV needs the business category, the country of the register and the number in it: ' +
      'give here what the organization does not say itself; what you enter here is what certificates say, and it serves the next verification.',
    examples: [
      [
        'certmux organization verify 100001 --level ov --note "trade register, 2026-06-01"',
        'the note is shown to the account',
      ],
      [
        'certmux organization verify 100001 --level ev --registration-number 91310000MA1K00000X --business-category "Private Organization" --jurisdiction-country CN',
        'with what was found in the register',
      ],
      ['certmux organization verify 100001 --level ov --days 90', 'for a shorter time'],
    ],
  })
    .addOption(levelOption('what it was verified for').makeOptionMandatory())
    .option('--note <text>', 'what was looked at', '')
    .option('--days <count>', 'how long it serves, at most 398', wholeNumber)
    .option('--registration-number <text>', 'in its register; only for EV')
    .option('--incorporated-on <text>', 'since when; only for EV');
  addRegistrationOptions(verify);
  remoteAction<VerifyOptions>(cli, verify, async ({ client, args, options, output }) => {
    const { level, note, days, registrationNumber, incorporatedOn } = options;
    const registration = registrationOf(options);
    show(
      output,
      await client.organizations.verify({
        organization: args[0] ?? '',
        level,
        note,
        ...withDefined({ days, registrationNumber, incorporatedOn }),
        ...registration,
      }),
    );
  });

  const reject = addCommand(group, {
    usage: 'reject <organization>',
    summary: 'Say that it could not be verified',
    description:
      'Its orders go on waiting: it may be verified later, or the customer cancels them. The account reads the note.',
    examples: [['certmux organization reject 100001 --level ov --note "not in the register"', 'say why']],
  })
    .addOption(levelOption('what it is not verified for').makeOptionMandatory())
    .option('--note <text>', 'why', '');
  remoteAction<{ level: OrganizationLevel; note: string }>(cli, reject, async ({ client, args, options, output }) =>
    show(
      output,
      await client.organizations.reject({ organization: args[0] ?? '', level: options.level, note: options.note }),
    ),
  );

  const activate = addCommand(group, {
    usage: 'activate <organization>',
    summary: 'Let it take orders again',
    description: 'Undoes deactivate. What was verified of it is still verified, until its day.',
    examples: [['certmux organization activate 100001', 'by number']],
  });
  remoteAction(cli, activate, async ({ client, args, output }) =>
    show(output, await client.organizations.activate({ organization: args[0] ?? '' })),
  );

  const deactivate = addCommand(group, {
    usage: 'deactivate <organization>',
    summary: 'Take no new orders for it',
    description: 'Orders and certificates that name it stay as they are; new orders are refused.',
    examples: [['certmux organization deactivate 100001', 'by number']],
  });
  remoteAction(cli, deactivate, async ({ client, args, output }) =>
    show(output, await client.organizations.deactivate({ organization: args[0] ?? '' })),
  );

  const remove = addCommand(group, {
    usage: 'remove <organization>',
    summary: 'Remove one that nothing names',
    description: 'Removes an organization that no order names. One that is named can be deactivated instead.',
    examples: [['certmux organization remove 100001', 'by number']],
  });
  remoteAction(cli, remove, async ({ client, args, output }) => {
    const removed = await client.organizations.remove({ organization: args[0] ?? '' });
    output.show(removed, () => [`Removed organization ${args[0]}.`]);
  });
}

/** What an EV certificate says of the registration beside its number. */
interface RegistrationOptions {
  readonly businessCategory?: BusinessCategory;
  readonly jurisdictionCountry?: string;
  readonly jurisdictionState?: string;
  readonly jurisdictionLocality?: string;
  readonly organizationIdentifier?: string;
}

function addRegistrationOptions(command: Command): void {
  command
    .addOption(new Option('--business-category <text>', 'what it is, for EV').choices(businessCategories))
    .option('--jurisdiction-country <code>', 'the country of its register, for EV')
    .option('--jurisdiction-state <text>', 'for EV, where the register is that of a state')
    .option('--jurisdiction-locality <text>', 'for EV, where the register is that of a place')
    .option('--organization-identifier <text>', 'for EV, such as NTRDE-HRB86891');
}

function registrationOf(options: RegistrationOptions) {
  return withDefined({
    businessCategory: options.businessCategory,
    jurisdictionCountry: options.jurisdictionCountry?.toUpperCase(),
    jurisdictionState: options.jurisdictionState,
    jurisdictionLocality: options.jurisdictionLocality,
    organizationIdentifier: options.organizationIdentifier,
  });
}

interface VerifyOptions extends RegistrationOptions {
  readonly level: OrganizationLevel;
  readonly note: string;
  readonly days?: number;
  readonly registrationNumber?: string;
  readonly incorporatedOn?: string;
}

interface NewOptions extends RegistrationOptions {
  readonly account?: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly street?: string;
  readonly postalCode?: string;
  readonly unit?: string;
  readonly phone?: string;
  readonly registrationNumber?: string;
  readonly level?: readonly OrganizationLevel[];
}

/** Without the options that every command has. */
function detailsOf(options: Omit<NewOptions, 'account' | 'level' | 'country'>) {
  const { city, state, street, postalCode, unit, phone, registrationNumber } = options;
  return {
    city,
    state,
    ...withDefined({ street, postalCode, unit, phone, registrationNumber }),
    ...registrationOf(options),
  };
}

function levelOption(meaning: string): Option {
  return new Option('--level <level>', `${organizationLevels.join(' or ')}: ${meaning}`).argParser(levelOf);
}

function levelOf(text: string): OrganizationLevel {
  const level = organizationLevels.find((one) => one === text.toLowerCase());
  if (level === undefined) throw new InvalidArgumentError(`Allowed are ${organizationLevels.join(', ')}.`);
  return level;
}

function collectLevel(text: string, before: readonly OrganizationLevel[] | undefined): readonly OrganizationLevel[] {
  return [...(before ?? []), levelOf(text)];
}
