/** What is done with an organization: verified or rejected by the operator, asked for and put out of use by its account. */
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { useLeaveRemoved } from '../shared/act/after-act.ts';
import { type Field, listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { visible } from '../shared/visible.ts';
import { levels } from './add-organization.tsx';
import type { Organization } from './organization-body.tsx';
import styles from './organizations.module.css';
import { knownRegistration, registrationFields, registrationFrom } from './registration-fields.ts';

export interface OrganizationActsProps {
  readonly organization: Organization;
  readonly me: Me;
}

/** Orders wait for a decision. */
const changes = ['organizations', 'orders'] as const;

export function OrganizationActs({ organization, me }: OrganizationActsProps) {
  const texts = useTexts();
  const { organizations } = texts;
  const leave = useLeaveRemoved();
  const { number, details, state, validations } = organization;
  const name = visible(details.name);
  const known = knownRegistration(organization);
  const one = { organization: String(number) };
  const options = levels.map((value) => ({ value, label: organizations.levels[value] }));
  const waiting = validations.find((validation) => validation.state === 'pending')?.level ?? 'ov';
  const level: Field = { kind: 'one', name: 'level', label: organizations.level, options, value: waiting };
  return (
    <>
      {may(me, 'organizations.verify') && (
        <FormButton
          label={organizations.verify}
          icon="check"
          isMain
          title={organizations.verifyTitle(name)}
          text={<Checklist />}
          fields={[
            level,
            {
              kind: 'lines',
              name: 'note',
              label: organizations.note,
              description: organizations.noteText,
            },
            { kind: 'number', name: 'days', label: organizations.days, value: '398' },
            {
              kind: 'text',
              name: 'registrationNumber',
              label: organizations.registrationNumber,
              value: known.registrationNumber ?? '',
            },
            ...registrationFields(texts, known, ''),
          ]}
          changes={changes}
          run={(values, act) => {
            const registrationNumber = textOf(values, 'registrationNumber');
            const chosen = levelOf(textOf(values, 'level'));
            return call(
              'organizations',
              'verify',
              {
                ...one,
                level: chosen,
                note: textOf(values, 'note'),
                days: Number(textOf(values, 'days')),
                ...(chosen === 'ev' && registrationNumber !== '' ? { registrationNumber } : {}),
                ...(chosen === 'ev' ? registrationFrom(values) : {}),
              },
              act,
            );
          }}
        />
      )}
      {may(me, 'organizations.reject') && (
        <FormButton
          label={organizations.reject}
          icon="close"
          tone="danger"
          title={organizations.rejectTitle(name)}
          text={organizations.rejectText}
          fields={[level, { kind: 'lines', name: 'note', label: organizations.rejectNote, isRequired: true }]}
          changes={changes}
          run={(values, act) =>
            call(
              'organizations',
              'reject',
              { ...one, level: levelOf(textOf(values, 'level')), note: textOf(values, 'note') },
              act,
            )
          }
        />
      )}
      {may(me, 'organizations.ask') && (
        <FormButton
          label={organizations.ask}
          title={organizations.askTitle(name)}
          fields={[
            { kind: 'several', name: 'levels', label: organizations.level, options, value: ['ov'], isRequired: true },
          ]}
          changes={changes}
          run={(values, act) =>
            call(
              'organizations',
              'ask',
              { ...one, levels: levels.filter((one) => listOf(values, 'levels').includes(one)) },
              act,
            )
          }
        />
      )}
      {may(me, 'organizations.deactivate') && (
        <ActButton
          label={state === 'active' ? organizations.deactivate : organizations.activate}
          changes={changes}
          run={() => call('organizations', state === 'active' ? 'deactivate' : 'activate', one)}
        />
      )}
      {may(me, 'organizations.remove') && (
        <FormButton
          label={organizations.remove}
          icon="trash"
          tone="danger"
          typed={String(number)}
          title={organizations.removeTitle(name)}
          text={organizations.removeText}
          changes={[]}
          run={(_values, act) => call('organizations', 'remove', one, act)}
          onDone={() => void leave('/organizations', ['organizations'])}
        />
      )}
    </>
  );
}

function levelOf(value: string): 'ov' | 'ev' {
  return value === 'ev' ? 'ev' : 'ov';
}

function Checklist() {
  const { organizations } = useTexts();
  return (
    <div>
      <p>{organizations.verifyText}</p>
      <ul className={styles.checklist}>
        {Object.values(organizations.checklist).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
