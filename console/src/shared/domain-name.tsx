/** A DNS name: breaks after its dots, shows what would hide in it. */
import { Fragment } from 'react';
import { visible } from './visible.ts';

export function DomainName({ name }: { readonly name: string }) {
  const labels = visible(name).split('.');
  return (
    <span className="mono" lang="en" dir="ltr">
      {labels.map((label, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the labels of a name have no other identity than their place
        <Fragment key={index}>
          {label}
          {index < labels.length - 1 && (
            <>
              .<wbr />
            </>
          )}
        </Fragment>
      ))}
    </span>
  );
}
