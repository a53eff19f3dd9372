/** Keeps what fails in one part of the page from taking the rest with it. */

import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from './blocks.tsx';

interface Props {
  readonly children: ReactNode;
  /** Another value, and the part is tried again: the address of the page. */
  readonly resetKey: string;
}

interface State {
  readonly crashedKey: string | undefined;
}

export class CrashGuard extends Component<Props, State> {
  override state: State = { crashedKey: undefined };

  static getDerivedStateFromError(): Partial<State> {
    return { crashedKey: '' };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.crashedKey !== undefined && before.resetKey !== this.props.resetKey) {
      this.setState({ crashedKey: undefined });
    }
  }

  override render(): ReactNode {
    return this.state.crashedKey === undefined ? this.props.children : <Crashed />;
  }
}

export function Crashed() {
  const { shared } = useTexts();
  return (
    <Empty icon="alert" title={shared.crashed} text={shared.crashedText}>
      <Button variant="default" onClick={() => window.location.reload()}>
        {shared.reload}
      </Button>
    </Empty>
  );
}
