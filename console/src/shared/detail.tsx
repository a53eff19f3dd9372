/** One object: while it is loaded, where it is unknown, where it could not be loaded, and as it is. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from './blocks.tsx';
import styles from './detail.module.css';
import { Failure } from './failure.tsx';

export interface DetailProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is said where there is no such object. */
  readonly unknown: string;
  readonly isPage?: boolean;
  readonly children: (data: T) => ReactNode;
}

export function Detail<T>({ query, unknown, isPage = false, children }: DetailProps<T>) {
  const { shared } = useTexts();
  const { data, error, refetch, isFetching } = query;
  const isUnknown = error instanceof Problem && error.status === 404;
  if (isUnknown) return <Empty isPage={isPage} icon="search" title={unknown} text={shared.unknownText} />;
  return (
    <>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data !== undefined && children(data)}
      {data === undefined && error === null && (
        <Loading>
          <div className={styles.loading}>
            <Skeleton width={220} height={26} />
            <Skeleton width="60%" />
            <Skeleton width="100%" height={180} />
          </div>
        </Loading>
      )}
    </>
  );
}
