/** What is done with a key of ACME clients: what they may do is changed, it is revoked. */
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { type Field, linesOf, listOf, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { dayOf, startOfDay } from '../shared/days.ts';
import { visible } from '../shared/visible.ts';
import { type AcmeKey, methodsOfClients } from './acme-key-query.ts';

export interface AcmeKeyProps {
  readonly acmeKey: AcmeKey;
  readonly me: Me;
}

export function AcmeKeyActs({ acmeKey, me }: AcmeKeyProps) {
  const texts = useTexts();
  const { acmeKeys } = texts;
  const name = visible(acmeKey.name);
  const one = { key: String(acmeKey.number) };
  return (
    <>
      {may(me, 'acmeKeys.change') && (
        <FormButton
          label={acmeKeys.change}
          icon="pencil"
          isGuarded
          title={acmeKeys.changeTitle(name)}
          text={acmeKeys.changeText}
          fields={fieldsOf(acmeKey, texts)}
          changes={['acmeKeys']}
          run={(values, options) => call('acmeKeys', 'change', { ...one, ...changesOf(acmeKey, values) }, options)}
        />
      )}
      {may(me, 'acmeKeys.revoke') && (
        <FormButton
          label={acmeKeys.revoke}
          icon="stop"
          tone="danger"
          isGuarded
          title={acmeKeys.revokeTitle(name)}
          text={acmeKeys.revokeText}
          changes={['acmeKeys', 'credentials']}
          run={(_values, options) => call('acmeKeys', 'revoke', one, options)}
        />
      )}
    </>
  );
}

function fieldsOf(acmeKey: AcmeKey, { acmeKeys, orders }: Texts): readonly Field[] {
  const { policy } = acmeKeys;
  return [
    { kind: 'text', name: 'name', label: acmeKeys.name, isRequired: true, value: acmeKey.name },
    {
      kind: 'lines',
      name: 'names',
      label: acmeKeys.names,
      description: acmeKeys.namesText,
      value: acmeKey.names?.join('\n') ?? '',
    },
    {
      kind: 'several',
      name: 'methods',
      label: policy.methods,
      description: policy.methodsText,
      options: methodsOfClients.map((value) => ({ value, label: orders.methods[value] })),
      value: acmeKey.methods ?? [],
    },
    {
      kind: 'number',
      name: 'maxValidityDays',
      label: policy.validity,
      description: policy.validityText,
      value: String(acmeKey.maxValidityDays ?? ''),
    },
    {
      kind: 'one',
      name: 'approval',
      label: policy.approval,
      options: (['account', 'automatic'] as const).map((value) => ({ value, label: policy.approvals[value] })),
      value: acmeKey.approval,
    },
    {
      kind: 'number',
      name: 'accounts',
      label: policy.clients,
      description: policy.clientsText,
      value: String(acmeKey.accounts ?? ''),
    },
    {
      kind: 'lines',
      name: 'addressRanges',
      label: acmeKeys.addresses,
      description: acmeKeys.addressesText,
      value: acmeKey.addressRanges?.join('\n') ?? '',
    },
    {
      kind: 'date',
      name: 'expiresAt',
      label: acmeKeys.expires,
      description: acmeKeys.expiresText,
      value: acmeKey.expiresAt === null ? '' : dayOf(acmeKey.expiresAt),
    },
  ];
}

/** Only what is otherwise now: an end that has passed, or an approval that only operators give, stays as it is. */
function changesOf(before: AcmeKey, values: Values) {
  const marked = methodsOfClients.filter((method) => listOf(values, 'methods').includes(method));
  const day = textOf(values, 'expiresAt');
  const now = {
    name: textOf(values, 'name'),
    names: linesOf(values, 'names'),
    // Methods that this page does not know stay.
    methods: isSame(marked, before.methods ?? []) ? before.methods : marked.length === 0 ? null : marked,
    maxValidityDays: numberOf(values, 'maxValidityDays'),
    approval: textOf(values, 'approval') === 'automatic' ? ('automatic' as const) : ('account' as const),
    accounts: numberOf(values, 'accounts'),
    addressRanges: linesOf(values, 'addressRanges'),
    ...(day === (before.expiresAt === null ? '' : dayOf(before.expiresAt))
      ? {}
      : { expiresAt: day === '' ? null : startOfDay(day) }),
  };
  const known: Readonly<Record<string, unknown>> = before;
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]));
  return Object.fromEntries(changed) as Partial<typeof now>;
}

function isSame(marked: readonly string[], before: readonly string[]): boolean {
  const shown = before.filter((method) => methodsOfClients.some((one) => one === method));
  return marked.length === shown.length && marked.every((method) => shown.includes(method));
}

/** What is no number goes as it is typed: the API says what it wants. */
function numberOf(values: Values, name: string): number | null {
  const text = textOf(values, name);
  return text === '' ? null : Number(text);
}
