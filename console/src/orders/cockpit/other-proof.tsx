/** Proofs that ACME clients place by themselves; shown for whoever looks why one does not. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import type { Proof } from '../order-query.ts';
import { ValueList } from './value-list.tsx';

export function OtherProof({ proof }: { readonly proof: Proof }) {
  const { place } = useTexts().orders;
  if (proof.method === 'tlsAlpn')
    return <ValueList lines={[{ label: place.value, value: proof.identifierHash, isCopied: true }]} />;
  if (proof.method !== 'dnsPersist') return null;
  const policy = proof.needsWildcardPolicy ? '; policy=wildcard' : '';
  const value = `${proof.issuers[0] ?? ''}; accounturi=${proof.accountUri}${policy}`;
  return (
    <ValueList
      lines={[
        { label: place.host, value: proof.host, isCopied: true },
        { label: place.type, value: 'TXT' },
        { label: place.value, value, isCopied: true },
      ]}
      alternatives={proof.alternativeHosts}
    />
  );
}
