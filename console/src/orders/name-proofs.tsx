/** What to place for one name, method by method, and what the last check found there. */
import { type KeyboardEvent, useId, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { visible } from '../shared/visible.ts';
import { CheckEvidence } from './check-evidence.tsx';
import styles from './order.module.css';
import type { OrderName } from './state-chips.tsx';

type Proof = OrderName['proofs'][number];

export function NameProofs({ name }: { readonly name: OrderName }) {
  const { orders } = useTexts();
  const [chosen, choose] = useState<Proof['method']>(name.preferredMethod);
  const id = useId();
  const { proofs } = name;
  const shown = proofs.find(({ method }) => method === chosen) ?? proofs[0];
  if (shown === undefined) return <p className="dim">{orders.noProofs}</p>;

  function move(event: KeyboardEvent) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || shown === undefined) return;
    event.preventDefault();
    const next = proofs[(proofs.indexOf(shown) + step + proofs.length) % proofs.length];
    if (next === undefined) return;
    choose(next.method);
    document.getElementById(`${id}-${next.method}`)?.focus();
  }

  return (
    <>
      <div role="tablist" aria-label={orders.howToProve(name.name)} className={styles.methods}>
        {proofs.map(({ method }) => (
          <button
            key={method}
            type="button"
            role="tab"
            id={`${id}-${method}`}
            aria-selected={method === shown.method}
            aria-controls={`${id}-panel`}
            tabIndex={method === shown.method ? 0 : -1}
            className={styles.method}
            onClick={() => choose(method)}
            onKeyDown={move}
          >
            {orders.methods[method]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.method}`} className={styles.proof}>
        <PlaceList proof={shown} />
        <CheckEvidence check={shown.lastCheck} wanted={wantedOf(shown)} />
      </div>
    </>
  );
}

type Line = readonly [label: string, value: string, isCopied: boolean];

/** What stands where: the values as they are typed into the form of a DNS host, or of a web server. */
function PlaceList({ proof }: { readonly proof: Proof }) {
  const { orders } = useTexts();
  return (
    <dl className={styles.place}>
      {useLines(proof).map(([label, value, isCopied]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <code>{visible(value)}</code>
            {isCopied && <CopyButton value={value} what={label} />}
          </dd>
        </div>
      ))}
      {'alternativeHosts' in proof && proof.alternativeHosts.length > 0 && (
        <div>
          <dt>{orders.place.alternatives}</dt>
          <dd>
            <code>{proof.alternativeHosts.join(', ')}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function useLines(proof: Proof): readonly Line[] {
  const { place } = useTexts().orders;
  switch (proof.method) {
    case 'dnsTxt':
      return [
        [place.host, proof.host, true],
        [place.type, 'TXT', false],
        [place.value, proof.value, true],
      ];
    case 'dnsCname':
      return [
        [place.host, proof.host, true],
        [place.type, 'CNAME', false],
        [place.value, proof.target, true],
      ];
    case 'httpFile':
    case 'httpsFile':
      return [
        [place.url, proof.url, true],
        [place.content, proof.content, true],
      ];
    case 'email':
      return [
        [place.addresses, proof.addresses.join(', '), false],
        ...(proof.chosen === null ? [] : [[place.chosen, proof.chosen, false] as const]),
      ];
    case 'tlsAlpn':
      return [[place.value, proof.identifierHash, true]];
    case 'dnsPersist':
      return [
        [place.host, proof.host, true],
        [place.type, 'TXT', false],
        [place.value, proof.accountUri, true],
      ];
  }
}

/** What a check looks for; null where that is not one value. */
function wantedOf(proof: Proof): string | null {
  if (proof.method === 'dnsTxt') return proof.value;
  if (proof.method === 'dnsCname') return proof.target;
  return proof.method === 'httpFile' || proof.method === 'httpsFile' ? proof.content : null;
}
