/** What to place for one name, method by method, what the last check found there, and what was found before. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Tabs } from '../../shared/tabs.tsx';
import type { OrderName, Proof } from '../order-query.ts';
import { CheckEvidence } from './check-evidence.tsx';
import styles from './cockpit.module.css';
import { FileProof } from './file-proof.tsx';
import { MailProof } from './mail-proof.tsx';
import { OtherProof } from './other-proof.tsx';
import { type ProofOwner, useChooseMethod } from './proof-owner.ts';
import { RecordProof } from './record-proof.tsx';

export interface NameProofsProps {
  readonly name: OrderName;
  /** Null: nothing is chosen here, as by somebody who has a link. */
  readonly owner: ProofOwner | null;
  readonly canChoose: boolean;
  /** False: nobody looks before somebody asks, as for a domain. */
  readonly isLookedFor?: boolean;
  /** Under the last check. */
  readonly history?: ReactNode;
}

export function NameProofs({ name, owner, canChoose, isLookedFor = true, history }: NameProofsProps) {
  const { orders } = useTexts();
  const [wished, wish] = useState<Proof['method'] | undefined>();
  const { proofs } = name;
  const shown = proofs.find(({ method }) => method === (wished ?? name.preferredMethod)) ?? proofs[0];
  if (shown === undefined) return <p className="dim">{orders.noProofs}</p>;
  return (
    <Tabs
      label={orders.howToProve(name.name)}
      tabs={proofs.map(({ method }) => ({ key: method, label: orders.methods[method] }))}
      chosen={shown.method}
      onChoose={(method) => wish(proofs.find((proof) => proof.method === method)?.method)}
    >
      <div className={styles.proof}>
        {owner !== null && canChoose && shown.method !== name.preferredMethod && shown.method !== 'email' && (
          <ChooseMethod name={name} owner={owner} method={shown.method} />
        )}
        <ToPlace name={name} owner={owner} proof={shown} canChoose={canChoose} />
        <CheckEvidence check={shown.lastCheck} isLookedFor={isLookedFor} />
        {history}
      </div>
    </Tabs>
  );
}

interface ToPlaceProps extends Omit<NameProofsProps, 'history' | 'isLookedFor'> {
  readonly proof: Proof;
}

function ToPlace({ name, owner, proof, canChoose }: ToPlaceProps) {
  switch (proof.method) {
    case 'dnsTxt':
    case 'dnsCname':
      return <RecordProof name={name.name} proof={proof} />;
    case 'httpFile':
    case 'httpsFile':
      return <FileProof name={name.name} proof={proof} />;
    case 'email':
      return <MailProof name={name.name} owner={owner} proof={proof} canChoose={canChoose} />;
    default:
      return <OtherProof proof={proof} />;
  }
}

interface ChooseMethodProps {
  readonly name: OrderName;
  readonly owner: ProofOwner;
  readonly method: Proof['method'];
}

/** At once; choosing the other one again takes it back. */
function ChooseMethod({ name, owner, method }: ChooseMethodProps) {
  const texts = useTexts();
  const { order: words, orders } = texts;
  const choose = useChooseMethod(owner, name.name);
  if (method === 'tlsAlpn' || method === 'dnsPersist' || method === 'email') return null;
  return (
    <div className={styles.choose}>
      <p className="small">{words.meantMethod(orders.methods[name.preferredMethod])}</p>
      <Button size="xs" variant="default" loading={choose.isPending} onClick={() => choose.mutate({ method })}>
        {words.takeMethod(orders.methods[method])}
      </Button>
      {choose.error !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="alert" />
          {failureText(choose.error, texts)}
        </p>
      )}
    </div>
  );
}
