import type { Amend } from '../../../adapters/web/head-gate';

/** A head that waits until it is let go. */
export class Held {
  private letGo: (amend: Amend) => void = () => undefined;
  asked = 0;

  readonly prepare = (): Promise<Amend> => {
    this.asked += 1;
    return new Promise((resolve) => {
      this.letGo = resolve;
    });
  };

  release(amend: Amend = (response) => response.setHeader('x-added', 'yes')): void {
    this.letGo(amend);
  }
}
