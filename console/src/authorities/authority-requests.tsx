/** What a CA outside was asked to certify, and has not yet. */
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { Moment } from '../shared/time.tsx';
import styles from './authorities.module.css';
import { type Authority, type AuthorityRequest, keyText, nameOf } from './authority-facts.ts';
import { DownloadCsr } from './request-certificate.tsx';

export interface AuthorityRequestsProps {
  readonly requests: readonly AuthorityRequest[];
  readonly authorities: readonly Authority[];
  readonly me: Me;
}

export function AuthorityRequests({ requests, authorities, me }: AuthorityRequestsProps) {
  const texts = useTexts().authorities;
  if (requests.length === 0) return null;
  return (
    <Card title={texts.requests.title} isFlush>
      <Lines>
        {requests.map((request) => {
          const name = nameOf(request);
          const followed = authorities.find(({ id }) => id === request.followsId);
          return (
            <li key={request.id}>
              <span>
                <strong>{name}</strong>
                <span className="dim">
                  {[
                    keyText(request.keyKind),
                    ...(followed === undefined ? [] : [texts.requests.renews(nameOf(followed))]),
                  ].join(' · ')}
                </span>
                <span className="dim small">
                  {texts.requests.since} <Moment at={request.createdAt} />
                </span>
              </span>
              <span className={styles.acts}>
                <DownloadCsr csr={request.csr} subject={request.subject} label={texts.requests.download} />
                {may(me, 'authorities.withdraw') && (
                  <FormButton
                    label={texts.requests.withdraw}
                    size="xs"
                    tone="danger"
                    isGuarded
                    title={texts.requests.withdrawTitle(name)}
                    text={texts.requests.withdrawText}
                    changes={['authorities']}
                    run={(_values, act) => call('authorities', 'withdraw', { request: request.id }, act)}
                  />
                )}
              </span>
            </li>
          );
        })}
      </Lines>
    </Card>
  );
}
