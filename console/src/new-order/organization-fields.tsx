/** Whose certificate it is, of products that name an organization: one that is known, or a new one. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { visible } from '../shared/visible.ts';
import type { Draft, OrganizationDraft } from './form.ts';
import styles from './new-order.module.css';

export interface OrganizationFieldsProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly error: string | undefined;
}

const mostShown = 200;
const parts = ['name', 'city', 'state', 'country'] as const satisfies readonly (keyof OrganizationDraft)[];

export function OrganizationFields({ draft, onChange, error }: OrganizationFieldsProps) {
  const { newOrder } = useTexts();
  const account = draft.account.trim();
  const { data } = useQuery({
    queryKey: ['organizations', 'choice', account],
    queryFn: ({ signal }) =>
      call(
        'organizations',
        'list',
        { state: 'active', limit: mostShown, ...(account === '' ? {} : { account }) },
        { signal },
      ),
  });
  const known = data?.items ?? [];
  return (
    <section className={`card ${styles.block}`} aria-labelledby="organization">
      <h2 id="organization">{newOrder.organization}</h2>
      <NativeSelect
        aria-labelledby="organization"
        data={[
          { value: '', label: newOrder.newOrganization },
          ...known.map(({ number, details }) => ({ value: String(number), label: visible(details.name) })),
        ]}
        value={draft.organization}
        error={error}
        onChange={(event) => onChange({ organization: event.currentTarget.value })}
      />
      {draft.organization === '' && (
        <div className={styles.pair}>
          {parts.map((part) => (
            <TextInput
              key={part}
              label={newOrder.organizationParts[part]}
              maxLength={part === 'country' ? 2 : 200}
              value={draft.newOrganization[part]}
              onChange={(event) =>
                onChange({ newOrganization: { ...draft.newOrganization, [part]: event.currentTarget.value } })
              }
            />
          ))}
        </div>
      )}
      <p className="dim small">{newOrder.organizationText}</p>
    </section>
  );
}
