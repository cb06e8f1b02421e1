import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** What a `terraform_data` keeps in the state, and what has it made anew. It needs neither. */
export interface TerraformDataProps {
  /**
   * Kept in the state; `output` gives it back.
   * @default - none
   */
  readonly input?: string;
  /**
   * A change makes a new resource, so that `id` and `output` are unknown while planning.
   * @default - none
   */
  readonly triggersReplace?: number | string;
}

/**
 * Terraform's own `terraform_data`: a resource without a counterpart in AWS.
 *
 * cdktf's class for it runs the Terraform program at synth, only to learn its version; synth must work without Terraform.
 */
export class TerraformData extends TerraformResource {
  constructor(scope: Construct, id: string, props: TerraformDataProps = {}) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
    if (props.input !== undefined) this.addOverride('input', props.input);
    if (props.triggersReplace !== undefined) this.addOverride('triggers_replace', props.triggersReplace);
  }

  /** Unknown until it was created, then a UUID. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** `input`, but unknown until it was created. */
  get output(): string {
    return this.getStringAttribute('output');
  }
}
