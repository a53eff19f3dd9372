/** The decision: approve with one click, a note if one likes; reject only with a note. Who may not is told why. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Card } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import type { ApprovalProps } from './approval-changes.tsx';
import styles from './approvals.module.css';

/** What is looked at again after a decision. */
const changed = ['approvals', 'orders', 'certificates'] as const;
const longestNote = 1000;

export function ApprovalDecision({ approval }: ApprovalProps) {
  const { approvals } = useTexts();
  const [note, write] = useState('');
  const { number, version, actions, why } = approval;
  const request = { approval: String(number), version };
  const mayDecide = actions.approve.allowed || actions.reject.allowed;
  return (
    <Card title={approvals.decision}>
      {why !== null && (
        <p className={styles.why}>
          {approvals.whyNot} {visible(why)}
        </p>
      )}
      {mayDecide && (
        <Textarea
          label={approvals.noteOptional}
          rows={2}
          maxLength={longestNote}
          value={note}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )}
      <div className={styles.buttons}>
        <ActButton
          label={approvals.approve}
          icon="check"
          isMain
          refusal={actions.approve.reason}
          changes={changed}
          run={() => call('approvals', 'approve', { ...request, note: note.trim() })}
        />
        <FormButton
          label={approvals.reject}
          icon="close"
          tone="danger"
          title={approvals.rejectTitle(number)}
          text={approvals.rejectText}
          refusal={actions.reject.reason}
          fields={[{ kind: 'lines', name: 'note', label: approvals.note, isRequired: true, value: note }]}
          changes={changed}
          run={(values, options) => call('approvals', 'reject', { ...request, note: textOf(values, 'note') }, options)}
        />
        {actions.withdraw.allowed && (
          <FormButton
            label={approvals.withdraw}
            title={approvals.withdrawTitle(number)}
            changes={changed}
            run={(_values, options) => call('approvals', 'withdraw', { approval: String(number) }, options)}
          />
        )}
      </div>
    </Card>
  );
}
