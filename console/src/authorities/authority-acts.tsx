/** What is done with one authority: its list, its successor, its end. */
import { Button } from '@mantine/core';
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Icon } from '../shared/icons.tsx';
import { saveFile } from '../shared/save-file.ts';
import styles from './authorities.module.css';
import { type Authority, fileNameOf, nameOf, type Stage } from './authority-facts.ts';
import { RequestSuccessor } from './request-certificate.tsx';
import { UploadList } from './upload-list.tsx';

export interface AuthorityActsProps {
  readonly authority: Authority;
  readonly parent: Authority | undefined;
  readonly stage: Stage;
  readonly me: Me;
}

const changes = ['authorities'] as const;
const reasons = ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'] as const;

export function AuthorityActs({ authority, parent, stage, me }: AuthorityActsProps) {
  const { authorities: texts } = useTexts();
  const { id, role, keyPlace, pem } = authority;
  const isHere = keyPlace === 'here';
  const signs = stage === 'signing' || stage === 'published';
  const isRevocable = role === 'intermediate' && (signs || stage === 'retired');
  const isUnderOutside = parent?.keyPlace === 'outside';
  return (
    <>
      <div className={styles.acts}>
        {isHere && stage !== 'closed' && may(me, 'authorities.publishCrl') && (
          <ActButton
            label={texts.publish}
            size="xs"
            changes={changes}
            run={() => call('authorities', 'publishCrl', { authority: id })}
          />
        )}
        {!isHere && stage !== 'over' && may(me, 'authorities.uploadList') && <UploadList authority={authority} />}
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="download" size={15} />}
          onClick={() => saveFile(new Blob([pem], { type: 'application/x-pem-file' }), `${fileNameOf(authority)}.pem`)}
        >
          {texts.pem}
        </Button>
        {isHere && signs && !isUnderOutside && may(me, 'authorities.roll') && <Roll authority={authority} />}
        {isHere && signs && isUnderOutside && may(me, 'authorities.request') && (
          <>
            <RequestSuccessor authority={authority} keepsKey={false} />
            <RequestSuccessor authority={authority} keepsKey />
          </>
        )}
        {isHere && isRevocable && !isUnderOutside && may(me, 'authorities.revoke') && <Revoke authority={authority} />}
      </div>
      {isHere && role === 'root' && may(me, 'authorities.exportKey') && (
        <p className="dim small">
          {texts.export} <code>certmux ca root export {id}</code>
        </p>
      )}
    </>
  );
}

export function Roll({ authority }: Pick<AuthorityActsProps, 'authority'>) {
  const { roll } = useTexts().authorities;
  return (
    <FormButton
      label={roll.button}
      size="xs"
      title={roll.title(nameOf(authority))}
      text={roll.text}
      fields={[{ kind: 'number', name: 'publishDays', label: roll.days, description: roll.daysText }]}
      changes={changes}
      run={(values, act) => {
        const days = textOf(values, 'publishDays');
        const request = { authority: authority.id, ...(days === '' ? {} : { publishDays: Number(days) }) };
        return call('authorities', 'roll', request, act);
      }}
    />
  );
}

function Revoke({ authority }: Pick<AuthorityActsProps, 'authority'>) {
  const { revoke } = useTexts().authorities;
  const name = nameOf(authority);
  return (
    <FormButton
      label={revoke.button}
      size="xs"
      icon="stop"
      tone="danger"
      isGuarded
      typed={name}
      title={revoke.title(name)}
      text={revoke.text}
      fields={[
        {
          kind: 'one',
          name: 'reason',
          label: revoke.reason,
          options: reasons.map((value) => ({ value, label: revoke.reasons[value] })),
          value: 'superseded',
        },
      ]}
      changes={changes}
      run={(values, act) => {
        const reason = reasons.find((one) => one === textOf(values, 'reason')) ?? 'superseded';
        return call('authorities', 'revoke', { authority: authority.id, reason }, act);
      }}
    />
  );
}
